import type { SchemaTree } from 'hyparquet'
import { leafText } from './leaf-text.ts'
import { elementOf, memberOf, type ColumnTrees } from './parquet-file.ts'

/**
 * Formats a row as one line of JSON, with the columns in order. 64-bit integers have all their digits, zero its sign,
 * dates and times are ISO 8601, bytes base64; what JSON cannot hold (NaN, infinities) is null. Decimals are text: most
 * JSON readers make doubles of numbers, which hold neither 38 digits nor trailing zeros.
 */
export function jsonLine(row: Readonly<Record<string, unknown>>, columns: ColumnTrees): string {
  return `${jsonObject([...columns].map(([name, column]) => [name, row[name], column]))}\n`
}

type Member = readonly [name: string, value: unknown, node: SchemaTree | undefined]

const jsonObject = (members: readonly Member[]) =>
  `{${members.map(([name, value, node]) => `${JSON.stringify(name)}:${json(value, node)}`).join(',')}}`

function json(value: unknown, node: SchemaTree | undefined): string {
  if (value === null || value === undefined) return 'null'
  if (Array.isArray(value)) return `[${value.map((item) => json(item, elementOf(node))).join(',')}]`
  if (typeof value === 'string' || typeof value === 'boolean') return JSON.stringify(value)
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'number') return Number.isFinite(value) ? leafText(value, node?.element ?? {}) : 'null'
  if (value instanceof Date || value instanceof Uint8Array) return `"${leafText(value, node?.element ?? {})}"`
  return jsonObject(
    Object.entries(value).map(([name, inside]) => [name, inside, node && memberOf(node, name)]),
  )
}

/**
 * Formats a row as one line of CSV by RFC 4180. Null is an empty field, empty text is `""`; lists, structs and maps are
 * JSON.
 * https://www.rfc-editor.org/rfc/rfc4180
 */
export function csvLine(row: Readonly<Record<string, unknown>>, columns: ColumnTrees): string {
  return `${[...columns].map(([name, column]) => csvField(row[name], column)).join(',')}\r\n`
}

/** Formats the header line of a CSV file with these column names, by RFC 4180. */
export function csvHeader(names: Iterable<string>): string {
  return `${[...names].map((name) => quoted(name)).join(',')}\r\n`
}

function csvField(value: unknown, column: SchemaTree): string {
  return value === '' ? '""' : quoted(plainText(value, column))
}

/** Formats a value from Parquet for people: null is '', text is unchanged; lists, structs and maps are JSON. */
export function plainText(value: unknown, column: SchemaTree): string {
  if (value === null || value === undefined) return ''
  return column.children.length > 0 ? json(value, column) : leafText(value, column.element)
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
