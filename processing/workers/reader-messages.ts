import type { RawObject } from '../../core/manifest.ts'
import type { Decoded, DecodeSettings, NotRead, Stretch } from '../read/reader.ts'
import type { FailureData } from './failures.ts'

/** Messages between the main thread and reader threads. */

/**
 * Task of the main thread to read stretches. Their objects are sent as arrays of texts and numbers: cloning each would
 * cost more.
 */
export interface ReadTask {
  readonly type: 'read'
  readonly id: number
  readonly buffer: SharedArrayBuffer
  readonly keys: readonly string[]
  readonly etags: readonly string[]
  /** {@link NUMBERS} of each stretch, one stretch after the other. */
  readonly numbers: Float64Array
}

/** The main thread's answer to `ask`: credentials, or the reason why there are none. */
export interface Credentials {
  readonly type: 'credentials'
  readonly credentials?: unknown
  readonly failure?: FailureData
}

/** Task of the main thread to decode a large object; its pieces are asked for one by one. */
export interface DecodeTask {
  readonly type: 'decode'
  readonly id: number
  readonly object: RawObject
  readonly settings: DecodeSettings
}

/** Asks for the next piece, and brings memory for it if the thread has used up its buffer. */
export interface NextTask {
  readonly type: 'next'
  readonly id: number
  readonly buffer: SharedArrayBuffer | undefined
}

/** Messages of the main thread to a reader thread. */
export type ToReader =
  | ReadTask
  | Credentials
  | DecodeTask
  | NextTask
  /** No more pieces are wanted. */
  | { readonly type: 'stop'; readonly id: number }

/** Messages of a reader thread to the main thread. */
export type FromReader =
  | { readonly type: 'read'; readonly id: number; readonly notRead: readonly NotRead[] }
  /** `decoded` is undefined if the object has no more. */
  | { readonly type: 'decoded'; readonly id: number; readonly decoded: Decoded | undefined }
  | ({ readonly type: 'failed'; readonly id: number } & FailureData)
  | { readonly type: 'ask' }

const NUMBERS = ['size', 'start', 'bytes', 'at'] as const

/** Packs stretches for a {@link ReadTask}. */
export function packStretches(stretches: readonly Stretch[]): Pick<ReadTask, 'keys' | 'etags' | 'numbers'> {
  const numbers = new Float64Array(stretches.length * NUMBERS.length)
  let next = 0
  for (const { object, start, bytes, at } of stretches)
    for (const number of [object.size, start, bytes, at]) numbers[next++] = number
  const keys = stretches.map(({ object }) => object.key)
  return { keys, etags: stretches.map(({ object }) => object.etag), numbers }
}

/** Unpacks the stretches of a task, in their order. */
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
