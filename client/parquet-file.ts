import {
  asyncBufferFromFile,
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
  type AsyncBuffer,
  type FileMetaData,
  type SchemaElement,
  type SchemaTree,
} from 'hyparquet'
import { isListLike, isMapLike } from 'hyparquet/src/schema.js'
import { DECIMAL, decimalText } from '../core/kinds/decimal.ts'
import { kindOfLeaf } from '../core/parquet-schema.ts'

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
 * decimals are text with all digits.
 */
export async function* readRowGroups({
  buffer,
  metadata,
}: ParquetFile): AsyncGenerator<Record<string, unknown>[]> {
  const columns = parquetSchema(metadata).children.filter(
    ({ element, children }) => children.length > 0 || isDecimal(element),
  )
  const stored = { ...metadata, schema: metadata.schema.map(asStored) }
  let rowStart = 0
  for (const { num_rows } of metadata.row_groups) {
    const rowEnd = rowStart + Number(num_rows)
    const rows = await parquetReadObjects({ file: buffer, metadata: stored, parsers, rowStart, rowEnd })
    for (const row of rows) {
      for (const column of columns) row[column.element.name] = valueOf(row[column.element.name], column)
    }
    yield rows
    rowStart = rowEnd
  }
}

const isDecimal = (element: SchemaElement) => kindOfLeaf(element) === DECIMAL

/** hyparquet makes doubles of decimals; what it is told is geometry, it hands to a parser as it is stored. */
function asStored(element: SchemaElement): SchemaElement {
  if (!isDecimal(element)) return element
  const geometry: SchemaElement = { ...element, logical_type: { type: 'GEOMETRY' } }
  delete geometry.converted_type
  return geometry
}

const parsers = { geometryFromBytes: (stored: unknown) => stored }

/**
 * A value of hyparquet's as readers get it: hyparquet has undefined for a list, struct or map that is null, at any
 * depth, and of a decimal what is stored.
 */
function valueOf(value: unknown, node: SchemaTree | undefined): unknown {
  if (value === undefined || value === null) return null
  if (Array.isArray(value)) return value.map((inside) => valueOf(inside, elementOf(node)))
  if (node && isDecimal(node.element)) return decimalText(value, node.element)
  if (!node?.children.length) return value
  const entries = Object.entries(value)
  if (!isMapLike(node)) {
    return Object.fromEntries(entries.map(([name, inside]) => [name, valueOf(inside, childOf(node, name))]))
  }
  const [pairs] = node.children
  const [key, item] = [childOf(pairs!, 'key'), childOf(pairs!, 'value')]
  return Object.fromEntries(entries.map(([name, inside]) => [keyOf(name, key), valueOf(inside, item)]))
}

function elementOf(node: SchemaTree | undefined): SchemaTree | undefined {
  if (!node || !isListLike(node)) return node
  const [repeated] = node.children
  return repeated!.children[0] ?? repeated
}

function childOf({ children }: SchemaTree, name: string): SchemaTree | undefined {
  return children.find(({ element }) => element.name === name)
}

/** A key of a map, which hyparquet has made text of: bytes are numbers with commas between them. */
function keyOf(name: string, key: SchemaTree | undefined): unknown {
  if (!key || !isDecimal(key.element)) return name
  const stored = name.includes(',') ? Uint8Array.from(name.split(','), Number) : BigInt(name)
  return decimalText(stored, key.element)
}

/** The leaf element of each column, by name, in the order of the columns. */
export type Leaves = ReadonlyMap<string, SchemaElement>

/** A column's own leaf: of a list, its element's. Says how the values are to be understood. */
export function leafElements({ metadata }: ParquetFile): Leaves {
  return new Map(parquetSchema(metadata).children.map((column) => [column.element.name, firstLeaf(column)]))
}

function firstLeaf({ element, children: [first] }: SchemaTree): SchemaElement {
  return first ? firstLeaf(first) : element
}
