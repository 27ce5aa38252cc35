import { copyBytes } from '../copy-bytes.ts'
import type { ColumnSpec } from '../../core/columns.ts'
import { chunkMemory, type ChunkMemory, type PackedChunk } from './chunk.ts'
import { compileAppend } from './compile-append.ts'
import { LeafEncoder, type EncoderClock, type PageObserver } from './leaf-encoder.ts'
import type { KnownTexts } from './known-texts.ts'
import { leavesOf } from './leaves.ts'

/** Encodes rows into chunks of Parquet pages. Rows must have passed the check of their columns. */
export interface RowEncoder {
  /** Number of rows since the last `finish`. */
  readonly rows: number
  /** Number of values of all finished chunks, nulls included. */
  readonly values: number
  /** Compressed bytes since the last `finish`; pages that are still open do not count. */
  readonly bytes: number
  /** Adds a row. */
  append(row: Readonly<Record<string, unknown>>): void
  /** Returns the rows since the last `finish` as a chunk. */
  finish(): PackedChunk
}

/**
 * Makes an encoder of rows with these columns into chunks of Parquet pages. It holds at most one uncompressed page per
 * column, and the compressed pages of the chunk.
 *
 * @param clock counts the seconds that compression takes
 * @param observers one per column, in the order of the columns; each receives the pages of its column
 * @param memory memory for the chunks
 * @param known texts that rows may hold as they are @default none
 */
export function rowEncoder(
  columns: readonly ColumnSpec[],
  clock: EncoderClock,
  observers: readonly PageObserver[] = [],
  memory: Pick<ChunkMemory, 'take'> = chunkMemory(),
  known?: KnownTexts,
): RowEncoder {
  const encoders = leavesOf(columns).map(
    (leaf, index) => new LeafEncoder(leaf, clock, observers[index], known),
  )
  const append = compileAppend(columns, encoders)
  let rows = 0
  let values = 0
  return {
    get rows() {
      return rows
    },
    get values() {
      return values
    },
    get bytes() {
      return encoders.reduce((sum, encoder) => sum + encoder.bytes, 0)
    },
    append(row) {
      append(row)
      rows++
    },
    finish() {
      const finished = encoders.map((encoder) => encoder.finish())
      const buffer = memory.take(finished.reduce((sum, { bytes }) => sum + bytes.length, 0))
      const packed = new Uint8Array(buffer)
      let offset = 0
      for (const { bytes, leaf } of finished) {
        copyBytes(bytes, packed, offset)
        offset += bytes.length
        values += leaf.values
      }
      const chunk = { rows, buffer, leaves: finished.map(({ leaf }) => leaf) }
      rows = 0
      return chunk
    },
  }
}
