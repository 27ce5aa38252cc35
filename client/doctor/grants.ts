import { RAW_ROLE_NAMES } from '../../core/names.ts'
import type { Place } from './aws-world.ts'
import type { DeploymentPlan } from './plan.ts'

/** Statements of IAM that another account adds to what is its own. */
export interface Grants {
  /** Of the policy of the raw bucket. */
  readonly bucketPolicy: readonly object[]
  /** Of the policy of its key. @default none is needed */
  readonly keyPolicy?: readonly object[]
  /** What stands for that which is not known, and is to be replaced. */
  readonly placeholders: readonly string[]
}

/** A deployment whose account or region is not known is told of with these. */
export const UNKNOWN = { account: '<account>', region: '<region>' } as const

/**
 * What the account of the raw bucket has to allow to the roles that list and read it. The principal is the account and
 * a condition names the role: S3 refuses a policy whose principal is a role that is not there yet, and one that was made
 * again is another.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html (aws:PrincipalArn: of a session
 * it is the role's)
 */
export function foreignBucketGrants(plan: DeploymentPlan, { account, region, partition }: Place): Grants {
  const iam = `arn:${partition}:iam::${account}`
  const [lists, reads] = [RAW_ROLE_NAMES.planDay, RAW_ROLE_NAMES.job].map(
    (nameOf) => `${iam}:role/${nameOf(plan.name, region)}`,
  ) as [string, string]
  const bucket = `arn:${partition}:s3:::${plan.rawBucket}`
  const allow = (Sid: string, roles: string | string[], Action: string, Resource: string | string[]) => ({
    Sid,
    Effect: 'Allow',
    Principal: { AWS: `${iam}:root` },
    Action,
    Resource,
    Condition: { ArnEquals: { 'aws:PrincipalArn': roles } },
  })
  return {
    bucketPolicy: [
      allow('DayfoldLists', [lists, reads], 's3:ListBucket', bucket),
      allow('DayfoldReads', reads, 's3:GetObject', readKeys(plan, bucket)),
    ],
    ...(plan.rawKeyArn !== undefined && { keyPolicy: [allow('DayfoldDecrypts', reads, 'kms:Decrypt', '*')] }),
    placeholders: Object.values(UNKNOWN).filter((placeholder) => reads.includes(placeholder)),
  }
}

function readKeys({ datasets }: DeploymentPlan, bucket: string): string[] {
  const prefixes = datasets.map(({ rawPrefix }) => rawPrefix)
  const keys = prefixes.includes('') ? ['*'] : [...new Set(prefixes)].map((prefix) => `${prefix}/*`)
  return keys.map((key) => `${bucket}/${key}`)
}
