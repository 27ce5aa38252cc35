import { AGGREGATES } from './aggregates.ts'
import { COLLECTIONS } from './collections.ts'
import { DATES } from './dates.ts'
import { JSONS } from './json.ts'
import { NUMBERS } from './numbers.ts'
import type { Rules } from './rules.ts'
import { STRINGS } from './strings.ts'

/**
 * Translation rules for all functions that queries can call, by Trino's name. A function that is not listed does not
 * exist in Athena, or is rare; a query that calls it fails.
 */
export const FUNCTIONS: Rules = {
  ...STRINGS,
  ...DATES,
  ...NUMBERS,
  ...COLLECTIONS,
  ...JSONS,
  ...AGGREGATES,
  nullif: { kind: 'named', counts: [2] },
  typeof: { kind: 'refused', use: 'the types of results stand in GetQueryResults' },
}

/**
 * Names under which DuckDB's parser represents operators and other syntax as function calls. The rules in {@link
 * FUNCTIONS} do not apply to them, because Trino has the same syntax.
 */
export const OPERATORS: ReadonlySet<string> = new Set([
  '+',
  '-',
  '*',
  '/',
  '%',
  '||',
  '~~',
  '!~~',
  'like_escape',
  'not_like_escape',
  'list_value',
  'row',
  'to_years',
  'to_months',
  'to_weeks',
  'to_days',
  'to_hours',
  'to_minutes',
  'to_seconds',
  'to_milliseconds',
  'trunc',
])
