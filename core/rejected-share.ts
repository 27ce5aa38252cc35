import { totalsOf, type Input } from './manifest.ts'
import type { ReadSettings } from './read-settings.ts'
import { isWithinRatio } from './within-ratio.ts'

/** Settings of a dataset that limit how much of a day may be rejected. */
export type RejectLimits = Pick<ReadSettings, 'maxRejectedRatio' | 'rejectedFloor' | 'unreadable'>

/** Share of a day's records and bytes that was rejected. */
export interface RejectedShare {
  /** Number of records, rejected ones included. */
  readonly records: number
  /** Number of rejected records. */
  readonly rejected: number
  /**
   * Decoded bytes; stored bytes for stretches that could not be decoded. For inputs of 0.1.0, whose rejected bytes are
   * unknown, the size counts as read.
   */
  readonly bytes: { readonly all: number; readonly read: number; readonly rejected: number }
  /**
   * Unit in which the share exceeds the limit. Undefined if it does not, or if the floor (`rejectedFloor`) allows it.
   */
  readonly exceeded: 'records' | 'bytes' | undefined
}

/** Within the floor, rejects may have the bytes of `rejectedFloor` times this many average good records. */
const FLOOR_RECORDS = 4

/**
 * Computes the share of a day that was rejected, and tells whether it exceeds the dataset's limits.
 *
 * @param inputs all processed raw objects of the day
 */
export function weighRejects(inputs: readonly Input[], limits: RejectLimits): RejectedShare {
  const { records, kept, dropped, rejected } = totalsOf(inputs, [])
  const good = kept + dropped
  const bytes = weigh(inputs, limits)
  const isOver = (part: number, of: number) => !isWithinRatio(part, of, limits.maxRejectedRatio)
  const unit = isOver(rejected, records) ? 'records' : isOver(bytes.rejected, bytes.all) ? 'bytes' : undefined
  // A few rejects of ordinary size do not fail a day, so that one bad line cannot stop an early run.
  const isWithinFloor =
    good > 0 &&
    rejected <= limits.rejectedFloor &&
    bytes.rejected <= limits.rejectedFloor * FLOOR_RECORDS * (bytes.read / good)
  return { records, rejected, bytes, exceeded: isWithinFloor ? undefined : unit }
}

/**
 * Bytes that could not be decoded count as rejected unless the dataset skips unreadable objects, or the input's
 * `unread` is set: the publish of the order that read it has dealt with those.
 */
function weigh(
  inputs: readonly Input[],
  { unreadable }: Pick<ReadSettings, 'unreadable'>,
): RejectedShare['bytes'] {
  let [read, rejected] = [0, 0]
  for (const { size, bytes, unread } of inputs) {
    read += bytes?.read ?? size
    const isPassed = unreadable === 'skip' || unread !== undefined
    if (bytes) rejected += bytes.rejected + (isPassed ? 0 : bytes.unread)
  }
  return { all: read + rejected, read, rejected }
}
