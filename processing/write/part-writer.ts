import { ByteWriter, ParquetWriter } from 'hyparquet-writer'
import type { ColumnChunk, RowGroup, SchemaElement, Statistics } from 'hyparquet'
import type { OutputFile } from './sink.ts'
import type { Chunk, LeafChunk } from '../parquet/chunk.ts'
import type { Leaf } from '../parquet/leaves.ts'

/** Room for footer and magic numbers, before their size is known: a column of a row group takes about 150 bytes. */
const FOOTER_BYTES_A_COLUMN = 256
const FOOTER_BYTES = 64 * 1024

/** Writes one Parquet file by copying the encoded pages of chunks; no value is decoded. */
export interface PartWriter {
  /** Number of rows so far. */
  readonly rows: number
  /** Number of values of all columns so far, nulls included. */
  readonly values: number
  /** Bytes written so far, and an estimate for the footer. */
  readonly bytes: number
  /** Writes chunks as one row group. Resolves when the next may be written. */
  writeRowGroup(chunks: readonly Chunk[]): Promise<void>
  /** Writes the footer and closes the file. Resolves to its size in bytes. */
  finish(): Promise<number>
}

/**
 * Begins a Parquet file. hyparquet-writer writes the file's frame and footer; encoded pages go to the file without
 * passing through its buffer.
 */
export function partWriter(file: OutputFile, schema: SchemaElement[], leaves: readonly Leaf[]): PartWriter {
  const port = new FilePort()
  const parquet = new ParquetWriter({
    writer: port,
    schema,
    createdBy: 'dayfold',
    statisticsTruncateLength: Infinity,
  })
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
      return (
        port.offset + FOOTER_BYTES + FOOTER_BYTES_A_COLUMN * leaves.length * (parquet.row_groups.length + 1)
      )
    },
    async writeRowGroup(chunks) {
      const start = port.offset
      const columns: ColumnChunk[] = []
      for (const [index, leaf] of leaves.entries()) {
        const pieces = chunks.map((chunk) => chunk.leaves[index]!)
        columns.push(columnChunk(leaf, pieces, port.offset))
        for (const { bytes } of pieces) await port.pass(bytes, file)
      }
      const groupRows = chunks.reduce((sum, chunk) => sum + chunk.rows, 0)
      parquet.row_groups.push(rowGroup(columns, groupRows, port.offset - start))
      parquet.num_rows += BigInt(groupRows)
      rows += groupRows
      values += columns.reduce((sum, { meta_data }) => sum + Number(meta_data!.num_values), 0)
    },
    async finish() {
      void parquet.finish()
      await port.drain(file)
      await file.close()
      return port.offset
    },
  }
}

/** hyparquet-writer's port to an output file: small writes are gathered, pages go through. */
class FilePort extends ByteWriter {
  /** Writes bytes to the file, after those that were gathered. */
  async pass(bytes: Uint8Array, file: OutputFile): Promise<void> {
    await this.drain(file)
    this.offset += bytes.length
    await file.write(bytes)
  }

  async drain(file: OutputFile): Promise<void> {
    if (this.index === 0) return
    const gathered = new Uint8Array(this.getBuffer())
    this.index = 0
    await file.write(gathered)
  }
}

function rowGroup(columns: ColumnChunk[], rows: number, bytes: number): RowGroup {
  const uncompressed = columns.reduce((sum, { meta_data }) => sum + meta_data!.total_uncompressed_size, 0n)
  return {
    columns,
    total_byte_size: uncompressed,
    num_rows: BigInt(rows),
    total_compressed_size: BigInt(bytes),
  }
}

function columnChunk(leaf: Leaf, pieces: readonly LeafChunk[], offset: number): ColumnChunk {
  return {
    file_offset: BigInt(offset),
    meta_data: {
      type: leaf.parquet.type!,
      encodings: leaf.maxDefinition > 0 ? ['PLAIN', 'RLE'] : ['PLAIN'],
      path_in_schema: [...leaf.path],
      codec: 'SNAPPY',
      num_values: BigInt(sum(pieces, 'values')),
      total_compressed_size: BigInt(pieces.reduce((total, { bytes }) => total + bytes.length, 0)),
      total_uncompressed_size: BigInt(sum(pieces, 'uncompressedBytes')),
      data_page_offset: BigInt(offset),
      statistics: statistics(leaf, pieces),
      encoding_stats: [{ page_type: 'DATA_PAGE_V2', encoding: 'PLAIN', count: sum(pieces, 'pages') }],
    },
  }
}

/** Merges the statistics of chunks. There are no bounds if those of a chunk with values are unknown. */
function statistics({ kind }: Leaf, pieces: readonly LeafChunk[]): Statistics {
  const null_count = BigInt(sum(pieces, 'nulls'))
  const valued = pieces.filter((piece) => piece.values > piece.nulls)
  if (valued.length === 0 || valued.some((piece) => piece.min === undefined)) return { null_count }
  let [min, max] = [valued[0]!.min!, valued[0]!.max!]
  for (const piece of valued) {
    if (piece.min! < min) min = piece.min!
    if (piece.max! > max) max = piece.max!
  }
  return {
    null_count,
    min_value: kind.writtenBound?.(min, 'min') ?? min,
    max_value: kind.writtenBound?.(max, 'max') ?? max,
  }
}

function sum(
  pieces: readonly LeafChunk[],
  field: 'values' | 'nulls' | 'uncompressedBytes' | 'pages',
): number {
  return pieces.reduce((total, piece) => total + piece[field], 0)
}
