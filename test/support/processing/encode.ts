import type { ColumnSpec } from '../../../core/columns.ts'
import type { FileLimits } from '../../../core/file-limits.ts'
import { unpackChunk } from '../../../processing/parquet/chunk.ts'
import { partAssembler } from '../../../processing/write/part-assembler.ts'
import { rowEncoder } from '../../../processing/parquet/row-encoder.ts'
import { LIMITS, memorySink } from './day.ts'

/** Encodes rows in chunks of these sizes and one of the rest, and assembles the chunks to files. */
export async function encodeRows(
  columns: readonly ColumnSpec[],
  rows: readonly Readonly<Record<string, unknown>>[],
  chunkSizes: readonly number[] = [],
  limits: FileLimits = LIMITS,
): Promise<Buffer[]> {
  const encoder = rowEncoder(columns, { compressSeconds: 0 })
  const { sink, files } = memorySink()
  const assembler = partAssembler({ columns, limits, generation: 1, attempt: 'a1', sink, chunkRows: 1 })
  const sizes = [...chunkSizes]
  for (const row of rows) {
    encoder.append(row)
    if (encoder.rows === sizes[0]) {
      sizes.shift()
      await assembler.add(unpackChunk(encoder.finish()))
    }
  }
  if (encoder.rows > 0) await assembler.add(unpackChunk(encoder.finish()))
  await assembler.finish()
  return [...files.values()]
}
