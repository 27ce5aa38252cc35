import type { ColumnSpec } from '../../core/columns.ts'
import { checkOf, show } from './check-value.ts'
import { compileCheck } from './compile-check.ts'

/** A row as `extract` returns it. */
export type RawRow = Readonly<Record<string, unknown>>

/**
 * The check of a dataset's rows: what is wrong with a row, naming the column, or undefined for one that fits. A row
 * has every column and nothing else.
 */
export function rowCheck(columns: readonly ColumnSpec[]): (row: unknown) => string | undefined {
  const names = columns.map((column) => column.name)
  const checks = columns.map((column) => checkOf(column))
  const surelyFits = compileCheck(columns)
  return (row) => {
    if (typeof row !== 'object' || row === null || Array.isArray(row) || row instanceof Promise) {
      return `expected a row, found ${show(row)}`
    }
    if (surelyFits(row)) return undefined
    for (let index = 0; index < names.length; index++) {
      const value = (row as RawRow)[names[index]!]
      if (value === undefined) return `column "${names[index]}" is missing`
      const problem = checks[index]!(value)
      if (problem !== undefined) return `column "${names[index]}": ${problem}`
    }
    const keys = Object.keys(row)
    if (keys.length === names.length) return undefined
    const surplus = keys.find((key) => !names.includes(key))
    return surplus === undefined ? undefined : `"${surplus}" is not one of the columns`
  }
}
