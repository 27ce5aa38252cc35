import type { Bound } from '../../core/kinds/kind.ts'

/** Pages of one leaf, PLAIN and without dictionary, so that chunks of the same leaf can be concatenated. */
export interface LeafChunk {
  /** Page headers and compressed pages. */
  readonly bytes: Uint8Array
  /** Number of values, nulls and empty lists included. */
  readonly values: number
  readonly nulls: number
  /** Bytes of the pages before compression, headers included. */
  readonly uncompressedBytes: number
  readonly pages: number
  /** Least value; both bounds are absent if unknown, or if there is no value. */
  readonly min?: Bound
  readonly max?: Bound
}

/** Encoded rows: the unit that row groups are made of. */
export interface Chunk {
  readonly rows: number
  /** In the order of the schema's leaves. */
  readonly leaves: readonly LeafChunk[]
  /** Frees the memory of the pages, which are gone then. Absent if it is left to the garbage collector. */
  readonly free?: () => void
}

/** Returns the compressed bytes of a chunk's pages, headers included. */
export function chunkBytes(chunk: Chunk): number {
  return chunk.leaves.reduce((sum, leaf) => sum + leaf.bytes.length, 0)
}

/** A chunk as a worker sends it to the main thread: all pages in one buffer, which is transferred. */
export interface PackedChunk {
  readonly rows: number
  readonly buffer: ArrayBuffer
  readonly leaves: readonly (Omit<LeafChunk, 'bytes'> & { readonly length: number })[]
}

/**
 * Makes a buffer for a chunk. It is resizable, so that its memory is mapped for it alone and freed as soon as it is
 * resized to nothing. Otherwise memory stays: V8's collector sees a small heap and waits, while each chunk holds
 * megabytes outside of it, and malloc keeps what is freed.
 */
export function chunkBuffer(bytes: number): ArrayBuffer {
  return new ArrayBuffer(bytes, { maxByteLength: bytes })
}

/** Unpacks a chunk; its pages are views of the buffer. */
export function unpackChunk({ rows, buffer, leaves }: PackedChunk): Chunk {
  let offset = 0
  return {
    rows,
    free: () => buffer.resize(0),
    leaves: leaves.map(({ length, ...leaf }) => {
      const bytes = new Uint8Array(buffer, offset, length)
      offset += length
      return { ...leaf, bytes }
    }),
  }
}
