import type { ParquetType } from '../core/kinds/kind.ts'
import { kindOfLeaf } from '../core/parquet-schema.ts'

/**
 * Formats a leaf's value with all of its digits. Negative zero is `-0.0`, which even readers keep that would take `-0`
 * for an integer. Dates and times are ISO 8601, bytes base64.
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
