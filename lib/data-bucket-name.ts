import { Aws } from 'aws-cdk-lib/core'
import { dataBucketName } from '../core/names.ts'
import type { Config } from './config.ts'

/**
 * Returns the name of the data bucket, as configured or made of name, account and region. Both stacks use the name
 * instead of a reference, so that neither depends on the other.
 */
export function dataBucketOf(config: Pick<Config, 'name' | 'dataBucket'>): string {
  return dataBucketName(config, { account: Aws.ACCOUNT_ID, region: Aws.REGION })
}
