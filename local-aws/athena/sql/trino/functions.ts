import { AGGREGATES } from './aggregates.ts'
import { COLLECTIONS } from './collections.ts'
import { DATES } from './dates.ts'
import { JSONS } from './json.ts'
import { NUMBERS } from './numbers.ts'
import type { Rules } from './rules.ts'
import { STRINGS } from './strings.ts'

/** What each function of Trino that Athena has is in DuckDB. What is not listed is no function of Athena's, or rare. */
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

/** What DuckDB's parser makes of operators and syntax that both have. */
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
