import { resolveTemplate, type LocalDeployment, type Template } from '@dayfold/local-aws/cloudformation'
import type { Synthesis } from './synth/synthesize.ts'

/** Any valid region and account do: nothing leaves this machine. */
export const PLACE = { region: 'us-east-1', account: '000000000000' } as const
/** The local name of the stack's bucket. */
const DATA_BUCKET = 'data'

/** The variable that tells functions how long a query may take. */
const GRACE_VARIABLE = 'QUERY_GRACE_SECONDS'

export interface LocalStackOptions {
  /** Seconds that queries have before the files of a replaced day go: on this machine nobody waits for it. @default 0 */
  readonly queryGraceSeconds?: number | undefined
}

/**
 * What the stack deploys here. Its data bucket is named `data`.
 *
 * @throws LocalAwsError NotImplemented when the template holds what cannot run here
 */
export function localStack(
  { template, directory, assets }: Synthesis,
  { home, queryGraceSeconds = 0 }: LocalStackOptions & { readonly home?: string } = {},
): LocalDeployment {
  const bucketId = dataBucketId(template)
  const names = bucketId === undefined ? {} : { [bucketId]: DATA_BUCKET }
  return resolveTemplate(template, {
    ...PLACE,
    names,
    directory,
    assets,
    home,
    environment: { [GRACE_VARIABLE]: String(queryGraceSeconds) },
  })
}

/**
 * Logical id of the bucket that the stack keeps its data in: the one that a function gets as `DATA_BUCKET`, else the
 * only one that there is.
 */
function dataBucketId(template: Template): string | undefined {
  const resources = Object.entries(template.Resources)
  for (const [, { Type, Properties }] of resources) {
    if (Type !== 'AWS::Lambda::Function') continue
    const environment = Properties?.Environment as { Variables?: Record<string, unknown> } | undefined
    const value = environment?.Variables?.DATA_BUCKET as { Ref?: string } | undefined
    if (typeof value === 'object' && value.Ref !== undefined) return value.Ref
  }
  const buckets = resources.filter(([, { Type }]) => Type === 'AWS::S3::Bucket')
  return buckets.length === 1 ? buckets[0]![0] : undefined
}
