import type { SchemaElement } from 'hyparquet'
import { kindOfLeaf } from '../core/parquet-schema.ts'
import type { Leaves } from './parquet-file.ts'

/**
 * A row as one line of JSON, columns in the given order. 64-bit integers are written with all their digits, dates and
 * times as ISO 8601; what JSON cannot hold (NaN, infinities) is null. Decimals are text: most readers of JSON make
 * doubles of its numbers, which hold neither 38 digits nor the zeros at the end.
 */
export function jsonLine(row: Readonly<Record<string, unknown>>, leaves: Leaves): string {
  const fields = [...leaves].map(([name, leaf]) => `${JSON.stringify(name)}:${json(row[name], leaf)}`)
  return `{${fields.join(',')}}\n`
}

function json(value: unknown, leaf: SchemaElement): string {
  if (Array.isArray(value)) return `[${value.map((item) => json(item, leaf)).join(',')}]`
  if (value === null || value === undefined) return 'null'
  if (value instanceof Date) return JSON.stringify(scalarText(value, leaf))
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'number') return Number.isFinite(value) ? scalarText(value, leaf) : 'null'
  return JSON.stringify(value)
}

/**
 * A row as a line of CSV after RFC 4180. Null is nothing, empty text is `""`; lists are JSON.
 * https://www.rfc-editor.org/rfc/rfc4180
 */
export function csvLine(row: Readonly<Record<string, unknown>>, leaves: Leaves): string {
  return `${[...leaves].map(([name, leaf]) => csvField(row[name], leaf)).join(',')}\r\n`
}

/** The first line of a CSV file. */
export function csvHeader(names: Iterable<string>): string {
  return `${[...names].map((name) => quoted(name)).join(',')}\r\n`
}

function csvField(value: unknown, leaf: SchemaElement): string {
  return value === '' ? '""' : quoted(plainText(value, leaf))
}

/** A value for people to read: null is nothing, text is as it is, lists are JSON. */
export function plainText(value: unknown, leaf: SchemaElement): string {
  if (value === null || value === undefined) return ''
  if (value instanceof Date || typeof value === 'number') return scalarText(value, leaf)
  return typeof value === 'string' ? value : json(value, leaf)
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

function scalarText(value: Date | number, leaf: SchemaElement): string {
  const text = kindOfLeaf(leaf)?.text
  if (text) return text(value, leaf)
  return value instanceof Date ? value.toISOString() : String(value)
}
