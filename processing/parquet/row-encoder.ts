import type { ColumnSpec, ElementSpec } from '../../core/columns.ts'
import type { PackedChunk } from './chunk.ts'
import { LeafEncoder, type EncoderClock } from './leaf-encoder.ts'
import { leavesOf } from './schema.ts'

/** Encodes rows, which were checked, into chunks. */
export interface RowEncoder {
  /** Rows since the last `finish`. */
  readonly rows: number
  /** Values encoded so far, nulls included. */
  readonly values: number
  /** Compressed bytes since the last `finish`, open pages left out. */
  readonly bytes: number
  append(row: Readonly<Record<string, unknown>>): void
  /** The rows since the last `finish`, in a buffer of their own. */
  finish(): PackedChunk
}

type Append = (encoder: LeafEncoder, value: unknown, definition: number, repetition: number) => void

/**
 * An encoder of rows with these columns. Holds at most a page a column and the compressed chunk.
 *
 * @param clock what compression takes is added here
 */
export function rowEncoder(columns: readonly ColumnSpec[], clock: EncoderClock): RowEncoder {
  const encoders = leavesOf(columns).map((leaf) => new LeafEncoder(leaf, clock))
  const names = columns.map((column) => column.name)
  const appends = columns.map((column) => appendOf(column, 0))
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
      for (let index = 0; index < names.length; index++) {
        const encoder = encoders[index]!
        appends[index]!(encoder, row[names[index]!], 0, 0)
        encoder.endRow()
      }
      rows++
    },
    finish() {
      const finished = encoders.map((encoder) => encoder.finish())
      const buffer = new ArrayBuffer(finished.reduce((sum, { bytes }) => sum + bytes.length, 0))
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

/**
 * How a value of a column becomes levels and values.
 * https://parquet.apache.org/docs/file-format/nestedencoding/
 *
 * @param depth lists around the column
 */
function appendOf(spec: ElementSpec, depth: number): Append {
  const present = spec.nullable ? 1 : 0
  const append = spec.kind === 'list' ? appendList(spec.element!, depth + 1) : appendScalar
  if (!spec.nullable) return append
  return (encoder, value, definition, repetition) => {
    if (value === null) encoder.absent(definition, repetition)
    else append(encoder, value, definition + present, repetition)
  }
}

const appendScalar: Append = (encoder, value, definition, repetition) => {
  encoder.level(definition, repetition)
  encoder.put(value)
}

function appendList(element: ElementSpec, depth: number): Append {
  const append = appendOf(element, depth)
  return (encoder, value, definition, repetition) => {
    const list = value as readonly unknown[]
    if (list.length === 0) encoder.absent(definition, repetition)
    for (let index = 0; index < list.length; index++) {
      append(encoder, list[index], definition + 1, index === 0 ? repetition : depth)
    }
  }
}
