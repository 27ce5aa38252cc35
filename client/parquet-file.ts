import {
  asyncBufferFromFile,
  parquetMetadataAsync,
  parquetRead,
  parquetSchema,
  type AsyncBuffer,
  type ColumnData,
  type FileMetaData,
  type SchemaElement,
  type SchemaTree,
} from 'hyparquet'
import { isListLike, isMapLike } from 'hyparquet/src/schema.js'
import { DECIMAL, decimalText } from '../core/kinds/decimal.ts'
import { kindOfLeaf } from '../core/parquet-schema.ts'
import { leafText } from './leaf-text.ts'

/** A Parquet file that is open for reading, with its parsed footer. */
export interface ParquetFile {
  /** Path of a local file, or key of one in S3. */
  readonly path: string
  /** Reads byte ranges of the file. */
  readonly buffer: AsyncBuffer
  readonly metadata: FileMetaData
}

/** Opens a local Parquet file for reading. Holds its footer in memory. */
export async function openParquet(path: string): Promise<ParquetFile> {
  const buffer = await asyncBufferFromFile(path)
  return { path, buffer, metadata: await parquetMetadataAsync(buffer) }
}

/** Returns the number of rows that a file's footer states. */
export function rowCount({ metadata }: ParquetFile): number {
  return Number(metadata.num_rows)
}

/** Returns the names of a Parquet file's columns, in order. */
export function columnNames({ metadata }: ParquetFile): string[] {
  return parquetSchema(metadata).children.map(({ element }) => element.name)
}

/**
 * Yields the rows of a file, one row group at a time, in order. Holds that row group in memory. Every column is
 * present, null or not. Decimals are text with all digits, text is unchanged, maps are objects with text keys.
 */
export async function* readRowGroups(file: ParquetFile): AsyncGenerator<Row[]> {
  for await (const { columns, rows } of readColumns(file)) yield rowsOf(columns, 0, rows)
}

const BATCH_ROWS = 1000

/**
 * Yields the rows of a file in batches of at most a thousand, in order and with the values of {@link readRowGroups}.
 * Holds the values of one row group by column, and makes rows of them batch by batch, which takes several times less
 * memory than all of its rows.
 */
export async function* readBatches(file: ParquetFile): AsyncGenerator<Row[]> {
  for await (const { columns, rows } of readColumns(file)) {
    for (let start = 0; start < rows; start += BATCH_ROWS)
      yield rowsOf(columns, start, Math.min(start + BATCH_ROWS, rows))
  }
}

type Row = Record<string, unknown>

/** Values of a column within a row group, in decoded pieces. */
interface Column {
  readonly node: SchemaTree
  readonly pieces: { readonly start: number; readonly values: ArrayLike<unknown> }[]
  /** Index of the piece that was read last. */
  at: number
}

async function* readColumns({
  buffer,
  metadata,
}: ParquetFile): AsyncGenerator<{ readonly columns: readonly Column[]; readonly rows: number }> {
  const stored = { ...metadata, schema: metadata.schema.map(asStored) }
  // Bytes that are not marked as text must not be decoded: what is not UTF-8 would be lost.
  const options = { file: buffer, metadata: stored, parsers, utf8: false }
  let rowStart = 0
  for (const { num_rows } of metadata.row_groups) {
    const rows = Number(num_rows)
    const columns = parquetSchema(metadata).children.map((node): Column => ({ node, pieces: [], at: 0 }))
    const byName = new Map(columns.map((column) => [column.node.element.name, column]))
    const start = rowStart
    const onChunk = (chunk: ColumnData) =>
      void byName
        .get(chunk.columnName)!
        .pieces.push({ start: chunk.rowStart - start, values: chunk.columnData })
    await parquetRead({ ...options, rowStart, rowEnd: rowStart + rows, onChunk })
    yield { columns, rows }
    rowStart += rows
  }
}

function rowsOf(columns: readonly Column[], from: number, to: number): Row[] {
  return Array.from({ length: to - from }, (_, index) =>
    Object.fromEntries(columns.map((column) => [column.node.element.name, valueAt(column, from + index)])),
  )
}

/** Rows are read in order, so the piece is the last one or the next. */
function valueAt(column: Column, row: number): unknown {
  const { pieces, node } = column
  while (row >= pieces[column.at]!.start + pieces[column.at]!.values.length) column.at += 1
  const { start, values } = pieces[column.at]!
  const value = values[row - start]
  return node.children.length > 0 || isDecimal(node.element) ? valueOf(value, node) : (value ?? null)
}

const isDecimal = (element: SchemaElement) => kindOfLeaf(element) === DECIMAL

/**
 * Changes an element so that hyparquet returns stored values: it would make doubles of decimals, give geometry to a
 * parser, and lose the key `__proto__` of a map, although not of a struct with a list of pairs.
 */
function asStored(element: SchemaElement): SchemaElement {
  const stored = { ...element }
  if (isDecimal(element)) stored.logical_type = { type: 'GEOMETRY' }
  if (isDecimal(element) || element.converted_type === 'MAP') delete stored.converted_type
  return stored
}

/** hyparquet's own decoder drops U+FEFF at the start of a text as a byte order mark. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

const parsers = {
  geometryFromBytes: (stored: unknown) => stored,
  stringFromBytes: (stored: Uint8Array | undefined) => stored && decoder.decode(stored),
}

/**
 * Converts a value of hyparquet's to a reader's. hyparquet returns undefined for a list, struct or map that is null at
 * any depth, the stored value of a decimal, and the pairs of a map.
 */
function valueOf(value: unknown, node: SchemaTree | undefined): unknown {
  if (value === undefined || value === null) return null
  if (Array.isArray(value)) return value.map((inside) => valueOf(inside, elementOf(node)))
  if (node && isDecimal(node.element)) return decimalText(value, node.element)
  if (!node?.children.length) return value
  if (isMapLike(node)) return mapOf(value, node.children[0]!)
  const entries = Object.entries(value)
  return Object.fromEntries(entries.map(([name, inside]) => [name, valueOf(inside, memberOf(node, name))]))
}

function mapOf(value: object, pairs: SchemaTree): object {
  const stored = (value as Record<string, { key: unknown; value: unknown }[]>)[pairs.element.name]!
  const [keyNode, itemNode] = ['key', 'value'].map((name) => memberOf(pairs, name)!)
  return Object.fromEntries(
    stored.map(({ key, value: item }) => [
      leafText(valueOf(key, keyNode), keyNode!.element),
      valueOf(item, itemNode),
    ]),
  )
}

/** Returns the schema of a list's elements; `node` itself if it is no list or undefined. */
export function elementOf(node: SchemaTree | undefined): SchemaTree | undefined {
  if (!node || !isListLike(node)) return node
  const [repeated] = node.children
  return repeated!.children[0] ?? repeated
}

/** Returns the schema of a struct's member, or of a map's values; undefined if there is none. */
export function memberOf(node: SchemaTree, name: string): SchemaTree | undefined {
  const [members, wanted] = isMapLike(node) ? [node.children[0]!, 'value'] : [node, name]
  return members.children.find(({ element }) => element.name === wanted)
}

/**
 * Schema of each column of a Parquet file by name, in the order of the columns. It says how to interpret the column's
 * values.
 */
export type ColumnTrees = ReadonlyMap<string, SchemaTree>

/** Returns the schema of each column of a file, in order. */
export function columnTrees({ metadata }: ParquetFile): ColumnTrees {
  return new Map(parquetSchema(metadata).children.map((column) => [column.element.name, column]))
}
