import type { RawObject } from '../../core/manifest.ts'
import type { Decoded, DecodeSettings, NotRead, Stretch } from '../read/reader.ts'
import type { FailureData } from './failures.ts'

/** Messages between the main thread and reader threads. */

/**
 * Message of the main thread to a reader thread: read these ranges of raw objects into shared memory. Objects are sent
 * as arrays of texts and numbers, because cloning one by one would cost more.
 */
export interface ReadTask {
  readonly type: 'read'
  /** Identifies the task in the answer. */
  readonly id: number
  /** Memory that the bytes are written to. */
  readonly buffer: SharedArrayBuffer
  /** Key of each range's object. */
  readonly keys: readonly string[]
  /** ETag of each range's object. */
  readonly etags: readonly string[]
  /** Numbers of each range, range by range: size of the object, then start, length and target of the range. */
  readonly numbers: Float64Array
}

/** Answer of the main thread to `ask`: credentials, or the reason why there are none. */
export interface Credentials {
  readonly type: 'credentials'
  readonly credentials?: unknown
  readonly failure?: FailureData
}

/**
 * Message of the main thread to a reader thread: decode a large object. Each piece is then asked for with a {@link
 * NextTask}.
 */
export interface DecodeTask {
  readonly type: 'decode'
  /** Identifies the task in later messages. */
  readonly id: number
  readonly object: RawObject
  readonly settings: DecodeSettings
}

/** Message of the main thread to a reader thread: send the next piece of an object that is being decoded. */
export interface NextTask {
  readonly type: 'next'
  /** Identifies the {@link DecodeTask}. */
  readonly id: number
  /** Memory for the piece; undefined if the thread has not used up the last one. */
  readonly buffer: SharedArrayBuffer | undefined
}

/** Messages of the main thread to a reader thread. */
export type ToReader =
  | ReadTask
  | Credentials
  | DecodeTask
  | NextTask
  /** Ends the decoding of an object, `id` being that of its {@link DecodeTask}: no more of its pieces are wanted. */
  | { readonly type: 'stop'; readonly id: number }

/** Messages of a reader thread to the main thread: answers to tasks, and `ask` for credentials. */
export type FromReader =
  | { readonly type: 'read'; readonly id: number; readonly notRead: readonly NotRead[] }
  /** The next piece; undefined at the end of the object. */
  | { readonly type: 'decoded'; readonly id: number; readonly decoded: Decoded | undefined }
  | ({ readonly type: 'failed'; readonly id: number } & FailureData)
  | { readonly type: 'ask' }

const NUMBERS = ['size', 'start', 'bytes', 'at'] as const

/** Packs ranges of raw objects into the arrays of a {@link ReadTask}. */
export function packStretches(stretches: readonly Stretch[]): Pick<ReadTask, 'keys' | 'etags' | 'numbers'> {
  const numbers = new Float64Array(stretches.length * NUMBERS.length)
  let next = 0
  for (const { object, start, bytes, at } of stretches)
    for (const number of [object.size, start, bytes, at]) numbers[next++] = number
  const keys = stretches.map(({ object }) => object.key)
  return { keys, etags: stretches.map(({ object }) => object.etag), numbers }
}

/** Restores the ranges of raw objects in a task, in their order. */
export function unpackStretches({ keys, etags, numbers }: ReadTask): Stretch[] {
  return keys.map((key, index) => {
    const [size, start, bytes, at] = numbers.subarray(index * NUMBERS.length) as unknown as [
      number,
      number,
      number,
      number,
    ]
    return { object: { key, etag: etags[index]!, size }, start, bytes, at }
  })
}
