import type { Day } from '../core/dates.ts'
import { DayfoldError } from '../core/errors.ts'

/** What is no parameter: comments, texts and quoted names, and a colon that belongs to another. */
const PARTS = /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"|::|:(from|to)\b/gi

/** Names of the parameters that SQL has, without those of comments and texts. */
export function dayParameters(sql: string): Set<string> {
  return new Set(
    [...sql.matchAll(PARTS)].flatMap(([, name]) => (name === undefined ? [] : [name.toLowerCase()])),
  )
}

/**
 * SQL with the days in the places of `:from` and `:to`, as texts such as `'2024-05-06'`, which is what `day_partition`
 * holds. Athena itself has parameters without names alone, each of which stands for one place.
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
    throw new DayfoldError(
      'InvalidInput',
      'SQL: expected :from and :to in it with --from and --to, such as day_partition BETWEEN :from AND :to, found neither.',
    )
  }
  return sql.replace(PARTS, (part: string, name: string | undefined) =>
    name === undefined ? part : `'${days[name.toLowerCase() as 'from' | 'to']}'`,
  )
}
