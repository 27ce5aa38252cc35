/** Default number of calls, such as requests to S3, that {@link inParallel} keeps in flight. */
export const CALLS_IN_FLIGHT = 16

/**
 * Runs `work` on each item, at most `limit` at a time, and returns the results in the order of the items. After a
 * failure, no further item is begun, and the error is thrown once all running calls have ended.
 *
 * @param limit default {@link CALLS_IN_FLIGHT}
 */
export async function inParallel<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
  limit: number = CALLS_IN_FLIGHT,
): Promise<R[]> {
  const results = new Array<R>(items.length)
  let next = 0
  let failure: { error: unknown } | undefined
  const lane = async () => {
    while (next < items.length && !failure) {
      const index = next++
      try {
        results[index] = await work(items[index]!)
      } catch (error) {
        failure ??= { error }
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, lane))
  if (failure) throw failure.error
  return results
}
