import type { HandlerName } from '../core/environment.ts'

/**
 * Timeout of the functions that publish, in seconds. They share one, which limits how long the writer of an intent can
 * be alive. At most 900: https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html
 */
const PUBLISH_TIMEOUT_SECONDS = 600

/** Seconds after which Lambda ends a call of each handler's function. */
export const HANDLER_TIMEOUT_SECONDS: Readonly<Record<HandlerName, number>> = {
  plan: PUBLISH_TIMEOUT_SECONDS,
  'plan-day': PUBLISH_TIMEOUT_SECONDS,
  'publish-day': PUBLISH_TIMEOUT_SECONDS,
  collect: 300,
  crawl: PUBLISH_TIMEOUT_SECONDS,
  verify: 900,
}

/**
 * Seconds after the last write of an intent (an operation announced in a manifest) during which it belongs to its
 * writer: the writer's timeout, and a minute for clock differences and late answers. Afterwards anybody may take it
 * over.
 */
export const LEASE_SECONDS = PUBLISH_TIMEOUT_SECONDS + 60

/** Maximum number of seconds that a state waits between the tries of its function. */
const RETRY_SECONDS = 2 + 4 + 8 + 16 + 32 + 60

/**
 * Least value of `queryGraceMinutes`, for which replaced files are kept. It is longer than a function that has begun
 * work on a day, or its retry, can still be running.
 */
export const LEAST_GRACE_MINUTES = Math.ceil(
  (LEASE_SECONDS + Math.max(...Object.values(HANDLER_TIMEOUT_SECONDS)) + RETRY_SECONDS) / 60,
)

/** Seconds that a state allows its Lambda function beyond the function's own timeout. */
const STATE_MARGIN_SECONDS = 30

/** Returns the timeout of the state that invokes a handler, in seconds. */
export const stateTimeoutSeconds = (handler: HandlerName) =>
  HANDLER_TIMEOUT_SECONDS[handler] + STATE_MARGIN_SECONDS

/**
 * Returns the timeout of the state that waits for a job, in seconds: finding an instance and pulling the image come
 * before the job's own clock starts, and a stopped job has time to end.
 *
 * @param maxRuntimeSeconds seconds after which SageMaker stops the job
 */
export const jobStateTimeoutSeconds = (maxRuntimeSeconds: number) => maxRuntimeSeconds + 3600

/** Maximum number of times that a job which failed because of AWS is started again. */
export const MAX_TRIES = 3
/**
 * Maximum number of times that SageMaker is asked again after it refused a job for lack of instances or for throttling.
 * They take about twelve hours, because most waits are five minutes on average.
 */
export const MAX_ASKS = 150
/** Longest wait before SageMaker is asked again, in seconds. */
export const MAX_ASK_SECONDS = 600

const DAY_SECONDS = 86_400

/** Timeout of a whole execution, in seconds: 30 days, for the longest backfill. */
export const EXECUTION_TIMEOUT_SECONDS = 30 * DAY_SECONDS

/**
 * Returns the days for which a dataset-day's work order and staged files are needed: for its job, for jobs started in
 * its place when AWS fails it, and one day for waiting and publishing. Never longer than an execution lasts.
 */
export function stagingNeededDays(maxRuntimeSeconds: number): number {
  const seconds = (1 + MAX_TRIES) * jobStateTimeoutSeconds(maxRuntimeSeconds) + DAY_SECONDS
  return Math.ceil(Math.min(seconds, EXECUTION_TIMEOUT_SECONDS) / DAY_SECONDS)
}
