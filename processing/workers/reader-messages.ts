import type { RawObject } from '../../core/manifest.ts'
import type { Decoded, DecodeSettings, NotRead, Stretch } from '../read/reader.ts'
import type { FailureData } from './failures.ts'

/** Messages between the main thread and the threads that read. */

/** What a thread is to read. Its objects go as arrays of texts and numbers: a clone of each would cost more. */
export interface ReadTask {
  readonly type: 'read'
  readonly id: number
  readonly buffer: SharedArrayBuffer
  readonly keys: readonly string[]
  readonly etags: readonly string[]
  /** {@link NUMBERS} of each. */
  readonly numbers: Float64Array
}

/** The answer to `ask`: what signs requests. */
export interface Credentials {
  readonly type: 'credentials'
  readonly credentials?: unknown
  readonly failure?: FailureData
}

/** A large object that a thread is to decode; its pieces are asked for one by one. */
export interface DecodeTask {
  readonly type: 'decode'
  readonly id: number
  readonly object: RawObject
  readonly settings: DecodeSettings
}

/** Asks for the next piece, and brings memory for it where that of before was used up. */
export interface NextTask {
  readonly type: 'next'
  readonly id: number
  readonly buffer: SharedArrayBuffer | undefined
}

export type ToReader =
  | ReadTask
  | Credentials
  | DecodeTask
  | NextTask
  /** No more pieces are wanted. */
  | { readonly type: 'stop'; readonly id: number }

export type FromReader =
  | { readonly type: 'read'; readonly id: number; readonly notRead: readonly NotRead[] }
  /** Nothing decoded: the object has no more. */
  | { readonly type: 'decoded'; readonly id: number; readonly decoded: Decoded | undefined }
  | ({ readonly type: 'failed'; readonly id: number } & FailureData)
  | { readonly type: 'ask' }

const NUMBERS = ['size', 'start', 'bytes', 'at'] as const

export function packStretches(stretches: readonly Stretch[]): Pick<ReadTask, 'keys' | 'etags' | 'numbers'> {
  const numbers = new Float64Array(stretches.length * NUMBERS.length)
  let next = 0
  for (const { object, start, bytes, at } of stretches)
    for (const number of [object.size, start, bytes, at]) numbers[next++] = number
  const keys = stretches.map(({ object }) => object.key)
  return { keys, etags: stretches.map(({ object }) => object.etag), numbers }
}

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
