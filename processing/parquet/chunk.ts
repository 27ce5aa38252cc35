import type { Bound } from '../../core/kinds/kind.ts'

/**
 * Encoded pages of one Parquet column (a leaf of the schema). They are PLAIN without dictionary, so pages of several
 * chunks can be concatenated.
 */
export interface LeafChunk {
  /** Page headers and compressed pages. */
  readonly bytes: Uint8Array
  /** Number of values; nulls and empty lists count. */
  readonly values: number
  /** Number of nulls and empty lists. */
  readonly nulls: number
  /** Bytes of the pages before compression, including headers. */
  readonly uncompressedBytes: number
  /** Number of pages. */
  readonly pages: number
  /** Least value. Both bounds are absent if they are unknown or there is no value. */
  readonly min?: Bound
  /** Greatest value. */
  readonly max?: Bound
}

/** Encoded rows of all columns. One or more chunks are joined into a row group. */
export interface Chunk {
  readonly rows: number
  /** One per leaf of the schema, in its order. */
  readonly leaves: readonly LeafChunk[]
  /** Frees the memory of the pages, which can then no longer be read. @default the garbage collector frees it */
  readonly free?: () => void
}

/** Returns the compressed bytes of a chunk's pages, including headers. */
export function chunkBytes(chunk: Chunk): number {
  return chunk.leaves.reduce((sum, leaf) => sum + leaf.bytes.length, 0)
}

/** A chunk in the form in which a worker sends it to the main thread: all pages in one buffer, which is transferred. */
export interface PackedChunk {
  readonly rows: number
  /** Pages of all leaves, one leaf after the other. */
  readonly buffer: ArrayBuffer
  /** One per leaf; `length` is the bytes of its pages, which follow each other in the buffer. */
  readonly leaves: readonly (Omit<LeafChunk, 'bytes'> & { readonly length: number })[]
}

/**
 * Makes a buffer for the pages of a chunk, whose memory can be freed at once by resizing it to nothing. Memory of an
 * ordinary buffer would stay: V8's collector sees a small heap and waits, while each chunk holds megabytes outside of
 * it, and malloc keeps what is freed.
 */
export function chunkBuffer(bytes: number): ArrayBuffer {
  return new ArrayBuffer(bytes, { maxByteLength: bytes })
}

/** Unpacks a chunk. Its pages are views of the buffer, not copies; freeing the chunk empties the buffer. */
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
