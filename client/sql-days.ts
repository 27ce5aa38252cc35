import type { Day } from '../core/dates.ts'
import { DayfoldError } from '../core/errors.ts'

/** Matches parts of SQL that are no parameter (comments, texts, quoted names, `::`), and parameters. */
const PARTS = /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"|::|:(from|to)\b/gi

/**
 * Returns which of the parameters `:from` and `:to` an SQL text contains, as `from` and `to`. Comments and string
 * literals do not count.
 */
export function dayParameters(sql: string): Set<string> {
  return new Set(
    [...sql.matchAll(PARTS)].flatMap(([, name]) => (name === undefined ? [] : [name.toLowerCase()])),
  )
}

/** True if an SQL text contains `':from'` or `':to'`, or either as a quoted name. */
const hasQuotedDays = (sql: string) =>
  [...sql.matchAll(PARTS)].some(([part]) => /^(['"])\s*:(?:from|to)\s*\1$/i.test(part))

/**
 * Replaces the parameters `:from` and `:to` of an SQL text with days as literals such as `'2024-05-06'`, the type of
 * `day_partition`. Athena itself only has positional parameters, one per occurrence.
 *
 * @throws DayfoldError InvalidInput for SQL that has neither, and for `from` after `to`
 */
export function withDays(sql: string, days: { readonly from: Day; readonly to: Day }): string {
  if (days.from > days.to) {
    throw new DayfoldError(
      'InvalidInput',
      `from: expected a day not after to (${days.to}), found "${days.from}".`,
    )
  }
  if (dayParameters(sql).size === 0) {
    const found = hasQuotedDays(sql) ? 'them in quotes. Write them without quotes' : 'neither'
    throw new DayfoldError(
      'InvalidInput',
      `SQL: expected :from and :to in it with --from and --to, such as day_partition BETWEEN :from AND :to, found ${found}.`,
    )
  }
  return sql.replace(PARTS, (part: string, name: string | undefined) =>
    name === undefined ? part : `'${days[name.toLowerCase() as 'from' | 'to']}'`,
  )
}
