import { describe, expect, test } from 'vitest'
import type { Bound } from '../../../core/kinds/kind.ts'
import { COLUMN_KINDS, type KindSpec, type ScalarKind } from '../../../core/kinds/table.ts'
import { checkOf } from '../../../processing/records/check-value.ts'

const spec = (kind: ScalarKind): KindSpec => (kind === 'decimal' ? { kind, parameters: [17, 2] } : { kind })
const check = (kind: ScalarKind, value: unknown) => checkOf({ ...spec(kind), nullable: false })(value)

test.each<[ScalarKind, unknown, string]>([
  ['int32', 2 ** 31, 'expected a whole number from -2147483648 to 2147483647, found 2147483648'],
  [
    'int64',
    0.5,
    'expected a whole number from -(2^53 - 1) to 2^53 - 1, or a bigint from -2^63 to 2^63 - 1, found 0.5',
  ],
  ['float32', 1e39, 'expected a finite number that single precision can hold, found 1e+39'],
  [
    'float32',
    1n,
    'expected a finite number that single precision can hold, found 1n: Number(value) rounds it to one',
  ],
  ['float64', '1', 'expected a finite number, found "1"'],
  ['float64', 1n, 'expected a finite number, found 1n: Number(value) rounds it to one'],
  ['string', 1, 'expected a string, found 1'],
  ['string', 1n, 'expected a string, found 1n: String(value) keeps its digits'],
  ['boolean', 0, 'expected true or false, found 0'],
  ['timestamp', 0, 'expected a valid Date in the years 1 to 9999, found 0'],
  ['date', '2024-01-02', 'expected a valid Date in the years 1 to 9999, found "2024-01-02"'],
])('a column of %s refuses %o', (kind, value, message) => {
  expect(check(kind, value)).toBe(message)
})

describe.each(['timestamp', 'date'] as const)('a column of %s', (kind) => {
  const [first, last] = [Date.parse('0001-01-01T00:00:00.000Z'), Date.parse('9999-12-31T23:59:59.999Z')]

  test('holds the years 1 to 9999 and none beyond', () => {
    for (const instant of [first, 0, last]) expect(check(kind, new Date(instant))).toBeUndefined()
    for (const instant of [first - 1, last + 1, NaN])
      expect(check(kind, new Date(instant))).toContain('in the years 1 to 9999')
  })
})

test.each<[ScalarKind, unknown, Bound | undefined]>([
  ['timestamp', new Date('1970-01-02T00:00:00.001Z'), 86_400_001],
  ['timestamp', new Date(-1), -1],
  ['date', new Date('1970-01-03'), 2],
  ['date', new Date('1969-12-31'), -1],
  ['decimal', 12.34, 1234n],
  ['decimal', -0.29, -29n],
  ['decimal', 2 ** 48 / 100, BigInt(2 ** 48)],
  ['decimal', -(2 ** 48) / 100, -BigInt(2 ** 48)],
  ['decimal', (2 ** 48 + 4) / 100, undefined],
  ['decimal', -(2 ** 48 + 4) / 100, undefined],
])('a bound of %s that is read as %o is %s', (kind, read, bound) => {
  expect(COLUMN_KINDS[kind].readBound!(read, spec(kind))).toBe(bound)
})

test.each<[ScalarKind, Bound, 'min' | 'max', unknown]>([
  ...(['float32', 'float64'] as const).flatMap((kind): [ScalarKind, Bound, 'min' | 'max', unknown][] => [
    [kind, 0, 'min', -0],
    [kind, -0, 'min', -0],
    [kind, 0, 'max', 0],
    [kind, -0, 'max', 0],
    [kind, 0.5, 'min', 0.5],
    [kind, -0.5, 'max', -0.5],
  ]),
  ['decimal', 29, 'min', 29n],
  ['decimal', 29n, 'max', 29n],
])('a bound of %s, %d, is written as its %s %s', (kind, bound, end, written) => {
  expect(COLUMN_KINDS[kind].writtenBound!(bound, end)).toBe(written)
})

// https://docs.aws.amazon.com/athena/latest/ug/data-types.html
test.each<[ScalarKind, readonly string[]]>([
  ['string', ['varchar']],
  ['int32', ['integer', 'smallint', 'tinyint']],
  ['int64', ['bigint']],
  ['float32', ['float', 'real']],
  ['float64', ['double']],
  ['boolean', ['boolean']],
  ['timestamp', ['timestamp']],
  ['date', ['date']],
  ['decimal', ['decimal']],
])('a column of %s holds results of Athena of the types %j', (kind, types) => {
  expect(COLUMN_KINDS[kind].athena).toEqual(types)
})
