import type { ParquetType } from '../core/kinds/kind.ts'
import { kindOfLeaf } from '../core/parquet-schema.ts'

/**
 * Formats a value from Parquet as text with all of its digits. Negative zero is `-0.0`, because some readers would take
 * `-0` for an integer. Dates and times are ISO 8601, bytes base64.
 *
 * @param leaf Parquet type of the value's column
 */
export function leafText(value: unknown, leaf: ParquetType): string {
  if (Object.is(value, -0)) return '-0.0'
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (value instanceof Date || typeof value === 'number') {
    const text = kindOfLeaf(leaf)?.text
    if (text) return text(value, leaf)
  }
  return value instanceof Date ? value.toISOString() : String(value)
}
