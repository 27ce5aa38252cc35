import {
  asyncBufferFromFile,
  parquetMetadataAsync,
  parquetReadObjects,
  type AsyncBuffer,
  type FileMetaData,
  type SchemaElement,
} from 'hyparquet'

/** A Parquet file on this machine, its footer read. */
export interface ParquetFile {
  readonly path: string
  readonly buffer: AsyncBuffer
  readonly metadata: FileMetaData
}

/** Opens a Parquet file; holds its footer. */
export async function openParquet(path: string): Promise<ParquetFile> {
  const buffer = await asyncBufferFromFile(path)
  return { path, buffer, metadata: await parquetMetadataAsync(buffer) }
}

/** Number of rows of a file. */
export function rowCount({ metadata }: ParquetFile): number {
  return Number(metadata.num_rows)
}

/** Names of a file's columns, in order. */
export function columnNames({ metadata }: ParquetFile): string[] {
  return topLevelElements(metadata.schema).map(({ name }) => name)
}

/** The rows of a file, a row group at a time, which is what it holds in memory. Every column is there, null or not. */
export async function* readRowGroups({
  buffer,
  metadata,
}: ParquetFile): AsyncGenerator<Record<string, unknown>[]> {
  const nested = topLevelElements(metadata.schema).filter(({ index, end }) => end > index + 1)
  const names = nested.map(({ name }) => name)
  let rowStart = 0
  for (const { num_rows } of metadata.row_groups) {
    const rowEnd = rowStart + Number(num_rows)
    const rows = await parquetReadObjects({ file: buffer, metadata, rowStart, rowEnd })
    for (const row of rows) for (const name of names) row[name] = withNulls(row[name])
    yield rows
    rowStart = rowEnd
  }
}

/** hyparquet has undefined for a list, struct or map that is null, at any depth, and null for every other value. */
function withNulls(value: unknown): unknown {
  if (value === undefined) return null
  if (Array.isArray(value)) return value.map(withNulls)
  if (value === null || typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype)
    return value
  return Object.fromEntries(Object.entries(value).map(([key, inside]) => [key, withNulls(inside)]))
}

/** The leaf element of each column, by name, in the order of the columns. */
export type Leaves = ReadonlyMap<string, SchemaElement>

/** A column's own leaf: of a list, its element's. Says how the values are to be understood. */
export function leafElements({ metadata }: ParquetFile): Leaves {
  const leaves = new Map<string, SchemaElement>()
  for (const { name, index, end } of topLevelElements(metadata.schema)) {
    const inside = metadata.schema.slice(index, end)
    leaves.set(
      name,
      inside.find(({ num_children }) => !num_children)!,
    )
  }
  return leaves
}

/** The schema is flat, a parent before its children: https://parquet.apache.org/docs/file-format/metadata/ */
function topLevelElements(schema: readonly SchemaElement[]): { name: string; index: number; end: number }[] {
  const found: { name: string; index: number; end: number }[] = []
  let index = 1
  while (index < schema.length) {
    const end = endOf(schema, index)
    found.push({ name: schema[index]!.name, index, end })
    index = end
  }
  return found
}

function endOf(schema: readonly SchemaElement[], index: number): number {
  let end = index + 1
  for (let child = 0; child < (schema[index]!.num_children ?? 0); child++) end = endOf(schema, end)
  return end
}
