import type { ParquetType } from '../core/kinds/kind.ts'
import { kindOfLeaf } from '../core/parquet-schema.ts'

/**
 * The text of a value of a leaf, with all of its digits and the sign of zero: `-0.0`, which readers that take a number
 * without a point for an integer keep as well. Dates and times are ISO 8601, bytes base64.
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
