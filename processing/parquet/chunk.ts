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
  /** Gives the memory of the pages back, which must then no longer be read. @default the garbage collector frees it */
  readonly free?: () => void
}

/** Returns the compressed bytes of a chunk's pages, including headers. */
export function chunkBytes(chunk: Chunk): number {
  return chunk.leaves.reduce((sum, leaf) => sum + leaf.bytes.length, 0)
}

/** A chunk in the form in which a worker sends it to the main thread: all pages in shared memory. */
export interface PackedChunk {
  readonly rows: number
  /** Pages of all leaves, one leaf after the other. Bytes behind the last one are undefined. */
  readonly buffer: SharedArrayBuffer
  /** One per leaf; `length` is the bytes of its pages, which follow each other in the buffer. */
  readonly leaves: readonly (Omit<LeafChunk, 'bytes'> & { readonly length: number })[]
}

/** Memory for the pages of chunks. */
export interface ChunkMemory {
  /** Returns memory of that many bytes or more, with any content. */
  take(bytes: number): SharedArrayBuffer
  /** Takes memory back that nobody reads any more. */
  give(buffers: readonly SharedArrayBuffer[]): void
}

/** Sizes of memory are multiples of this, so that the next chunk, which is hardly larger, fits. */
const STEP = 256 * 1024
/** Maximum number of unused buffers that are kept. */
const KEPT = 4

/**
 * Makes memory for chunks, which is used again and again. It is shared with the main thread rather than transferred:
 * from the first buffer that a thread transfers on, V8 looks at each access to any typed array whether its buffer is
 * still there, in a thread whose work is all typed arrays.
 */
export function chunkMemory(): ChunkMemory {
  let free: SharedArrayBuffer[] = []
  return {
    take: (bytes) => {
      const fitting = free.findIndex(({ byteLength }) => byteLength >= bytes)
      if (fitting >= 0) return free.splice(fitting, 1)[0]!
      return new SharedArrayBuffer(Math.ceil((bytes + 1) / STEP) * STEP)
    },
    give: (buffers) => {
      free = [...buffers, ...free].slice(0, KEPT)
    },
  }
}

/**
 * Unpacks a chunk. Its pages are views of the buffer, not copies.
 *
 * @param release gets the buffer when the chunk is freed
 */
export function unpackChunk(
  { rows, buffer, leaves }: PackedChunk,
  release: (buffer: SharedArrayBuffer) => void = () => {},
): Chunk {
  let offset = 0
  return {
    rows,
    free: () => release(buffer),
    leaves: leaves.map(({ length, ...leaf }) => {
      const bytes = new Uint8Array(buffer, offset, length)
      offset += length
      return { ...leaf, bytes }
    }),
  }
}
