import { setTimeout as delay } from 'node:timers/promises'
import { DayfoldError, OwnError } from '../../core/errors.ts'
import { adaptiveRate, sharedNow } from './adaptive-rate.ts'

/** Seconds for which a failed request is repeated by default. */
export const RETRY_SECONDS = 600
/** The same for requests that clean up once the job is told to stop. */
const CLEANUP_SECONDS = 30
const FIRST_DELAY_MS = 50
const LONGEST_DELAY_MS = 10_000

/** An error answer or a broken connection that repeating the request may mend. */
export class TransientError extends OwnError {
  /** HTTP status of S3's answer; undefined if there was none. */
  readonly status: number | undefined

  constructor(message: string, options: { readonly status?: number; readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.status = options.status
  }
}

/**
 * True for the statuses of throttling: 503 is SlowDown.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
const isThrottled = (error: TransientError) => error.status === 503 || error.status === 429

/** Time limit, rate and clock of retries. */
export interface RetriesOptions {
  /** When it is aborted, interruptible requests are no longer repeated, and all others for at most half a minute. */
  readonly signal?: AbortSignal | undefined
  /** Seconds for which a failed request is repeated. @default 600 */
  readonly seconds?: number | undefined
  /** Memory of the limit of requests per second, to share it among threads. @default memory of its own */
  readonly rate?: SharedArrayBuffer | undefined
  /** Returns the time in milliseconds. @default this machine's clock */
  readonly now?: () => number
  /** Resolves after that time, or rejects once the signal is aborted. @default a timer */
  readonly sleep?: (milliseconds: number, signal?: AbortSignal) => Promise<unknown>
}

/** Repeats failed requests for a limited time, at the rate that S3 accepts. */
export interface Retries {
  /**
   * Calls `attempt` until it throws no {@link TransientError} or the time is used up. Between calls it waits a random
   * time, whose maximum doubles up to 10 s.
   * https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
   *
   * @param what name of the object, for the error
   * @throws DayfoldError S3Throttled if the time is used up and S3 still throttles
   * @throws the last error of `attempt` in all other cases
   */
  run<T>(what: string, attempt: () => Promise<T>, isInterruptible?: boolean): Promise<T>
}

/** Makes retries whose requests share one limit of requests per second. */
export function openRetries({
  signal,
  seconds = RETRY_SECONDS,
  rate: memory,
  now = sharedNow,
  sleep = (milliseconds, aborted) => delay(milliseconds, undefined, { signal: aborted }),
}: RetriesOptions = {}): Retries {
  const rate = adaptiveRate(now, memory)

  async function attemptInTurn<T>(attempt: () => Promise<T>, interruption?: AbortSignal): Promise<T> {
    const wait = rate.take()
    if (wait > 0) await sleep(wait, interruption)
    try {
      const result = await attempt()
      rate.succeeded()
      return result
    } catch (error) {
      if (error instanceof TransientError && isThrottled(error)) rate.throttled()
      throw error
    }
  }

  return {
    async run(what, attempt, isInterruptible = false) {
      const interruption = isInterruptible ? signal : undefined
      const begun = now()
      for (let failures = 1; ; failures++) {
        try {
          return await attemptInTurn(attempt, interruption)
        } catch (error) {
          if (!(error instanceof TransientError)) throw error
          const tried = (now() - begun) / 1000
          if (tried >= (signal?.aborted ? Math.min(CLEANUP_SECONDS, seconds) : seconds)) {
            throw isThrottled(error) ? throttled(what, error, tried, failures) : error
          }
          const longest = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** failures)
          await sleep(Math.random() * longest, interruption)
        }
      }
    },
  }
}

function throttled(what: string, cause: TransientError, seconds: number, tries: number): DayfoldError {
  const { status } = cause
  return new DayfoldError(
    'S3Throttled',
    `${what}: expected S3 to answer within ${Math.round(seconds)} s, found status ${status} at each of ${tries} tries. ` +
      'Run the day again, with fewer at once.',
    { cause, context: { object: what, status, seconds, tries } },
  )
}
