import { Stack, type StackProps } from 'aws-cdk-lib/core'
import type { Construct } from 'constructs'
import { Dayfold } from './dayfold.ts'
import type { Release } from './release.ts'

/** The CloudFormation stack with the pipeline. It may be deleted and deployed again without loss of data. */
export class DayfoldStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps & { readonly release: Release }) {
    super(scope, id, {
      description: "Folds each day's raw JSON Lines into Parquet, fresh in Athena.",
      suppressTemplateIndentation: true,
      ...props,
    })
    // The id `Default` adds nothing to the ids of the resources below it.
    new Dayfold(this, 'Default', props)
  }
}
