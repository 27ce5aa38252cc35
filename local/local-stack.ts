import { resolveStacks, type LocalDeployment } from '@dayfold/local-aws/cloudformation'
import type { Synthesis } from './synth/synthesize.ts'

/** Any valid region and account do: nothing leaves this machine. */
export const PLACE = { region: 'us-east-1', account: '000000000000' } as const

/** Variable that tells functions how long a query may take, in seconds. */
const GRACE_VARIABLE = 'QUERY_GRACE_SECONDS'

/** Settings of {@link localStack}. */
export interface LocalStackOptions {
  /** Seconds that a replaced day's files are kept for running queries; nobody waits for that here. @default 0 */
  readonly queryGraceSeconds?: number | undefined
}

/**
 * Resolves the resources that the stacks deploy here.
 *
 * @throws LocalAwsError NotImplemented when a template has something that cannot run here
 */
export function localStack(
  { directory, stacks }: Synthesis,
  { home, queryGraceSeconds = 0 }: LocalStackOptions & { readonly home?: string } = {},
): LocalDeployment {
  return resolveStacks(
    stacks.map((stack) => ({ ...stack, directory })),
    { ...PLACE, home, environment: { [GRACE_VARIABLE]: String(queryGraceSeconds) } },
  )
}
