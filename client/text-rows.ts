import type { SchemaElement } from 'hyparquet'
import type { Leaves } from './parquet-file.ts'

/**
 * A row as one line of JSON, columns in the given order. 64-bit integers are written with all their digits, dates and
 * times as ISO 8601; what JSON cannot hold (NaN, infinities) is null.
 */
export function jsonLine(row: Readonly<Record<string, unknown>>, leaves: Leaves): string {
  const fields = [...leaves].map(([name, leaf]) => `${JSON.stringify(name)}:${json(row[name], leaf)}`)
  return `{${fields.join(',')}}\n`
}

function json(value: unknown, leaf: SchemaElement): string {
  if (Array.isArray(value)) return `[${value.map((item) => json(item, leaf)).join(',')}]`
  if (value === null || value === undefined) return 'null'
  if (value instanceof Date) return JSON.stringify(isoTime(value, leaf))
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'number') return Number.isFinite(value) ? numberText(value, leaf) : 'null'
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
  if (value instanceof Date) return isoTime(value, leaf)
  if (typeof value === 'number') return numberText(value, leaf)
  return typeof value === 'string' ? value : json(value, leaf)
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

function isoTime(value: Date, { converted_type, logical_type }: SchemaElement): string {
  const iso = value.toISOString()
  return converted_type === 'DATE' || logical_type?.type === 'DATE' ? iso.slice(0, 10) : iso
}

/** A decimal comes out of hyparquet as a double: rounding to its scale gives the number that was written. */
function numberText(value: number, { converted_type, scale, type }: SchemaElement): string {
  if (converted_type === 'DECIMAL') return value.toFixed(scale ?? 0)
  // A single as a double has digits that nobody wrote: 0.1 would be 0.10000000149011612.
  return String(type === 'FLOAT' ? shortestSingle(value) : value)
}

/** The shortest decimal number that rounds to the same single. */
function shortestSingle(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits))
    if (Math.fround(short) === value) return short
  }
  return value
}
