import { setTimeout as sleep } from 'node:timers/promises'

/** Tries of a request, the first included. */
export const MAX_TRIES = 8
const FIRST_DELAY = 50
const LONGEST_DELAY = 10_000

/** An answer or a broken connection that another try may mend. */
export class TransientError extends Error {}

/**
 * Runs `attempt` until it does not throw a {@link TransientError}, with full jitter between the tries.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
 *
 * @throws what the last try threw
 */
export async function withRetries<T>(
  attempt: () => Promise<T>,
  signal?: AbortSignal,
  tries = MAX_TRIES,
): Promise<T> {
  for (let failures = 1; ; failures++) {
    try {
      return await attempt()
    } catch (error) {
      if (!(error instanceof TransientError) || failures >= tries) throw error
      const longest = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** failures)
      await sleep(Math.random() * longest, undefined, { signal })
    }
  }
}
