import { Stack, type StackProps } from 'aws-cdk-lib/core'
import type { Construct } from 'constructs'
import { DayfoldData } from './dayfold-data.ts'
import type { Release } from './release.ts'

/** The stack that stays when the pipeline goes. */
export class DataStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps & { readonly release: Release }) {
    super(scope, id, {
      description: "Dayfold's data: the bucket, the database and its tables.",
      suppressTemplateIndentation: true,
      ...props,
    })
    // A construct by this id lends its name to nothing below it.
    new DayfoldData(this, 'Default', props)
  }
}
