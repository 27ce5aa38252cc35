import { expect, test } from 'vitest'
import { identityOf, nameOfCheck, type Check, type CountedCheck } from '../../core/checks.ts'
import { judgeChecks, stops, type Judged } from '../../core/judge-checks.ts'
import { newProfile, type ColumnProfile } from '../../core/profile.ts'
import { checkCounter } from '../../processing/profile/count-checks.ts'

const column = (more: Partial<ColumnProfile>): ColumnProfile => ({
  ...{ type: 'double', nulls: 0, values: 100, distinct: 50, top: [] },
  ...more,
})
const profile = newProfile(100, {
  title: column({ type: 'string', nulls: 5, values: 95 }),
  price: column({ min: -5, max: 80 }),
  at: column({ type: 'timestamp', min: '2024-01-02T00:00:00.000Z', max: '2024-01-02T23:00:00.000Z' }),
  big: column({ type: 'bigint', min: 3, max: '9007199254740993' }),
  none: column({ nulls: 100, values: 0 }),
  day: column({ type: 'date', min: '2024-01-02', max: '2024-01-05' }),
})
const ONE_OF: CountedCheck = { check: 'oneOf', column: 'title', values: ['a', 'b'], maxRatio: 0.05 }
const MATCHES: CountedCheck = { check: 'matches', column: 'title', pattern: '^[ab]' }
const before = [80, 100, 120].map((rows, index) => ({ date: `2024-01-0${index + 1}`, rows }))
const day: Judged = {
  ...{ date: '2024-01-04', rows: 100, profile, isOver: true, before },
  counted: new Map([ONE_OF, MATCHES].map((check) => [identityOf(check), { id: '', values: 95, failed: 4 }])),
}

test.each<[Check, string, string]>([
  [{ check: 'notNull', column: 'price' }, 'passed', '0 of 100 (0%) null'],
  [{ check: 'notNull', column: 'title' }, 'failed', '5 of 100 (5%) null'],
  [{ check: 'notNull', column: 'title', maxRatio: 0.05 }, 'passed', '5 of 100 (5%) null'],
  [{ check: 'range', column: 'price', min: -5, max: 80 }, 'passed', 'from -5 to 80'],
  [{ check: 'range', column: 'price', min: -4 }, 'failed', 'from -5 to 80'],
  [{ check: 'range', column: 'price', max: 79 }, 'failed', 'from -5 to 80'],
  [{ check: 'range', column: 'at', min: '2024-01-02', max: '2024-01-03' }, 'passed', 'from 2024-01-02T00'],
  [{ check: 'range', column: 'at', max: '2024-01-02T22:00:00Z' }, 'failed', 'from 2024-01-02T00'],
  [{ check: 'range', column: 'day', min: '2024-01-02', max: '2024-01-05' }, 'passed', 'from 2024-01-02'],
  [{ check: 'range', column: 'day', max: '2024-01-04' }, 'failed', 'to 2024-01-05'],
  [{ check: 'range', column: 'big', max: 2 ** 53 }, 'passed', 'to 9007199254740993'],
  [{ check: 'range', column: 'none', max: 1 }, 'passed', 'no value'],
  [ONE_OF, 'passed', '4 of 95 (4.21%) that are not'],
  [{ ...ONE_OF, maxRatio: 0.04 }, 'failed', '4 of 95'],
  [{ ...ONE_OF, values: ['a'] }, 'unknown', 'rows that were made before the check'],
  [MATCHES, 'failed', '4 of 95'],
  [{ ...MATCHES, maxRatio: 0.5 }, 'passed', '4 of 95'],
  [{ check: 'rows', min: 0.5, max: 2 }, 'passed', '100 rows after a median of 100 (1.00 times)'],
  [{ check: 'rows', min: 1.1 }, 'failed', '100 rows'],
  [{ check: 'rows', max: 0.9 }, 'failed', '100 rows'],
])('%j: %s', (check, state, found) => {
  const [result] = judgeChecks([check], day)
  expect(result!.state).toBe(state)
  expect(result!.found).toContain(found)
})

test.each<[Check, Partial<Judged>, string, string]>([
  [{ check: 'notNull', column: 'price' }, {}, 'no null', '0 of 100 (0%) null'],
  [{ check: 'notNull', column: 'title', maxRatio: 0.0525 }, { rows: 0 }, 'at most 5.25% null', '0 null'],
  [{ check: 'range', column: 'price', min: -4 }, {}, 'values from -4', 'from -5 to 80'],
  [{ check: 'range', column: 'price', max: 79 }, {}, 'values to 79', 'from -5 to 80'],
  [{ check: 'range', column: 'price', min: 0, max: 0 }, {}, 'values from 0 to 0', 'from -5 to 80'],
  [{ check: 'range', column: 'none', max: 1 }, {}, 'values to 1', 'no value'],
  [
    { check: 'range', column: 'lost', max: 1 },
    {},
    'lost to be profiled',
    'no profile of it: a rebuild makes one',
  ],
  [ONE_OF, {}, 'one of a, b, but for 5%', '4 of 95 (4.21%) that are not'],
  [
    { check: 'oneOf', column: 'title', values: [1, 2, 3, 4, 5] },
    {},
    'one of 1, 2, 3, 4, 5',
    'rows that were made before the check: a rebuild counts them',
  ],
  [
    { check: 'oneOf', column: 'title', values: [1, 2, 3, 4, 5, 6, 7] },
    {},
    'one of 1, 2, 3, 4, 5, 2 more',
    'rows that were made before the check: a rebuild counts them',
  ],
  [MATCHES, {}, 'what ^[ab] matches', '4 of 95 (4.21%) that are not'],
  [
    { check: 'rows', min: 0.5 },
    {},
    '0.5 to any number of times the rows of the days before',
    '100 rows after a median of 100 (1.00 times)',
  ],
  [
    { check: 'rows', max: 2 },
    { before: before.map((other) => ({ ...other, rows: 0 })) },
    '0 to 2 times the rows of the days before',
    '100 rows after a median of 0',
  ],
  [
    { check: 'rows', max: 2 },
    { isOver: false },
    '0 to 2 times the rows of the days before',
    'a day that is not over: it is judged then',
  ],
  [
    { check: 'rows', max: 2 },
    { before: before.slice(1) },
    '0 to 2 times the rows of the days before',
    '2 of the seven days before: it takes 3 to judge',
  ],
  [
    { check: 'drift' },
    { isOver: false },
    'values as on the days before',
    'a day that is not over: it is judged then',
  ],
  [
    { check: 'drift' },
    { profile: undefined },
    'values as on the days before',
    'no profile: a rebuild makes one',
  ],
  [
    { check: 'drift' },
    { before: before.map((other, index) => (index === 0 ? other : { ...other, profile })) },
    'values as on the days before',
    '2 of the seven days before: it takes 3 to judge',
  ],
])('a result tells what is expected and found (%#)', (check, more, expected, found) => {
  expect(judgeChecks([check], { ...day, ...more })[0]).toMatchObject({ expected, found })
})

