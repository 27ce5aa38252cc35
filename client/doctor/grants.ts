import { ROLE_OUTPUTS } from '../../core/stack-outputs.ts'
import type { AwsWorld } from './aws-world.ts'

/** Statements of IAM that another account adds to what is its own. */
export interface Grants {
  /** Of the policy of the raw bucket. */
  readonly bucketPolicy: readonly object[]
  /** Of the policy of its key. @default none is needed */
  readonly keyPolicy?: readonly object[]
  /** Placeholders to be replaced: the principals of a policy have to be there. */
  readonly placeholders: readonly string[]
}

/**
 * What the account of the raw bucket has to allow to the roles that list and read it.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-walkthroughs-managing-access-example2.html
 */
export function foreignBucketGrants({ plan, place, stacks }: AwsWorld): Grants {
  const outputs = stacks.get(plan.name)?.outputs
  const principal = (output: string) =>
    outputs?.get(output) ?? `<${output}: an output of the stack ${plan.name}>`
  const [lists, reads] = [principal(ROLE_OUTPUTS.planDayRole), principal(ROLE_OUTPUTS.jobRole)]
  const bucket = `arn:${place.partition}:s3:::${plan.rawBucket}`
  const prefixes = plan.datasets.map(({ rawPrefix }) => rawPrefix)
  const keys = prefixes.includes('') ? ['*'] : [...new Set(prefixes)].map((prefix) => `${prefix}/*`)
  const allow = (Sid: string, AWS: string | string[], Action: string, Resource: string | string[]) => ({
    Sid,
    Effect: 'Allow',
    Principal: { AWS },
    Action,
    Resource,
  })
  const readKeys = keys.map((key) => `${bucket}/${key}`)
  return {
    bucketPolicy: [
      allow('DayfoldLists', [lists, reads], 's3:ListBucket', bucket),
      allow('DayfoldReads', reads, 's3:GetObject', readKeys),
    ],
    ...(plan.rawKeyArn !== undefined && { keyPolicy: [allow('DayfoldDecrypts', reads, 'kms:Decrypt', '*')] }),
    placeholders: [lists, reads].filter((principal) => principal.startsWith('<')),
  }
}
