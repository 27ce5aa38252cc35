import { boundOf, isTime, nameOfCheck, type Check } from './checks.ts'
import type { ColumnSpec } from './columns.ts'
import type { ScalarKind } from './kinds/table.ts'
import { settingProblem, shown, type Setting } from './setting.ts'

/**
 * Describes the first invalid check as `check …: expected …, found …`; undefined if all are valid.
 *
 * @param checks of any type: code that was not compiled may give anything
 * @param columns all columns of the dataset, which the checks may name
 */
export function checksProblem(checks: unknown, columns: readonly ColumnSpec[]): string | undefined {
  if (!Array.isArray(checks)) return `checks: expected a list, found ${typeof checks}`
  const known = new Map(columns.map((column) => [column.name, column]))
  for (const [index, check] of (checks as readonly unknown[]).entries()) {
    const kind = kindProblem(check)
    if (kind !== undefined) return `check ${index + 1} of ${checks.length}: ${kind}`
    const fields = fieldsProblem(check as Check)
    if (fields !== undefined)
      return `check ${index + 1} of ${checks.length}, ${(check as Check).check}: ${fields}`
    const problem = problemOf(check as Check, known)
    if (problem !== undefined) return `check ${nameOfCheck(check as Check)}: ${problem}`
  }
  return undefined
}

interface Field extends Setting {
  /** @default false */
  readonly isRequired?: true
}

const isNames = (value: unknown) => Array.isArray(value) && value.every((name) => typeof name === 'string')
const isPlain = (value: unknown) => ['string', 'number', 'boolean'].includes(typeof value)

const OTHERWISE: Field = {
  expected: "'fail' or 'warn'",
  isAllowed: (value) => value === 'fail' || value === 'warn',
}
const COLUMN: Field = {
  expected: 'the name of a column',
  isAllowed: (value) => typeof value === 'string',
  isRequired: true,
}
const COLUMNS: Field = { expected: 'a list of names of columns', isAllowed: isNames }
const MAX_RATIO: Field = {
  expected: 'a number from 0 to 1',
  isAllowed: (value) => typeof value === 'number' && value >= 0 && value <= 1,
}
const FACTOR: Field = { expected: 'a number', isAllowed: (value) => typeof value === 'number' }
const BOUND: Field = {
  expected: 'a number, or a text in ISO 8601',
  isAllowed: (value) => ['number', 'string'].includes(typeof value),
}
const VALUES: Field = {
  expected: 'a list of texts, numbers or booleans',
  isAllowed: (value) => Array.isArray(value) && value.every(isPlain),
  isRequired: true,
}
const PATTERN: Field = {
  expected: 'the text of a regular expression',
  isAllowed: (value) => typeof value === 'string',
  isRequired: true,
}

/** Fields of each check, besides its name and `otherwise`. */
const FIELDS: {
  readonly [K in Check['check']]: {
    readonly [F in Exclude<keyof Extract<Check, { check: K }>, 'check' | 'otherwise'>]-?: Field
  }
} = {
  notNull: { column: COLUMN, maxRatio: MAX_RATIO },
  range: { column: COLUMN, min: BOUND, max: BOUND },
  oneOf: { column: COLUMN, values: VALUES, maxRatio: MAX_RATIO },
  matches: { column: COLUMN, pattern: PATTERN, maxRatio: MAX_RATIO },
  rows: { min: FACTOR, max: FACTOR },
  drift: { columns: COLUMNS },
  unique: { columns: { ...COLUMNS, isRequired: true } },
}
const NAMES: readonly unknown[] = Object.keys(FIELDS)

function kindProblem(check: unknown): string | undefined {
  if (typeof check !== 'object' || check === null)
    return `expected an object such as { check: 'notNull', column: 'id' }, found ${shown(check)}`
  const { check: kind } = check as { check?: unknown }
  return NAMES.includes(kind) ? undefined : `expected a check of ${NAMES.join(', ')}, found ${shown(kind)}`
}

function fieldsProblem(check: Check): string | undefined {
  const fields: Readonly<Record<string, Field>> = { otherwise: OTHERWISE, ...FIELDS[check.check] }
  const given = check as unknown as Readonly<Record<string, unknown>>
  const missing = Object.keys(fields).find((name) => fields[name]!.isRequired && given[name] === undefined)
  if (missing !== undefined) return `${missing}: expected ${fields[missing]!.expected}, found none`
  return settingProblem(fields, given)
}

const NUMBERS: readonly ScalarKind[] = ['int32', 'int64', 'float32', 'float64', 'decimal']

/** Column kinds that each check applies to. @default any */
const KINDS: Readonly<Partial<Record<Check['check'], readonly ColumnSpec['kind'][]>>> = {
  range: [...NUMBERS, 'timestamp', 'date'],
  oneOf: ['string', 'int32', 'int64', 'boolean'],
  matches: ['string'],
}

/** Checks a check whose fields are of the right types, and all there. */
function problemOf(check: Check, columns: ReadonlyMap<string, ColumnSpec>): string | undefined {
  const named = 'column' in check ? [check.column] : 'columns' in check ? (check.columns ?? []) : []
  const unknown = named.find((name) => !columns.has(name))
  if (unknown !== undefined) return `expected one of the columns, found "${unknown}"`
  if (check.check === 'unique' && named.length === 0) return 'expected at least one column, found none'
  const kinds = KINDS[check.check]
  const kind = named.map((name) => columns.get(name)!.kind)[0]
  if (kinds && !kinds.includes(kind!)) return `expected a column of ${kinds.join(', ')}, found ${kind}`
  if (check.check === 'oneOf') return valuesProblem(check.values, kind!)
  if (check.check === 'matches') return patternProblem(check.pattern)
  return check.check === 'range' || check.check === 'rows' ? boundsProblem(check, kind) : undefined
}

function valuesProblem(values: readonly unknown[], kind: ColumnSpec['kind']): string | undefined {
  if (values.length === 0) return 'expected at least one value, found none'
  const type = kind === 'string' || kind === 'boolean' ? kind : 'number'
  const other = values.find((value) => typeof value !== type)
  return other === undefined ? undefined : `expected values of ${kind}, found ${shown(other)}`
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
  const type = isTime(kind) ? 'string' : 'number'
  const numbers = bounds.map((bound) => (typeof bound === type ? boundOf(bound, kind) : NaN))
  if (bounds.length > 0 && numbers.every(Number.isFinite) && (numbers[0] ?? 0) <= (numbers.at(-1) ?? 0))
    return undefined
  const what = isTime(kind) ? 'instants or days in ISO 8601' : 'numbers'
  return `expected min, max or both, ${what}, min not above max, found ${shown({ min, max })}`
}