test('a check of drift tells the columns that drift, all or those that it names', () => {
  const names = ['one', 'two', 'three', 'four', 'five', 'six']
  const profiled = (nulls: number) =>
    newProfile(
      100,
      Object.fromEntries(
        [...names, 'still'].map((name) => [name, column({ nulls: name === 'still' ? 0 : nulls })]),
      ),
    )
  const today = {
    ...{ ...day, profile: profiled(50) },
    before: before.map((other) => ({ ...other, profile: profiled(0) })),
  }
  const text = (name: string) => `${name}: 50.0% null after 0.0%`
  for (const [columns, state, found] of [
    [undefined, 'failed', `${names.slice(0, 5).map(text).join('; ')}; 1 more`],
    [['two', 'still'], 'failed', text('two')],
    [['six', 'one'], 'failed', `${text('one')}; ${text('six')}`],
    [['still'], 'passed', 'no drift'],
  ] as const) {
    const check: Check = columns ? { check: 'drift', columns } : { check: 'drift' }
    expect(judgeChecks([check], today)).toEqual([
      {
        ...{ check: nameOfCheck(check), otherwise: 'warn', state, found },
        expected: 'values as on the days before',
      },
    ])
  }
})

test.each([29, 57, 58])('%i of 100 are at the limit of their ratio', (part) => {
  const ratio = part / 100
  const columns = { title: column({ nulls: part, values: 100 - part }) }
  const counted = new Map([[identityOf(MATCHES), { id: '', values: 100, failed: part }]])
  const today = { ...day, rows: 100, profile: newProfile(100, columns), counted }
  const checks: Check[] = [
    { check: 'notNull', column: 'title', maxRatio: ratio },
    { ...MATCHES, maxRatio: ratio },
    { check: 'notNull', column: 'title', maxRatio: ratio - 0.001 },
  ]
  expect(judgeChecks(checks, today).map(({ state }) => state)).toEqual(['passed', 'passed', 'failed'])
  const [most, less] = [ratio, ratio - 0.001].map((max): Check => ({ check: 'rows', min: max, max }))
  const rows = judgeChecks([most!, less!], { ...today, rows: part })
  expect(rows.map(({ state }) => state)).toEqual(['passed', 'failed'])
})

test('after days without rows, any number of them is at least so many times theirs', () => {
  const without = before.map((other) => ({ ...other, rows: 0 }))
  const states = (rows: number) =>
    judgeChecks(
      [
        { check: 'rows', min: 0.5 },
        { check: 'rows', max: 2 },
      ],
      { ...day, rows, before: without },
    ).map(({ state }) => state)
  expect(states(0)).toEqual(['passed', 'passed'])
  expect(states(1)).toEqual(['passed', 'failed'])
})

test('what cannot be judged stops nothing, and only a failed check that says so does', () => {
  const strict = { otherwise: 'fail' } as const
  const unjudged: Check[] = [
    { check: 'rows', min: 2, ...strict },
    { check: 'drift', ...strict },
  ]
  const notOver = judgeChecks(unjudged, { ...day, isOver: false })
  const alone = judgeChecks(unjudged, { ...day, before: before.slice(1) })
  const unprofiled = judgeChecks([{ check: 'notNull', column: 'title', ...strict }], {
    ...day,
    profile: undefined,
  })
  for (const result of [...notOver, ...alone, ...unprofiled])
    expect([result.state, stops(result)]).toEqual(['unknown', false])
  const check = { check: 'notNull', column: 'title' } as const
  expect(
    judgeChecks([check, { ...check, ...strict }, { check: 'unique', columns: ['title'] }], day).map(stops),
  ).toEqual([false, true])
})

test('failing values are counted row by row, nulls aside, and again from none', () => {
  const counter = checkCounter([ONE_OF, MATCHES, { check: 'oneOf', column: 'big', values: [3] }])!
  for (const [title, big] of [
    ['a', 3n],
    ['b1', 3],
    [null, 4],
    ['c', 2n ** 60n],
  ] as const)
    counter.add({ title, big })
  expect(counter.take().map(({ values, failed }) => [values, failed])).toEqual([
    [3, 2],
    [3, 1],
    [4, 2],
  ])
  expect(counter.take().map(({ values }) => values)).toEqual([0, 0, 0])
  expect(checkCounter([{ check: 'notNull', column: 'title' }])).toBeUndefined()
})
