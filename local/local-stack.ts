import { resolveStacks, type LocalDeployment } from '@dayfold/local-aws/cloudformation'
import type { Synthesis } from './synth/synthesize.ts'

/** Any valid region and account do: nothing leaves this machine. */
export const PLACE = { region: 'us-east-1', account: '000000000000' } as const

/** The variable that tells functions how long a query may take. */
const GRACE_VARIABLE = 'QUERY_GRACE_SECONDS'

export interface LocalStackOptions {
  /** Seconds that queries have before the files of a replaced day go: on this machine nobody waits for it. @default 0 */
  readonly queryGraceSeconds?: number | undefined
}

/**
 * What the stacks deploy here.
 *
 * @throws LocalAwsError NotImplemented when a template holds what cannot run here
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
