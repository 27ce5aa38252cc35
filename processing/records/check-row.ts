import type { ColumnSpec } from '../../core/columns.ts'
import { checkOf, IN_FULL, type Wording } from './check-value.ts'
import { compileCheck } from './compile-check.ts'

/** A row as feature code returns it, not yet checked. */
export type RawRow = Readonly<Record<string, unknown>>

/**
 * Checks that a row fits the columns. Returns the problem, with the column's name, as a sentence without its end;
 * undefined if the row fits.
 *
 * @param wording how the problem shows values and keys. @default in full
 */
export type RowCheck = (row: unknown, wording?: Wording) => string | undefined

/** Makes the check of a dataset's rows. A row must have a fitting value for every column, and no other key. */
export function rowCheck(columns: readonly ColumnSpec[]): RowCheck {
  const names = columns.map((column) => column.name)
  const checks = columns.map((column) => checkOf(column))
  const surelyFits = compileCheck(columns)
  return (row, wording = IN_FULL) => {
    if (typeof row !== 'object' || row === null || Array.isArray(row) || row instanceof Promise) {
      return `expected a row, found ${wording.value(row)}`
    }
    if (surelyFits(row)) return undefined
    for (let index = 0; index < names.length; index++) {
      const value = (row as RawRow)[names[index]!]
      if (value === undefined) return `column "${names[index]}" is missing`
      const problem = checks[index]!(value, wording)
      if (problem !== undefined) return `column "${names[index]}": ${problem}`
    }
    const keys = Object.keys(row)
    if (keys.length === names.length) return undefined
    const surplus = keys.find((key) => !names.includes(key))
    return surplus === undefined ? undefined : `${wording.key(surplus)} is not one of the columns`
  }
}
