import { expect, test } from 'vitest'
import { checksProblem } from '../../core/check-problem.ts'
import type { Check } from '../../core/checks.ts'
import type { ColumnSpec } from '../../core/columns.ts'

const COLUMNS: readonly ColumnSpec[] = [
  { name: 'title', kind: 'string', nullable: true },
  { name: 'price', kind: 'float64', nullable: false },
  { name: 'at', kind: 'timestamp', nullable: false },
  { name: 'big', kind: 'int64', nullable: false },
  { name: 'none', kind: 'float64', nullable: true },
  { name: 'day', kind: 'date', nullable: false },
]

/** A valid check of each kind with all of its fields. */
const WHOLE: { readonly [K in Check['check']]: Required<Extract<Check, { check: K }>> } = {
  notNull: { check: 'notNull', column: 'title', maxRatio: 0.5, otherwise: 'fail' },
  range: { check: 'range', column: 'price', min: 0, max: 1, otherwise: 'fail' },
  oneOf: { check: 'oneOf', column: 'title', values: ['a'], maxRatio: 0, otherwise: 'warn' },
  matches: { check: 'matches', column: 'title', pattern: 'a', maxRatio: 1, otherwise: 'warn' },
  rows: { check: 'rows', min: 0.5, max: 2, otherwise: 'fail' },
  drift: { check: 'drift', columns: ['title'], otherwise: 'fail' },
  unique: { check: 'unique', columns: ['title'] },
}
const OPTIONAL = ['otherwise', 'maxRatio', 'min', 'max']
const fields = Object.values(WHOLE).flatMap((check) =>
  Object.keys(check)
    .filter((name) => name !== 'check')
    .map((name) => [check, name] as const),
)

test.each<Check>([
  ...Object.values(WHOLE),
  { check: 'range', column: 'at', min: '2024-01-02' },
  { check: 'range', column: 'day', max: '2024-01-04' },
  { check: 'oneOf', column: 'big', values: [3] },
  { check: 'drift' },
])('%j is allowed', (check) => {
  expect(checksProblem([check], COLUMNS)).toBeUndefined()
})

test.each(fields)('%j without %s is refused by its name, or does without it', (check, name) => {
  const others = Object.fromEntries(Object.entries(check).filter(([other]) => other !== name))
  const problem = checksProblem([WHOLE.drift, others], COLUMNS)
  if (OPTIONAL.includes(name) || check.check === 'drift') expect(problem).toBeUndefined()
  else expect(problem).toMatch(new RegExp(`^check 2 of 2, ${check.check}: ${name}: expected .*, found none$`))
})

test.each(
  fields.flatMap(([check, name]) =>
    [null, {}, 5n, true, [[null]], [1n]].map((value) => [check, name, value] as const),
  ),
)('%j with %s = %o is refused by its name', (check, name, value) => {
  expect(checksProblem([{ ...check, [name]: value }], COLUMNS)).toMatch(
    new RegExp(`^check 1 of 1, ${check.check}: ${name}: expected .*, found .`),
  )
})

test.each([undefined, null, 'notNull', 3n, [], {}, { check: null }, { check: 'constructor' }])(
  'in place of a check, %o is refused',
  (check) => {
    expect(checksProblem([check], COLUMNS)).toMatch(
      /^check 1 of 1: expected (an object|a check of notNull).*, found ./,
    )
  },
)

test.each<[Check, string]>([
  [{ check: 'notNull', column: 'titel' }, 'check notNull titel: expected one of the columns, found "titel"'],
  [{ check: 'unique', columns: [] }, 'expected at least one column, found none'],
  [{ check: 'range', column: 'title', min: 1 }, 'expected a column of int32'],
  [{ check: 'range', column: 'price' }, 'expected min, max or both, numbers'],
  [{ check: 'range', column: 'price', min: 2, max: 1 }, 'min not above max, found {"min":2,"max":1}'],
  [
    { check: 'range', column: 'day', min: 7 },
    'instants or days in ISO 8601, min not above max, found {"min":7}',
  ],
  [{ check: 'range', column: 'at', min: 'yesterday' }, 'instants or days in ISO 8601'],
  [{ check: 'rows' }, 'expected min, max or both'],
  [{ check: 'oneOf', column: 'title', values: [] }, 'expected at least one value'],
  [{ check: 'matches', column: 'title', pattern: '(' }, 'expected the pattern of a regular expression'],
  [{ check: 'matches', column: 'price', pattern: 'a' }, 'expected a column of string, found float64'],
  [{ check: 'notNull', column: 'title', maxRatio: 5 }, 'maxRatio: expected a number from 0 to 1, found 5'],
  [{ check: 'drift', columns: ['x'] }, 'found "x"'],
  [{ check: 'range', column: 'price', min: '2' }, 'numbers, min not above max, found {"min":"2"}'],
  [{ check: 'range', column: 'price', max: NaN }, 'found {"max":"NaN"}'],
  [{ check: 'oneOf', column: 'big', values: [1, '2'] }, 'expected values of int64, found "2"'],
  [{ check: 'oneOf', column: 'title', values: ['a', true] }, 'expected values of string, found true'],
  [{ check: 'isUnique' } as unknown as Check, 'expected a check of notNull, range'],
  [{ check: 'rows', min: 1, otherwise: 'stop' } as unknown as Check, `'fail' or 'warn', found "stop"`],
])('%j is refused', (check, problem) => {
  expect(checksProblem([check], COLUMNS)).toContain(problem)
})

test.each([undefined, {}, 'notNull title'])('%j is no list of checks', (checks) => {
  const problem = checksProblem(checks, COLUMNS)
  expect(problem).toBe(`checks: expected a list, found ${typeof checks}`)
})
