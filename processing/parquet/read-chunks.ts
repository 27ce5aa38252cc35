import {
  parquetMetadataAsync,
  type AsyncBuffer,
  type ColumnChunk,
  type ColumnMetaData,
  type FileMetaData,
  type SchemaElement,
} from 'hyparquet'
import type { MinMaxType } from 'hyparquet/src/types.js'
import type { Bound } from '../../core/kinds/kind.ts'
import type { ColumnSpec } from '../../core/columns.ts'
import { DayfoldError } from '../../core/errors.ts'
import { parquetSchema } from '../../core/parquet-schema.ts'
import type { Chunk, LeafChunk } from './chunk.ts'
import { leavesOf, type Leaf } from './leaves.ts'

/** A Parquet file whose row groups can be read. */
export interface ChunkSource {
  /** Key of the file, for messages. */
  readonly key: string
  /** Size of the file. */
  readonly bytes: number
  /** Reads that many bytes from position `start`. */
  read(start: number, bytes: number): Promise<Buffer>
}

/**
 * Reads the row groups of a part as chunks, in their order, without decoding them. Holds one row group while it reads
 * the next one ahead.
 *
 * @throws DayfoldError ColumnsMismatch if the file's schema differs from `columns`, or another program wrote it
 */
export async function* readChunks(file: ChunkSource, columns: readonly ColumnSpec[]): AsyncGenerator<Chunk> {
  const metadata = await readFooter(file)
  checkSchema(file.key, metadata, columns)
  const leaves = leavesOf(columns)
  const reads = metadata.row_groups.map(
    (group) => () => readRowGroup(file, group.columns, leaves, Number(group.num_rows)),
  )
  let next = reads[0]?.()
  for (let index = 1; next; index++) {
    const chunk = await next
    next = reads[index]?.()
    // Handled when it is awaited; the empty catch only keeps Node from reporting an unhandled rejection.
    next?.catch(() => {})
    yield chunk
  }
}

/** Reads the footer; hyparquet first reads half a megabyte at the file's end. */
function readFooter(file: ChunkSource): Promise<FileMetaData> {
  const buffer: AsyncBuffer = {
    byteLength: file.bytes,
    slice: async (start, end = file.bytes) => {
      const bytes = await file.read(start, end - start)
      return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer
    },
  }
  return parquetMetadataAsync(buffer)
}

function checkSchema(key: string, metadata: FileMetaData, columns: readonly ColumnSpec[]): void {
  const [found, expected] = [metadata.schema, parquetSchema(columns)].map((schema) =>
    schema.slice(1).map(describe).join(', '),
  )
  if (found === expected) return
  throw new DayfoldError(
    'ColumnsMismatch',
    `${key}: expected columns ${expected}, found ${found}. Rebuild the day: mode "rebuild".`,
  )
}

/** Describes an element of a schema in full, except for the number of its children, which follow it. */
function describe(element: SchemaElement): string {
  const { name, type, converted_type, repetition_type, ...others } = element
  const further = Object.entries({ ...others, num_children: undefined })
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key} ${JSON.stringify(value)}`)
    .sort()
  return [name, type, converted_type, repetition_type, ...further].join(' ').trim()
}

async function readRowGroup(
  file: ChunkSource,
  columns: readonly ColumnChunk[],
  leaves: readonly Leaf[],
  rows: number,
): Promise<Chunk> {
  const first = columns[0]!.meta_data!
  const start = Number(first.data_page_offset)
  const length = columns.reduce((sum, { meta_data }) => sum + Number(meta_data!.total_compressed_size), 0)
  const bytes = await file.read(start, length)
  return {
    rows,
    leaves: columns.map((column, index) => leafChunk(file.key, column, leaves[index]!, bytes, start)),
  }
}

function leafChunk(
  key: string,
  { meta_data }: ColumnChunk,
  leaf: Leaf,
  bytes: Buffer,
  start: number,
): LeafChunk {
  const meta = meta_data!
  const foreign = foreignTrait(meta, leaf)
  if (foreign !== undefined) {
    throw new DayfoldError(
      'ColumnsMismatch',
      `${key}: expected a part that this program wrote, found a column ${foreign}.`,
    )
  }
  const offset = Number(meta.data_page_offset) - start
  const { statistics } = meta
  const [min, max] = [bound(leaf, statistics?.min_value), bound(leaf, statistics?.max_value)]
  return {
    bytes: bytes.subarray(offset, offset + Number(meta.total_compressed_size)),
    values: Number(meta.num_values),
    nulls: Number(statistics?.null_count ?? 0n),
    uncompressedBytes: Number(meta.total_uncompressed_size),
    pages: meta.encoding_stats?.reduce((sum, { count }) => sum + count, 0) ?? 0,
    ...(min !== undefined && max !== undefined && { min, max }),
  }
}

/** Tells what about a column cannot be of this program, and could not be copied. */
function foreignTrait({ dictionary_page_offset, codec, statistics }: ColumnMetaData, leaf: Leaf) {
  if (dictionary_page_offset !== undefined || codec !== 'SNAPPY') return 'with a dictionary or another codec'
  // Written as 0, a count that is unknown would have readers skip the nulls that there are.
  if (leaf.maxDefinition > 0 && statistics?.null_count === undefined) return 'whose nulls are not counted'
  return undefined
}

/** Converts a bound of a file's statistics to the type that encoders give. */
function bound({ kind, spec }: Leaf, value: MinMaxType | undefined): Bound | undefined {
  if (value === undefined) return undefined
  return kind.readBound ? kind.readBound(value, spec) : (value as Bound)
}
