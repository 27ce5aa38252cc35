/**
 * Version of the code that turns raw bytes into records. It increases when the same input may give other rows or
 * rejects. `2`: content is detected by its first bytes, records may follow each other without a newline, integers keep
 * their digits.
 */
export const ENGINE_VERSION = '2'
/** Engine version assumed for days whose manifest states none. */
export const FIRST_ENGINE_VERSION = '1'

/** True if engine version `engine` is older than `other`. Undefined stands for {@link FIRST_ENGINE_VERSION}. */
export function isOlderEngine(engine: string | undefined, other: string | undefined): boolean {
  return Number(engine ?? FIRST_ENGINE_VERSION) < Number(other ?? FIRST_ENGINE_VERSION)
}
