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
  return parquetSchema(metadata).children.map(({ element }) => element.name)
}

/**
 * The rows of a file, a row group at a time, which is what it holds in memory. Every column is there, null or not;
 * decimals are text with all digits, text is as it was written, maps are objects whose keys are text.
 */
export async function* readRowGroups(file: ParquetFile): AsyncGenerator<Row[]> {
  for await (const { columns, rows } of readColumns(file)) yield rowsOf(columns, 0, rows)
}

const BATCH_ROWS = 1000

/**
 * The rows of {@link readRowGroups}, a thousand at a time. Holds the values of a row group, column by column, and makes
 * rows of them when their turn comes: several times less than its rows.
 */
export async function* readBatches(file: ParquetFile): AsyncGenerator<Row[]> {
  for await (const { columns, rows } of readColumns(file)) {
    for (let start = 0; start < rows; start += BATCH_ROWS)
      yield rowsOf(columns, start, Math.min(start + BATCH_ROWS, rows))
  }
}

type Row = Record<string, unknown>

/** Values of a column of a row group, in pieces as they are decoded. */
interface Column {
  readonly node: SchemaTree
  readonly pieces: { readonly start: number; readonly values: ArrayLike<unknown> }[]
  /** The piece that was read last. */
  at: number
}

async function* readColumns({
  buffer,
  metadata,
}: ParquetFile): AsyncGenerator<{ readonly columns: readonly Column[]; readonly rows: number }> {
  const stored = { ...metadata, schema: metadata.schema.map(asStored) }
  // Bytes that are not marked as text are no text: decoding them would lose what is not UTF-8.
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

/** Rows come in order: the piece is the last one or the next. */
function valueAt(column: Column, row: number): unknown {
  const { pieces, node } = column
  if (row < pieces[column.at]!.start) column.at = 0
  while (row >= pieces[column.at]!.start + pieces[column.at]!.values.length) column.at += 1
  const { start, values } = pieces[column.at]!
  const value = values[row - start]
  return node.children.length > 0 || isDecimal(node.element) ? valueOf(value, node) : (value ?? null)
}

const isDecimal = (element: SchemaElement) => kindOfLeaf(element) === DECIMAL

/**
 * An element as hyparquet is told it, so that it hands over what is stored: it makes doubles of decimals, but gives
 * geometry to a parser, and loses the key `__proto__` of a map, but not a struct with a list of pairs.
 */
function asStored(element: SchemaElement): SchemaElement {
  const stored = { ...element }
  if (isDecimal(element)) stored.logical_type = { type: 'GEOMETRY' }
  if (isDecimal(element) || element.converted_type === 'MAP') delete stored.converted_type
  return stored
}

/** hyparquet's own decoder takes U+FEFF at the start of a text for a mark of the encoding and drops it. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

const parsers = {
  geometryFromBytes: (stored: unknown) => stored,
  stringFromBytes: (stored: Uint8Array | undefined) => stored && decoder.decode(stored),
}

/**
 * A value of hyparquet's as readers get it: hyparquet has undefined for a list, struct or map that is null, at any
 * depth, of a decimal what is stored, and of a map its pairs.
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

/** The schema of a list's elements. */
export function elementOf(node: SchemaTree | undefined): SchemaTree | undefined {
  if (!node || !isListLike(node)) return node
  const [repeated] = node.children
  return repeated!.children[0] ?? repeated
}

/** The schema of a struct's member, or of a map's values. */
export function memberOf(node: SchemaTree, name: string): SchemaTree | undefined {
  const [members, wanted] = isMapLike(node) ? [node.children[0]!, 'value'] : [node, name]
  return members.children.find(({ element }) => element.name === wanted)
}

/** The schema of each column, by name, in the order of the columns: it says how the values are to be understood. */
export type ColumnTrees = ReadonlyMap<string, SchemaTree>

/** The schemas of a file's columns. */
export function columnTrees({ metadata }: ParquetFile): ColumnTrees {
  return new Map(parquetSchema(metadata).children.map((column) => [column.element.name, column]))
}
