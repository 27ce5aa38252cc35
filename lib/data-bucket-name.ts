import { Aws } from 'aws-cdk-lib/core'
import type { Config } from './config.ts'

/** Name of the data bucket: both stacks spell it, so that neither holds on to the other. */
export function dataBucketName({ name, dataBucket }: Pick<Config, 'name' | 'dataBucket'>): string {
  return dataBucket ?? `${name}-data-${Aws.ACCOUNT_ID}-${Aws.REGION}`
}
