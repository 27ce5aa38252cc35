import { RAW_ROLE_NAMES } from '../../core/names.ts'
import type { Place } from './aws-world.ts'
import type { DeploymentPlan } from './plan.ts'

/** IAM policy statements that the account of the raw bucket must add, so that the deployment can read it. */
export interface Grants {
  /** Statements for the bucket's policy. */
  readonly bucketPolicy: readonly object[]
  /** Statements for the policy of the bucket's KMS key. @default none needed */
  readonly keyPolicy?: readonly object[]
  /** Placeholders in the statements for values that are not known. The reader must replace them. */
  readonly placeholders: readonly string[]
}

/** Placeholders in policy statements for an account and a region that are not known. */
export const UNKNOWN = { account: '<account>', region: '<region>' } as const

/**
 * Returns the policy statements that allow the roles of this deployment to list and read a raw bucket in another
 * account. The principal is the account, and a condition names the role: S3 refuses a policy whose principal is a role
 * that does not exist yet, and a role that was recreated is another principal.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html (aws:PrincipalArn: for a
 * session, the role's ARN)
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
