import { OwnError } from '../../core/errors.ts'
import { POSITION } from '../read/shard.ts'

/** Milliseconds between two looks. */
export const LOOK_MILLISECONDS = 250
const SLOW_MILLISECONDS = 1000

/** A record that takes long. */
export interface SlowRecord {
  /** Key of the record's object. */
  readonly key: string
  /** Line in its object, from 1; 0 if unknown. */
  readonly line: number
}

/** The time that a record may take, and callbacks for those that take too long. */
export interface RecordWatchOptions {
  /** Seconds after which a record counts as endless. */
  readonly seconds: number
  /** Called once for each record that takes longer than a second. */
  readonly onSlow: (place: { readonly input: number; readonly line: number }) => void
  /** Called for an endless one, at each look. */
  readonly onEndless: (error: Error) => void
}

/** Watches how long a worker works on a record, or on a batch of them, which counts as one. */
export interface RecordWatch {
  /** Compares the worker's position with the last look; has to be called every {@link LOOK_MILLISECONDS}. */
  look(): void
}

/**
 * Returns a watch of a worker's position.
 *
 * @param now the time in milliseconds
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
