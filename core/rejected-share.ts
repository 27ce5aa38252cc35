import { totalsOf, type Input } from './manifest.ts'
import type { ReadSettings } from './read-settings.ts'

/** The settings that say how much of a day may be rejected. */
export type RejectLimits = Pick<ReadSettings, 'maxRejectedRatio' | 'rejectedFloor' | 'unreadable'>

/** What was rejected of a day, in records and in bytes. */
export interface RejectedShare {
  readonly records: number
  readonly rejected: number
  /**
   * Decoded bytes, and stored ones of stretches that could not be decoded. Of what 0.1.0 read nobody knows how much was
   * rejected: its size stands for what was read.
   */
  readonly bytes: { readonly all: number; readonly read: number; readonly rejected: number }
  /** What the share is too large of; undefined: it is not. */
  readonly exceeded: 'records' | 'bytes' | undefined
}

/** How many bytes of average records a rejected record may have within the floor. */
const FLOOR_RECORDS = 4

/** Weighs what was rejected of a day's inputs against the dataset's limits. */
export function weighRejects(inputs: readonly Input[], limits: RejectLimits): RejectedShare {
  const { records, kept, dropped, rejected } = totalsOf(inputs, [])
  const good = kept + dropped
  const bytes = weigh(inputs, limits)
  const isOver = (part: number, of: number) => part > of * limits.maxRejectedRatio
  const unit = isOver(rejected, records) ? 'records' : isOver(bytes.rejected, bytes.all) ? 'bytes' : undefined
  // Few and of usual size, so that one bad line of an early run does not stop a day.
  const isWithinFloor =
    good > 0 &&
    rejected <= limits.rejectedFloor &&
    bytes.rejected <= limits.rejectedFloor * FLOOR_RECORDS * (bytes.read / good)
  return { records, rejected, bytes, exceeded: isWithinFloor ? undefined : unit }
}

/** An input with `unread` set was looked at as such, in the order that read it: it does not weigh here. */
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
