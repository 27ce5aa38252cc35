import { resolveStacks, type LocalDeployment } from '@dayfold/local-aws/cloudformation'
import type { Synthesis } from './synth/synthesize.ts'

/** AWS region and account that deployments on this machine use. Any valid values do: nothing leaves this machine. */
export const PLACE = { region: 'us-east-1', account: '000000000000' } as const

/** Environment variable of the Lambda functions: the seconds for which replaced files are kept for running queries. */
const GRACE_VARIABLE = 'QUERY_GRACE_SECONDS'

/** How long a deployment on this machine keeps replaced files. */
export interface LocalStackOptions {
  /** Seconds for which replaced files are kept for running queries. @default 0 */
  readonly queryGraceSeconds?: number | undefined
}

/**
 * Resolves synthesized templates into the resources that local AWS serves.
 *
 * @param home folder with the state of local AWS, for the versions of functions published earlier; undefined for none
 * @throws LocalAwsError NotImplemented if a template has something that cannot run here
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
