import { AGGREGATES } from './aggregates.ts'
import { COLLECTIONS } from './collections.ts'
import { DATES } from './dates.ts'
import { JSONS } from './json.ts'
import { NUMBERS } from './numbers.ts'
import type { Rules } from './rules.ts'
import { STRINGS } from './strings.ts'

/** Rules for Athena's functions from Trino. One that is not listed does not exist in Athena, or is rare. */
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

/** Names that DuckDB's parser gives operators and syntax that both have. */
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
