import { setTimeout as sleep } from 'node:timers/promises'
import { DayfoldError } from '../core/errors.ts'

/**
 * True for a query that failed because files were replaced while it ran; it succeeds if run again.
 * https://docs.aws.amazon.com/athena/latest/ug/troubleshooting-athena.html
 */
export function isOverlap(error: unknown): boolean {
  if (!(error instanceof DayfoldError) || error.code !== 'QueryFailed') return false
  const reason = String(error.context['reason'])
  return /HIVE_FILESYSTEM_ERROR|HIVE_CANNOT_OPEN_SPLIT|NoSuchKey/.test(reason)
}

/** How often and how fast {@link retryOverlaps} tries again. */
export interface RetryOverlapsOptions {
  /**
   * Most tries, the first included.
   * @default 8
   */
  readonly attempts?: number
  /**
   * Pause before the second try; each further one is twice as long.
   * @default 250
   */
  readonly pauseMilliseconds?: number
}

/**
 * Runs `query`, and runs it again while it fails because files were replaced under it.
 *
 * @throws the last try's error, and at once any other error than an overlap
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
