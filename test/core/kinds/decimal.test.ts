import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decimalText } from '../../../core/kinds/decimal.ts'
import type { KindSpec } from '../../../core/kinds/table.ts'
import { parquetType } from '../../../core/parquet-schema.ts'
import { decimal } from '../../../processing/dataset.ts'
import { checkOf } from '../../../processing/records/check-value.ts'

const spec = (precision: number, scale: number): KindSpec => ({
  kind: 'decimal',
  parameters: [precision, scale],
})
const check = (value: unknown, precision = 5, scale = 2) =>
  checkOf({ ...spec(precision, scale), nullable: false })(value)

test.each([
  [0, 0, 'precision: expected a whole number from 1 to 38, found 0'],
  [39, 2, 'precision: expected a whole number from 1 to 38, found 39'],
  [2.5, 0, 'precision: expected a whole number from 1 to 38, found 2.5'],
  [5, 6, 'scale: expected a whole number from 0 to 5, found 6'],
  [5, -1, 'scale: expected a whole number from 0 to 5, found -1'],
  [5, NaN, 'scale: expected a whole number from 0 to 5, found NaN'],
])('decimal(%s, %s) is no column', (precision, scale, message) => {
  expect(() => decimal(precision, scale)).toThrow(`decimal(${precision}, ${scale}): ${message}.`)
  expect(() => decimal(precision, scale)).toThrow(
    expect.objectContaining({ code: 'InvalidDataset' }) as Error,
  )
})

test.each(['12.34', '0', '-0', '-0.5', '00999.9', '999.99', '-999.99', 1234n, -99_999n, 0n])(
  '%s is a decimal(5,2)',
  (value) => {
    expect(check(value)).toBeUndefined()
  },
)

test.each([
  ['12.345', 'found "12.345": it has more than 2 digits behind the point'],
  ['1.000', 'found "1.000": it has more than 2 digits behind the point'],
  ['1000', 'found "1000": it has more than 3 digits before the point'],
  ['1e2', 'found "1e2": exponent notation is not read'],
  ['-1.5E+3', 'found "-1.5E+3": exponent notation is not read'],
  ['', 'found "": a blank is no number; where there is none, give null'],
  [' ', 'found " ": a blank is no number; where there is none, give null'],
  [' 1', 'found " 1": there is a blank in it'],
  ['1\n', 'found "1\\n": there is a blank in it'],
  ['NaN', 'found "NaN": it is not a number; where there is none, give null'],
  ['-Infinity', 'found "-Infinity": it is not a number; where there is none, give null'],
  ['+1', 'found "+1": it is not digits with at most a point between them'],
  ['.5', 'found ".5": it is not digits with at most a point between them'],
  ['5.', 'found "5.": it is not digits with at most a point between them'],
  ['1,5', 'found "1,5": it is not digits with at most a point between them'],
  ['--1', 'found "--1": it is not digits with at most a point between them'],
  ['٣', 'found "٣": it is not digits with at most a point between them'],
  [100_000n, 'found 100000n: it has more than 5 digits'],
  [-100_000n, 'found -100000n: it has more than 5 digits'],
  [12.34, 'found 12.34: the digits of a number may be rounded; give text, such as its toFixed(2)'],
  [NaN, 'found NaN: it is neither text nor a bigint'],
  [{}, 'found an object: it is neither text nor a bigint'],
])('%o is no decimal(5,2): %s', (value, ending) => {
  expect(check(value)).toBe(
    `expected a decimal(5,2), as text such as '0.5' or as a bigint of units such as 50n, ${ending}`,
  )
})

test('all digits may be behind the point, or none', () => {
  expect(check('0.99', 2, 2)).toBeUndefined()
  expect(check('1', 2, 2)).toContain('it has more than 0 digits before the point')
  expect(check('99', 2, 0)).toBeUndefined()
  expect(check('99.0', 2, 0)).toBe(
    'expected a decimal(2,0), as text such as \'5\' or as a bigint of units such as 5n, found "99.0": it has more ' +
      'than 0 digits behind the point',
  )
})

const digits = fc.integer({ min: 1, max: 38 }).chain((precision) =>
  fc.record({
    precision: fc.constant(precision),
    scale: fc.integer({ min: 0, max: precision }),
    units: fc.bigInt({ min: -(10n ** BigInt(precision)) + 1n, max: 10n ** BigInt(precision) - 1n }),
  }),
)

test('what a decimal is read back as is a decimal of its kind, and its units with a point in them', () => {
  fc.assert(
    fc.property(digits, ({ precision, scale, units }) => {
      const text = decimalText(units, parquetType(spec(precision, scale)))
      expect(check(text, precision, scale)).toBeUndefined()
      expect(text).toMatch(scale > 0 ? new RegExp(`^-?\\d+\\.\\d{${scale}}$`) : /^-?\d+$/)
      expect(BigInt(text.replace('.', ''))).toBe(units)
    }),
  )
})

test('the type that stores it is as small as its precision allows', () => {
  const stored = (precision: number) => {
    const { type, type_length } = parquetType(spec(precision, 0))
    return [type, type_length]
  }
  expect([1, 9, 10, 18, 19, 21, 22, 38].map(stored)).toEqual([
    ['INT32', undefined],
    ['INT32', undefined],
    ['INT64', undefined],
    ['INT64', undefined],
    ['FIXED_LEN_BYTE_ARRAY', 9],
    ['FIXED_LEN_BYTE_ARRAY', 9],
    ['FIXED_LEN_BYTE_ARRAY', 10],
    ['FIXED_LEN_BYTE_ARRAY', 16],
  ])
})

test.each([
  ['04d2', 2, '12.34'],
  ['00ff', 0, '255'],
  ['ff', 0, '-1'],
  ['fffe', 3, '-0.002'],
  ['00000000000000000000000000000000', 1, '0.0'],
  ['80000000000000000000000000000000', 0, String(-(2n ** 127n))],
])('bytes %s with %d digits behind the point are %s', (hex, scale, text) => {
  const bytes = new Uint8Array(Buffer.from(hex, 'hex'))
  expect(decimalText(bytes, { type: 'FIXED_LEN_BYTE_ARRAY', scale })).toBe(text)
})
