import fc from 'fast-check'
import { expect, test } from 'vitest'
import { COLUMN_KINDS, type KindSpec, type ScalarKind } from '../../../core/kinds/table.ts'
import type { ColumnSpec } from '../../../core/columns.ts'
import { rowCheck } from '../../../processing/records/check-row.ts'
import { checkOf, IN_OUTLINE, show } from '../../../processing/records/check-value.ts'
import { compileCheck } from '../../../processing/records/compile-check.ts'

const SPECS: readonly KindSpec[] = (Object.keys(COLUMN_KINDS) as ScalarKind[]).map((kind) =>
  kind === 'decimal' ? { kind, parameters: [5, 2] } : { kind },
)

const value = fc.oneof(
  fc.anything({ withBigInt: true, withDate: true }),
  fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }),
  fc.double(),
  fc.constantFrom(-(2n ** 63n), 2n ** 63n - 1n, 2n ** 63n, -(2n ** 63n) - 1n, 2 ** 53, 2 ** 31, -0, 3.5e38),
  fc.constantFrom('\ud800', new Date(NaN), null, undefined, '12.34', '1234.5', '1e2'),
)

test.each(SPECS)(
  '$kind: the quick check passes the very values that the other finds nothing wrong with',
  (spec) => {
    for (const nullable of [true, false]) {
      const scalar: ColumnSpec = { name: 'c', ...spec, nullable }
      const list: ColumnSpec = { name: 'c', kind: 'list', nullable, element: { ...spec, nullable } }
      for (const column of [scalar, list]) {
        const [quick, slow] = [compileCheck([column]), checkOf(column)]
        fc.assert(
          fc.property(column === list ? fc.oneof(fc.array(value), value) : value, (c) => {
            expect(quick({ c })).toBe(slow(c) === undefined)
          }),
        )
      }
    }
  },
)

test('bigints of 64 bits are an int64, and no more', () => {
  const check = rowCheck([{ name: 'n', kind: 'int64', nullable: false }])
  for (const n of [-(2n ** 63n), 2n ** 63n - 1n, 0n]) expect(check({ n })).toBeUndefined()
  for (const n of [-(2n ** 63n) - 1n, 2n ** 63n]) {
    expect(check({ n })).toMatch(
      /^column "n": expected a whole number .*, or a bigint from -2\^63 to 2\^63 - 1, found -?\d+n$/,
    )
  }
})

test.each(['timestamp', 'date'] as const)('a %s is of the years 1 to 9999', (kind) => {
  const columns: readonly ColumnSpec[] = [{ name: 'at', kind, nullable: false }]
  const [check, quick] = [rowCheck(columns), compileCheck(columns)]
  for (const at of ['0001-01-01T00:00:00.000Z', '9999-12-31T23:59:59.999Z'].map((iso) => new Date(iso))) {
    expect([check({ at }), quick({ at })]).toEqual([undefined, true])
  }
  for (const at of [new Date(-62_135_596_800_001), new Date(253_402_300_800_000), new Date(NaN)]) {
    expect(quick({ at })).toBe(false)
    expect(check({ at })).toMatch(
      /^column "at": expected a valid Date in the years 1 to 9999, found (0000-12|\+010000-01|an invalid Date)/,
    )
  }
})

test('what refuses a bigint says how its digits are kept, or that they are not', () => {
  const messageOf = (kind: ScalarKind, c: bigint) => rowCheck([{ name: 'c', kind, nullable: false }])({ c })
  expect(messageOf('string', 2n ** 53n)).toBe(
    'column "c": expected a string, found 9007199254740992n: String(value) keeps its digits',
  )
  for (const kind of ['float32', 'float64'] as const) {
    expect(messageOf(kind, 5n)).toMatch(/^column "c": .*, found 5n: Number\(value\) rounds it to one$/)
  }
  expect(messageOf('int32', 2n ** 53n)).toMatch(/ from -2147483648 to 2147483647, found 9007199254740992n$/)
})

test('a bigint of any length is shown in a few characters, and soon', () => {
  for (const sign of [1n, -1n]) {
    expect(show(sign * (10n ** 60n - 1n))).toBe(`${sign < 0n ? '-' : ''}${'9'.repeat(60)}n`)
    expect(show(sign * 10n ** 60n)).toBe('a bigint of more than 60 digits')
  }
  expect(show(1n << 30_000_000n)).toBe('a bigint of more than 60 digits')
})

test.each<[unknown, string]>([
  [0, '0'],
  [-0, '-0'],
  [1.5, '1.5'],
  [NaN, 'NaN'],
  [true, 'true'],
  [null, 'null'],
  [undefined, 'undefined'],
  [Symbol('s'), 'Symbol(s)'],
  [new Date(0), '1970-01-01T00:00:00.000Z'],
  [new Date(NaN), 'an invalid Date'],
  [[1], 'a list'],
  [{ a: 1 }, 'an object'],
  [Promise.resolve(), 'a Promise'],
  [() => {}, 'a function'],
  ['a "b"', '"a \\"b\\""'],
  ['\ud800', '"\ufffd"'],
  ['x'.repeat(60), `"${'x'.repeat(60)}"`],
  ['x'.repeat(61), `"${'x'.repeat(60)}…"`],
  [`${'x'.repeat(59)}😀`, `"${'x'.repeat(59)}\ufffd…"`],
])('a message shows %o as %s', (shown, text) => {
  expect(show(shown)).toBe(text)
})

test.each<[unknown, string, string]>([
  ['x', '"x"', 'a string'],
  ['', '""', 'a string'],
  [5, '5', 'a whole number'],
  [5n, '5n', 'a bigint'],
  [false, 'false', 'a boolean'],
  [null, 'null', 'null'],
  [undefined, 'undefined', 'undefined'],
  [[], 'a list', 'a list'],
  [Promise.resolve({}), 'a Promise', 'a Promise'],
  [() => {}, 'a function', 'a function'],
])('%o is no row, whatever the columns are', (row, inFull, inOutline) => {
  for (const columns of [[], [{ name: 'a', kind: 'string', nullable: true }]] satisfies ColumnSpec[][]) {
    const check = rowCheck(columns)
    expect(check(row)).toBe(`expected a row, found ${inFull}`)
    expect(check(row, IN_OUTLINE)).toBe(`expected a row, found ${inOutline}`)
  }
})
