import type { HandlerName } from '../core/environment.ts'

/**
 * When a Lambda function is stopped. Functions that publish share one timeout, which bounds how long the writer of
 * an intent can be alive. At most 900 s: https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html
 */
const PUBLISH_TIMEOUT_SECONDS = 600

/** Timeout of each handler's function, in seconds. */
export const HANDLER_TIMEOUT_SECONDS: Readonly<Record<HandlerName, number>> = {
  plan: PUBLISH_TIMEOUT_SECONDS,
  'plan-day': PUBLISH_TIMEOUT_SECONDS,
  'publish-day': PUBLISH_TIMEOUT_SECONDS,
  collect: 300,
  crawl: PUBLISH_TIMEOUT_SECONDS,
  verify: 900,
}

/** How long an intent belongs to its writer: the writer's timeout, and a minute for clocks and answers on the way. */
export const LEASE_SECONDS = PUBLISH_TIMEOUT_SECONDS + 60

/** Waits between the tries of a state that invokes a function, in seconds, at most. */
const RETRY_SECONDS = 2 + 4 + 8 + 16 + 32 + 60

/**
 * The least time that a query may be granted, in minutes: until it is over no function that has begun work on a day,
 * nor one in its place, may still be at it.
 */
export const LEAST_GRACE_MINUTES = Math.ceil(
  (LEASE_SECONDS + Math.max(...Object.values(HANDLER_TIMEOUT_SECONDS)) + RETRY_SECONDS) / 60,
)

/** What a state allows its Lambda function beyond the function's own timeout. */
const STATE_MARGIN_SECONDS = 30

/** Timeout of the state that invokes a handler, in seconds. */
export const stateTimeoutSeconds = (handler: HandlerName) =>
  HANDLER_TIMEOUT_SECONDS[handler] + STATE_MARGIN_SECONDS

/**
 * Timeout of the state that waits for a job, in seconds: instances are found and the image is pulled before a job's
 * own clock starts, and a stopped job has time to end.
 */
export const jobStateTimeoutSeconds = (maxRuntimeSeconds: number) => maxRuntimeSeconds + 3600

/** How often a job that AWS failed is started again. */
export const MAX_TRIES = 3
/**
 * How often SageMaker is asked again for a job that it has no instance for, or no time: about twelve hours, as most waits
 * are five minutes on average.
 */
export const MAX_ASKS = 150
/** The longest wait between two of these, in seconds. */
export const MAX_ASK_SECONDS = 600

const DAY_SECONDS = 86_400

/** Timeout of a whole execution, in seconds: 30 days, for the longest backfill. */
export const EXECUTION_TIMEOUT_SECONDS = 30 * DAY_SECONDS

/**
 * How long a dataset-day's work order and staged files are needed, in days: its job, those started in its place after
 * AWS failed it, and a day for waiting, for an instance among others, and publishing. Nothing outlives its execution.
 */
export function stagingNeededDays(maxRuntimeSeconds: number): number {
  const seconds = (1 + MAX_TRIES) * jobStateTimeoutSeconds(maxRuntimeSeconds) + DAY_SECONDS
  return Math.ceil(Math.min(seconds, EXECUTION_TIMEOUT_SECONDS) / DAY_SECONDS)
}
