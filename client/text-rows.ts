import type { SchemaTree } from 'hyparquet'
import { leafText } from './leaf-text.ts'
import { elementOf, memberOf, type ColumnTrees } from './parquet-file.ts'

/**
 * A row as one line of JSON, columns in the given order. 64-bit integers are written with all their digits, zero with
 * its sign, dates and times as ISO 8601, bytes as base64; what JSON cannot hold (NaN, infinities) is null. Decimals are
 * text: most readers of JSON make doubles of its numbers, which hold neither 38 digits nor the zeros at the end.
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
 * A row as a line of CSV after RFC 4180. Null is nothing, empty text is `""`; lists, structs and maps are JSON.
 * https://www.rfc-editor.org/rfc/rfc4180
 */
export function csvLine(row: Readonly<Record<string, unknown>>, columns: ColumnTrees): string {
  return `${[...columns].map(([name, column]) => csvField(row[name], column)).join(',')}\r\n`
}

/** The first line of a CSV file. */
export function csvHeader(names: Iterable<string>): string {
  return `${[...names].map((name) => quoted(name)).join(',')}\r\n`
}

function csvField(value: unknown, column: SchemaTree): string {
  return value === '' ? '""' : quoted(plainText(value, column))
}

/** A value for people to read: null is nothing, text is as it is, lists, structs and maps are JSON. */
export function plainText(value: unknown, column: SchemaTree): string {
  if (value === null || value === undefined) return ''
  return column.children.length > 0 ? json(value, column) : leafText(value, column.element)
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
