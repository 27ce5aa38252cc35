import { OwnError } from '../../core/errors.ts'
import { POSITION } from '../read/shard.ts'

/** Milliseconds between two looks. */
export const LOOK_MILLISECONDS = 250
const SLOW_MILLISECONDS = 1000

/** A record that takes long. */
export interface SlowRecord {
  /** Key of its object. */
  readonly key: string
  /** From 1 in its object; 0 where it is not known. */
  readonly line: number
}

export interface RecordWatchOptions {
  /** Seconds after which a record does not end. */
  readonly seconds: number
  /** Told once of each record that takes longer than a second. */
  readonly onSlow: (place: { readonly input: number; readonly line: number }) => void
  /** Told of one that does not end. */
  readonly onEndless: (error: Error) => void
}

/** Watches how long a worker works on a record, or on a batch of them, which counts as one. */
export interface RecordWatch {
  /** Compares what the worker is at with the last look. */
  look(): void
}

/**
 * A watch of a worker's position.
 *
 * @param now milliseconds
 */
export function watchRecords(
  position: Int32Array,
  { seconds, onSlow, onEndless }: RecordWatchOptions,
  now: () => number = performance.now.bind(performance),
): RecordWatch {
  let seen = { input: -1, record: 0, since: 0, isTold: false }
  return {
    look() {
      const [input, record] = [position[POSITION.input]!, position[POSITION.record]!]
      if (record === 0 || record !== seen.record || input !== seen.input) {
        seen = { input, record, since: now(), isTold: false }
        return
      }
      const milliseconds = now() - seen.since
      if (milliseconds >= SLOW_MILLISECONDS && !seen.isTold) {
        seen.isTold = true
        onSlow({ input, line: position[POSITION.line]! })
      }
      if (milliseconds >= seconds * 1000)
        onEndless(new OwnError(`${workOf(position)} took longer than ${seconds} s (recordTimeoutSeconds)`))
    },
  }
}

function workOf(position: Int32Array): string {
  const records = position[POSITION.batch]!
  return records > 1 ? `a batch of ${records} records` : 'a record'
}
