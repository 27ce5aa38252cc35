import { Stack, type StackProps } from 'aws-cdk-lib/core'
import type { Construct } from 'constructs'
import { DayfoldData } from './dayfold-data.ts'
import type { Release } from './release.ts'

/**
 * The CloudFormation stack with the data: bucket, database and tables. It stays when the pipeline's stack is deleted.
 */
export class DataStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps & { readonly release: Release }) {
    super(scope, id, {
      description: "Dayfold's data: the bucket, the database and its tables.",
      suppressTemplateIndentation: true,
      ...props,
    })
    // The id `Default` adds nothing to the ids of the resources below it.
    new DayfoldData(this, 'Default', props)
  }
}
