import type { RawObject } from '../../core/manifest.ts'

/** Bytes of raw data in a shard, unless told otherwise: 4 MiB. */
export const SHARD_BYTES = 4 * 1024 * 1024
/** Compressed objects up to this size are inflated by the worker that reads them. */
const SMALL_GZIP_BYTES = 1024 * 1024
/** What gzip makes of JSON Lines, roughly: compressed objects weigh this much more. */
const GZIP_RATIO = 6

/** A read of consecutive bytes. */
export type Read =
  | { readonly kind: 'objects'; readonly objects: readonly PlacedObject[]; readonly bytes: number }
  | {
      readonly kind: 'piece'
      readonly input: number
      readonly start: number
      readonly bytes: number
      readonly gzip: boolean
      readonly last: boolean
    }

/** A whole object's place in the buffer of a read. */
export interface PlacedObject {
  readonly input: number
  readonly start: number
  readonly length: number
  readonly gzip: boolean
}

/**
 * Plans the reads of a day in key order: small objects together, large ones in pieces. The plan follows from keys and
 * sizes alone, so that a day is cut the same way whoever reads it.
 */
export function* planReads(inputs: readonly RawObject[], shardBytes: number): Generator<Read> {
  let objects: PlacedObject[] = []
  let bytes = 0
  let weight = 0
  for (const [input, { key, size }] of inputs.entries()) {
    const gzip = key.endsWith('.gz')
    const isLarge = gzip ? size > Math.min(SMALL_GZIP_BYTES, shardBytes) : size > shardBytes
    const itsWeight = gzip ? size * GZIP_RATIO : size
    if (objects.length > 0 && (isLarge || weight + itsWeight > shardBytes)) {
      yield { kind: 'objects', objects, bytes }
      objects = []
      bytes = weight = 0
    }
    if (isLarge) yield* pieces(input, size, gzip, gzip ? SMALL_GZIP_BYTES : shardBytes)
    else {
      objects.push({ input, start: bytes, length: size, gzip })
      bytes += size
      weight += itsWeight
    }
  }
  if (objects.length > 0) yield { kind: 'objects', objects, bytes }
}

function* pieces(input: number, size: number, gzip: boolean, pieceBytes: number): Generator<Read> {
  for (let start = 0; start < size; start += pieceBytes) {
    const bytes = Math.min(pieceBytes, size - start)
    yield { kind: 'piece', input, start, bytes, gzip, last: start + bytes === size }
  }
}
