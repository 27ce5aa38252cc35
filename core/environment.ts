import { DayfoldError } from './errors.ts'

/**
 * The environment of every Lambda function: what its construct sets is what its handler requires, no more and no less.
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

/** Names of the Lambda functions' handlers: `lambda/handlers/<name>.ts`. */
export type HandlerName = keyof typeof HANDLER_ENVIRONMENT
export const HANDLER_NAMES = Object.keys(HANDLER_ENVIRONMENT) as HandlerName[]

/** The environment of one handler, every name of it and no other. */
export type HandlerEnvironment<H extends HandlerName> = Readonly<
  Record<(typeof HANDLER_ENVIRONMENT)[H][number], string>
>

/**
 * The environment that a handler requires.
 *
 * @throws DayfoldError InvalidConfiguration when a name is not set
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

/** The environment that the job's container requires. Processing does not promise to set AWS_REGION itself. */
export const JOB_ENVIRONMENT = ['AWS_REGION', 'DATA_BUCKET'] as const
export type JobEnvironment = Readonly<Record<(typeof JOB_ENVIRONMENT)[number], string>>

/**
 * The environment that the job requires.
 *
 * @throws DayfoldError InvalidConfiguration when a name is not set
 */
export function readJobEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): JobEnvironment {
  return required("the job's container", JOB_ENVIRONMENT, environment)
}

/** Arguments of the job's container. */
export const JOB_ARGUMENTS = { workOrder: '--work-order', featureVersion: '--feature-version' } as const
