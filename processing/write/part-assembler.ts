import type { ColumnSpec } from '../../core/columns.ts'
import { partName } from '../../core/layout.ts'
import { parquetSchema } from '../../core/parquet-schema.ts'
import type { FileLimits } from '../../core/file-limits.ts'
import type { Sink, OutputFile } from './sink.ts'
import { chunkBytes, type Chunk } from '../parquet/chunk.ts'
import { partWriter, type PartWriter } from './part-writer.ts'
import { leavesOf } from '../parquet/leaves.ts'

/** Compressed bytes at which a row group is closed even if it has few rows, because it is held in memory until then. */
export const ROW_GROUP_BYTES = 128 * 1024 * 1024

/** A part that is completely written. */
export interface FinishedPart {
  /** File name. */
  readonly name: string
  readonly rows: number
  readonly bytes: number
  /** Number of values of all columns, nulls included. */
  readonly values: number
}

/** Joins encoded chunks of rows into row groups and parts, in the order in which they are added. */
export interface PartAssembler {
  /** Adds the next chunk, of at most `partRows` rows. Resolves when another may be added. */
  add(chunk: Chunk): Promise<void>
  /** Completes the last part and returns all parts, in order; none if there were no rows. */
  finish(): Promise<FinishedPart[]>
  /** Discards the unfinished part. */
  abort(): Promise<void>
}

/** Columns and sizes of the parts, and the receiver of their bytes. */
export interface PartAssemblerOptions {
  readonly columns: readonly ColumnSpec[]
  /** Maximum sizes of parts and row groups. */
  readonly limits: FileLimits
  /** Number of the generation, a part of each file's name. */
  readonly generation: number
  /** Token of the attempt, a part of each file's name. */
  readonly attempt: string
  /** Receives the parts. */
  readonly sink: Sink
  /** Maximum number of rows of a chunk. */
  readonly chunkRows: number
}

/**
 * Makes an assembler of parts, whose bytes depend only on the sequence of chunks. A row group is closed at
 * `rowGroupRows` rows or {@link ROW_GROUP_BYTES}, a part when another row group might exceed its limits. Holds the
 * chunks of one row group.
 */
export function partAssembler(options: PartAssemblerOptions): PartAssembler {
  const { columns, limits, sink, chunkRows } = options
  const schema = parquetSchema(columns)
  const leaves = leavesOf(columns)
  const groupRows = Math.min(limits.rowGroupRows, limits.partRows)
  const finished: FinishedPart[] = []
  let part: { name: string; file: OutputFile; writer: PartWriter } | undefined
  let group: Chunk[] = []
  let rows = 0
  let bytes = 0

  return {
    async add(chunk) {
      const size = chunkBytes(chunk)
      if (!fits(rows + chunk.rows, bytes + size)) {
        await closeGroup()
        if (!fits(chunk.rows, size)) await closePart()
      }
      group.push(chunk)
      rows += chunk.rows
      bytes += size
      if (rows < groupRows && bytes < ROW_GROUP_BYTES) return
      const groupBytes = bytes
      await closeGroup()
      // A part that is somewhat short of its limit is better than one that ends with a small row group.
      if (!fits(groupRows + chunkRows, groupBytes + size)) await closePart()
    },
    async finish() {
      await closeGroup()
      await closePart()
      return finished
    },
    async abort() {
      await part?.file.abort()
    },
  }

  /** True if the open part can take a row group of this size. */
  function fits(moreRows: number, moreBytes: number): boolean {
    const [partRows, partBytes] = part ? [part.writer.rows, part.writer.bytes] : [0, 0]
    if (partRows === 0 && rows === 0) return true
    return partRows + moreRows <= limits.partRows && partBytes + moreBytes <= limits.partBytes
  }

  async function closeGroup(): Promise<void> {
    if (group.length === 0) return
    part ??= await openPart()
    const chunks = group
    group = []
    rows = bytes = 0
    await part.writer.writeRowGroup(chunks)
    for (const chunk of chunks) chunk.free?.()
  }

  async function openPart() {
    const name = partName(options.generation, options.attempt, finished.length)
    const file = await sink.create('parts', name)
    return { name, file, writer: partWriter(file, schema, leaves) }
  }

  async function closePart(): Promise<void> {
    if (!part) return
    const { name, writer } = part
    const size = await writer.finish()
    finished.push({ name, rows: writer.rows, bytes: size, values: writer.values })
    part = undefined
  }
}
