import { DayfoldError } from './errors.ts'

/**
 * Environment variables of each Lambda function. Its construct sets exactly these, and its handler requires them.
 * `DEPLOYMENT` is the `name` of the configuration.
 */
export const HANDLER_ENVIRONMENT = {
  plan: [
    'DEPLOYMENT',
    'DATA_BUCKET',
    'DATABASE',
    'MAX_CONCURRENCY',
    'RESERVED_FOR_SCHEDULE',
    'LEASE_SECONDS',
    'QUERY_GRACE_SECONDS',
  ],
  'plan-day': [
    'DEPLOYMENT',
    'DATA_BUCKET',
    'RAW_BUCKET',
    'DATABASE',
    'PART_ROWS',
    'PART_BYTES',
    'ROW_GROUP_ROWS',
    'JOB_SETTINGS',
    'LEASE_SECONDS',
    'QUERY_GRACE_SECONDS',
  ],
  'publish-day': ['DEPLOYMENT', 'DATA_BUCKET', 'DATABASE', 'LEASE_SECONDS', 'QUERY_GRACE_SECONDS'],
  collect: ['DEPLOYMENT', 'DATA_BUCKET', 'INSTANCE_TYPE'],
  crawl: ['DEPLOYMENT', 'DATA_BUCKET', 'DATABASE', 'LEASE_SECONDS', 'QUERY_GRACE_SECONDS'],
  verify: ['DEPLOYMENT', 'DATA_BUCKET', 'DATABASE', 'WORKGROUP'],
} as const satisfies Record<string, readonly string[]>

/** Name of a Lambda handler; its entry point is `lambda/handlers/<name>.ts`. */
export type HandlerName = keyof typeof HANDLER_ENVIRONMENT
/** Names of all Lambda handlers. Each has an entry point `lambda/handlers/<name>.ts`. */
export const HANDLER_NAMES = Object.keys(HANDLER_ENVIRONMENT) as HandlerName[]

/** Values of a handler's environment variables: exactly those that {@link HANDLER_ENVIRONMENT} lists for it. */
export type HandlerEnvironment<H extends HandlerName> = Readonly<
  Record<(typeof HANDLER_ENVIRONMENT)[H][number], string>
>

/**
 * Picks the variables that a Lambda handler requires from its process's environment.
 *
 * @throws DayfoldError InvalidConfiguration if one is unset or empty
 */
export function readEnvironment<H extends HandlerName>(
  handler: H,
  environment: Readonly<Record<string, string | undefined>>,
): HandlerEnvironment<H> {
  const names: readonly (typeof HANDLER_ENVIRONMENT)[H][number][] = HANDLER_ENVIRONMENT[handler]
  return required(handler, names, environment)
}

function required<N extends string>(
  of: string,
  names: readonly N[],
  environment: Readonly<Record<string, string | undefined>>,
): Readonly<Record<N, string>> {
  const missing = names.filter((name) => environment[name] === undefined || environment[name] === '')
  if (missing.length > 0) {
    throw new DayfoldError(
      'InvalidConfiguration',
      `Environment of ${of}: expected ${names.join(', ')}, found no ${missing.join(', ')}. Deploy the stack again.`,
    )
  }
  return Object.fromEntries(names.map((name) => [name, environment[name]])) as Record<N, string>
}

/**
 * Names of the environment variables that the job's container requires. Processing does not promise to set AWS_REGION
 * itself.
 */
export const JOB_ENVIRONMENT = ['AWS_REGION', 'DATA_BUCKET'] as const
/** Values of the environment variables that the job's container requires. */
export type JobEnvironment = Readonly<Record<(typeof JOB_ENVIRONMENT)[number], string>>

/**
 * Picks the variables that the job requires from its process's environment.
 *
 * @throws DayfoldError InvalidConfiguration if one is unset or empty
 */
export function readJobEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): JobEnvironment {
  return required("the job's container", JOB_ENVIRONMENT, environment)
}

/**
 * Names of the command-line arguments of the job's container. The state machine passes them,
 * `processing/day/arguments.ts` parses them.
 */
export const JOB_ARGUMENTS = { workOrder: '--work-order', featureVersion: '--feature-version' } as const
