import type { ColumnSpec } from './columns.ts'
import type { ScalarKind } from './kinds/table.ts'

/** What becomes of a day that fails a check. `fail`: it is not published. `warn`: it is, and the check is told of. */
export type Otherwise = 'fail' | 'warn'

interface AnyCheck {
  /** @default 'warn' */
  readonly otherwise?: Otherwise | undefined
}

interface Tolerant {
  /**
   * From 0 to 1: the share of values that may fail.
   * @default 0
   */
  readonly maxRatio?: number | undefined
}

/** What a dataset's days are checked for before they are published. Plain data: a changed check rebuilds nothing. */
export type Check =
  /** No row holds null there. */
  | (AnyCheck & Tolerant & { readonly check: 'notNull'; readonly column: string })
  /** All values are from `min` to `max`: numbers, or ISO 8601 for instants and days. */
  | (AnyCheck & {
      readonly check: 'range'
      readonly column: string
      readonly min?: number | string | undefined
      readonly max?: number | string | undefined
    })
  /** All values that are not null are among these. */
  | (AnyCheck &
      Tolerant & {
        readonly check: 'oneOf'
        readonly column: string
        readonly values: readonly (string | number | boolean)[]
      })
  /** In all texts that are not null, the pattern of a regular expression is found; it knows Unicode (`u`). */
  | (AnyCheck & Tolerant & { readonly check: 'matches'; readonly column: string; readonly pattern: string })
  /** The day's rows are `min` to `max` times the median of the seven days before, once the day is over. */
  | (AnyCheck & {
      readonly check: 'rows'
      readonly min?: number | undefined
      readonly max?: number | undefined
    })
  /** The values are spread as on the seven days before, once the day is over. @default of all columns */
  | (AnyCheck & { readonly check: 'drift'; readonly columns?: readonly string[] | undefined })
  /** No two rows have the same values there, nulls aside. Verify looks at it: it warns. */
  | { readonly check: 'unique'; readonly columns: readonly string[] }

/** How a check went. */
export interface CheckResult {
  /** Such as `notNull title`. */
  readonly check: string
  readonly otherwise: Otherwise
  /** `unknown`: it could not be judged, and stops nothing. */
  readonly state: 'passed' | 'failed' | 'unknown'
  /** What was expected and what was found, as ends of sentences. */
  readonly expected: string
  readonly found: string
}

/** Checks whose failing values are counted as rows are made. */
export type CountedCheck = Extract<Check, { check: 'oneOf' | 'matches' }>
export const isCounted = (check: Check): check is CountedCheck =>
  check.check === 'oneOf' || check.check === 'matches'

/** What counts of a check are known by, whatever its limit: counts of the same identity may be added. */
export const identityOf = (check: CountedCheck) =>
  JSON.stringify([check.check, check.column, check.check === 'oneOf' ? check.values : check.pattern])

/** A check in short. */
export function nameOfCheck(check: Check): string {
  if (check.check === 'rows') return 'rows'
  if ('column' in check) return `${check.check} ${check.column}`
  return [check.check, ...(check.columns ?? [])].join(' ')
}

/** What is wrong with the first check that is not allowed, as `check: expected …, found …`; undefined: nothing. */
export function checksProblem(checks: readonly Check[], columns: readonly ColumnSpec[]): string | undefined {
  if (!Array.isArray(checks)) return `checks: expected a list, found ${typeof checks}`
  for (const check of checks as readonly Check[]) {
    const problem = problemOf(check, new Map(columns.map((column) => [column.name, column])))
    if (problem !== undefined) return `check ${nameOfCheck(check)}: ${problem}`
  }
  return undefined
}

const NUMBERS: readonly ScalarKind[] = ['int32', 'int64', 'float32', 'float64', 'decimal']
const TIMES: readonly ScalarKind[] = ['timestamp', 'date']

/** Kinds of columns that a check may be about. @default any */
const KINDS: Readonly<Partial<Record<Check['check'], readonly ColumnSpec['kind'][]>>> = {
  range: [...NUMBERS, ...TIMES],
  oneOf: ['string', 'int32', 'int64', 'boolean'],
  matches: ['string'],
}

const NAMES: readonly string[] = ['notNull', 'range', 'oneOf', 'matches', 'rows', 'drift', 'unique']

function problemOf(check: Check, columns: ReadonlyMap<string, ColumnSpec>): string | undefined {
  if (!NAMES.includes(check.check)) return `expected a check of ${NAMES.join(', ')}, found "${check.check}"`
  if ('otherwise' in check && !['fail', 'warn', undefined].includes(check.otherwise))
    return `expected otherwise to be 'fail' or 'warn', found ${JSON.stringify(check.otherwise)}`
  const named = 'column' in check ? [check.column] : 'columns' in check ? (check.columns ?? []) : []
  const unknown = named.find((name) => !columns.has(name))
  if (unknown !== undefined) return `expected one of the columns, found "${unknown}"`
  if (check.check === 'unique' && named.length === 0) return 'expected at least one column, found none'
  const kinds = KINDS[check.check]
  const kind = named.map((name) => columns.get(name)!.kind)[0]
  if (kinds && !kinds.includes(kind!)) return `expected a column of ${kinds.join(', ')}, found ${kind}`
  if ('maxRatio' in check && check.maxRatio !== undefined && !(check.maxRatio >= 0 && check.maxRatio <= 1))
    return `expected a maxRatio from 0 to 1, found ${check.maxRatio}`
  if (check.check === 'oneOf' && check.values.length === 0) return 'expected at least one value, found none'
  if (check.check === 'matches') return patternProblem(check.pattern)
  return check.check === 'range' || check.check === 'rows' ? boundsProblem(check, kind) : undefined
}

function patternProblem(pattern: string): string | undefined {
  try {
    new RegExp(pattern, 'u')
    return undefined
  } catch (error) {
    return `expected the pattern of a regular expression, found ${(error as Error).message}`
  }
}

function boundsProblem(
  { min, max }: Extract<Check, { check: 'range' | 'rows' }>,
  kind: ColumnSpec['kind'] | undefined,
): string | undefined {
  const bounds = [min, max].filter((bound) => bound !== undefined)
  const numbers = bounds.map((bound) => boundOf(bound, kind))
  if (bounds.length > 0 && numbers.every(Number.isFinite) && (numbers[0] ?? 0) <= (numbers.at(-1) ?? 0))
    return undefined
  const what = kind !== undefined && isTime(kind) ? 'instants or days in ISO 8601' : 'numbers'
  return `expected min, max or both, ${what}, min not above max, found ${JSON.stringify({ min, max })}`
}

/** A bound or a value of a profile as a number; of instants and days, milliseconds since 1970. */
export const boundOf = (value: unknown, kind: string | undefined) =>
  isTime(kind) ? (typeof value === 'string' ? Date.parse(value) : NaN) : Number(value)
const isTime = (kind: string | undefined) => (TIMES as readonly (string | undefined)[]).includes(kind)
