import { setTimeout as sleep } from 'node:timers/promises'
import { DayfoldError } from '../core/errors.ts'

/**
 * True if a query failed because files were replaced while it ran. The same query succeeds if it is run again.
 * https://docs.aws.amazon.com/athena/latest/ug/troubleshooting-athena.html
 */
export function isOverlap(error: unknown): boolean {
  if (!(error instanceof DayfoldError) || error.code !== 'QueryFailed') return false
  const reason = String(error.context['reason'])
  return /HIVE_FILESYSTEM_ERROR|HIVE_CANNOT_OPEN_SPLIT|NoSuchKey/.test(reason)
}

/** Limits the retries of {@link retryOverlaps}. */
export interface RetryOverlapsOptions {
  /**
   * Maximum number of attempts, including the first.
   * @default 8
   */
  readonly attempts?: number
  /**
   * Pause before the second attempt; it doubles before each later one.
   * @default 250
   */
  readonly pauseMilliseconds?: number
}

/**
 * Runs a query again as long as it fails because files were replaced while it ran.
 *
 * @param query called for each attempt
 * @throws the error of the last attempt; any other error than such an overlap at once
 */
export async function retryOverlaps<T>(
  query: () => Promise<T>,
  options: RetryOverlapsOptions = {},
): Promise<T> {
  const { attempts = 8, pauseMilliseconds = 250 } = options
  for (let attempt = 1; ; attempt++) {
    try {
      return await query()
    } catch (error) {
      if (attempt >= attempts || !isOverlap(error)) throw error
      await sleep(pauseMilliseconds * 2 ** (attempt - 1))
    }
  }
}
