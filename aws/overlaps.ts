import { setTimeout as sleep } from 'node:timers/promises'
import { DayfoldError } from '../core/errors.ts'

/**
 * True for a query that failed because files were replaced under it: run again, it succeeds.
 * https://docs.aws.amazon.com/athena/latest/ug/troubleshooting-athena.html
 */
export function isOverlap(error: unknown): boolean {
  if (!(error instanceof DayfoldError) || error.code !== 'QueryFailed') return false
  const reason = String(error.context['reason'])
  return /HIVE_FILESYSTEM_ERROR|HIVE_CANNOT_OPEN_SPLIT|NoSuchKey/.test(reason)
}

export interface RetryOverlapsOptions {
  /**
   * How often the query is run at most.
   * @default 8
   */
  readonly attempts?: number
  /**
   * The first pause; it doubles.
   * @default 250
   */
  readonly pauseMilliseconds?: number
}

/**
 * Runs `query`, and again for as long as it overlaps a replacement of files, up to a number of attempts. Whatever else
 * goes wrong would go wrong again, and is thrown at once.
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
