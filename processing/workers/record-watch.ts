import { OwnError } from '../../core/errors.ts'
import { POSITION } from '../read/shard.ts'

/** Milliseconds between two calls of {@link RecordWatch}'s `look`. */
export const LOOK_MILLISECONDS = 250
const SLOW_MILLISECONDS = 1000

/** Location of a record that takes longer than a second. */
export interface SlowRecord {
  /** Key of the record's object. */
  readonly key: string
  /** Number of the line in its object, from 1; 0 if unknown. */
  readonly line: number
}

/** Maximum time of a record, and callbacks for those that take long. */
export interface RecordWatchOptions {
  /** Seconds after which a record counts as endless. */
  readonly seconds: number
  /** Called once for each record that takes longer than a second, with the index of its object and its line. */
  readonly onSlow: (place: { readonly input: number; readonly line: number }) => void
  /** Called with an error for an endless record, at each look. */
  readonly onEndless: (error: Error) => void
}

/** Watches how long a worker works on one record, or on a batch of records, which counts as one. */
export interface RecordWatch {
  /** Compares the worker's position with that of the last call. Call it every {@link LOOK_MILLISECONDS}. */
  look(): void
}

/**
 * Makes a watch of a worker's records.
 *
 * @param position shared memory in which the worker counts its records
 * @param now returns the time in milliseconds
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
