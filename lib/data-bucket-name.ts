import { Aws } from 'aws-cdk-lib/core'
import { dataBucketName } from '../core/names.ts'
import type { Config } from './config.ts'

/** Name of the data bucket: both stacks spell it, so that neither holds on to the other. */
export function dataBucketOf(config: Pick<Config, 'name' | 'dataBucket'>): string {
  return dataBucketName(config, { account: Aws.ACCOUNT_ID, region: Aws.REGION })
}
