import type { ColumnSpec } from '../../core/columns.ts'
import { chunkBuffer, type PackedChunk } from './chunk.ts'
import { compileAppend } from './compile-append.ts'
import { LeafEncoder, type EncoderClock, type PageObserver } from './leaf-encoder.ts'
import { leavesOf } from './leaves.ts'

/** Encodes checked rows into chunks. */
export interface RowEncoder {
  /** Rows since the last `finish`. */
  readonly rows: number
  /** Values of all finished chunks, nulls included. */
  readonly values: number
  /** Compressed bytes since the last `finish`, without open pages. */
  readonly bytes: number
  append(row: Readonly<Record<string, unknown>>): void
  /** Closes the chunk of the rows since the last `finish`, and returns it in a buffer of its own. */
  finish(): PackedChunk
}

/**
 * Opens an encoder of rows with these columns. Holds at most one page per column and the compressed chunk.
 *
 * @param clock the time that compression takes is added here
 * @param observers get the pages of each column, in the order of the columns
 */
export function rowEncoder(
  columns: readonly ColumnSpec[],
  clock: EncoderClock,
  observers: readonly PageObserver[] = [],
): RowEncoder {
  const encoders = leavesOf(columns).map((leaf, index) => new LeafEncoder(leaf, clock, observers[index]))
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
      const buffer = chunkBuffer(finished.reduce((sum, { bytes }) => sum + bytes.length, 0))
      let offset = 0
      for (const { bytes, leaf } of finished) {
        new Uint8Array(buffer, offset, bytes.length).set(bytes)
        offset += bytes.length
        values += leaf.values
      }
      const chunk = { rows, buffer, leaves: finished.map(({ leaf }) => leaf) }
      rows = 0
      return chunk
    },
  }
}
