import type { RawObject } from '../../core/manifest.ts'

/** Raw bytes per shard, by default. */
export const SHARD_BYTES = 4 * 1024 * 1024
/** Names of compressed objects. They only decide how work is divided: the content tells how an object is decoded. */
const COMPRESSED_NAME = /\.(?:gz|gzip|zst|zstd)$/i
/**
 * True if an object's name says that it is compressed, such as `x.gz`. Names only decide how work is divided: the first
 * bytes decide how an object is decoded.
 */
export const isCompressedName = (key: string) => COMPRESSED_NAME.test(key)
/** Compressed objects up to this size are decoded by the worker that reads them. */
const SMALL_COMPRESSED_BYTES = 1024 * 1024
/** Rough compression ratio of JSON Lines: compressed objects weigh this much more. */
const COMPRESSION_RATIO = 6

/**
 * A read into one buffer: several whole small objects one behind the other, or a piece of a large one. Objects are given
 * by their indexes among the inputs: `first` up to and without `end`, or `input`. `last` is true for a last piece.
 */
export type Read =
  | { readonly kind: 'objects'; readonly first: number; readonly end: number; readonly bytes: number }
  | {
      readonly kind: 'piece'
      readonly input: number
      readonly start: number
      readonly bytes: number
      readonly last: boolean
    }

/**
 * Plans the reads of a day in the order of the inputs: small objects are read together, large ones in pieces. The plan
 * depends only on keys and sizes, so a day is cut the same way wherever it is read.
 *
 * @param shardBytes raw bytes per shard
 */
export function* planReads(inputs: readonly RawObject[], shardBytes: number): Generator<Read> {
  let first = 0
  let bytes = 0
  let weight = 0
  for (const [input, { key, size }] of inputs.entries()) {
    const isCompressed = isCompressedName(key)
    const pieceBytes = isCompressed ? Math.min(SMALL_COMPRESSED_BYTES, shardBytes) : shardBytes
    const isLarge = size > pieceBytes
    const itsWeight = isCompressed ? size * COMPRESSION_RATIO : size
    if (input > first && (isLarge || weight + itsWeight > shardBytes)) {
      yield { kind: 'objects', first, end: input, bytes }
      first = input
      bytes = weight = 0
    }
    if (isLarge) {
      yield* pieces(input, size, pieceBytes)
      first = input + 1
    } else {
      bytes += size
      weight += itsWeight
    }
  }
  if (inputs.length > first) yield { kind: 'objects', first, end: inputs.length, bytes }
}

/** Groups reads for {@link cutShards}, in their order: all of a large object together, any other alone. */
export function* groupReads(reads: Iterable<Read>): Generator<readonly Read[]> {
  let group: Read[] = []
  for (const read of reads) {
    group.push(read)
    if (read.kind === 'piece' && !read.last) continue
    yield group
    group = []
  }
}

function* pieces(input: number, size: number, pieceBytes: number): Generator<Read> {
  for (let start = 0; start < size; start += pieceBytes) {
    const bytes = Math.min(pieceBytes, size - start)
    yield { kind: 'piece', input, start, bytes, last: start + bytes === size }
  }
}
