import type { Day } from '../core/dates.ts'
import { DayfoldError } from '../core/errors.ts'

/** Matches parts of SQL that are no parameter (comments, texts, quoted names, `::`), and parameters. */
const PARTS = /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"|::|:(from|to)\b/gi

/** Returns the names of the parameters `:from` and `:to` that SQL contains, ignoring comments and texts. */
export function dayParameters(sql: string): Set<string> {
  return new Set(
    [...sql.matchAll(PARTS)].flatMap(([, name]) => (name === undefined ? [] : [name.toLowerCase()])),
  )
}

/**
 * Replaces `:from` and `:to` with days as texts such as `'2024-05-06'`, the type of `day_partition`. Athena itself only
 * has positional parameters, each for a single place.
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
