/**
 * Version of what becomes of raw bytes: it counts up when the same input may give other rows or rejects than before.
 * `2`: content is told by first bytes, records may follow each other without a newline, integers keep their digits.
 */
export const ENGINE_VERSION = '2'
/** What read the days whose manifest does not say. */
export const FIRST_ENGINE_VERSION = '1'

/** Whether an engine came before another. @param engine none: that of 0.1.0 */
export function isOlderEngine(engine: string | undefined, other: string | undefined): boolean {
  return Number(engine ?? FIRST_ENGINE_VERSION) < Number(other ?? FIRST_ENGINE_VERSION)
}
