import { expect, test } from 'vitest'
import { describe, id, requiredId, tags } from '../../../processing/fields/text.ts'

test.each([
  [7, '7'],
  [-0, '0'],
  [9_007_199_254_740_991, '9007199254740991'],
  [738_529_527_931_269_425n, '738529527931269425'],
  [-18_446_744_073_709_551_615n, '-18446744073709551615'],
  [' a-1 ', 'a-1'],
  [9_007_199_254_740_992, null],
  [1.5, null],
  [NaN, null],
  [10n ** 100n, null],
  [' ', null],
  [null, null],
  [undefined, null],
  [['a'], null],
])('the id of %s is %s', (value, expected) => {
  expect(id(value)).toBe(expected)
  if (expected === null)
    expect(() => requiredId(value, 'id')).toThrow(/^id: expected text or a whole number, found /)
  else expect(requiredId(value, 'id')).toBe(expected)
})

test('a list of tags holds texts alone', () => {
  expect(tags(['SQL', 3, 12_345_678_901_234_567_890n, null, ' sql '])).toEqual(['sql'])
})

test.each([
  [undefined, 'nothing'],
  [null, 'null'],
  [NaN, 'NaN'],
  [-0, '0'],
  [123n, '123'],
  [10n ** 100n, 'a whole number of more than 100 digits'],
  ['a "b"\n', '"a \\"b\\"\\n"'],
  [{ a: [1, 2n, 'x'], b: { c: null, d: true } }, '{"a":[1,2,"x"],"b":{"c":null,"d":true}}'],
  [[], '[]'],
  [{}, '{}'],
  [[undefined], '[undefined]'],
  [new Date(0), '"1970-01-01T00:00:00.000Z"'],
  [new Date(NaN), 'null'],
  ['x'.repeat(58), `"${'x'.repeat(58)}"`],
  ['x'.repeat(59), `"${'x'.repeat(59)}…`],
  [Array(100).fill(1), `[${'1,'.repeat(29)}1…`],
  ['👍'.repeat(40), `"${'👍'.repeat(29)}\ufffd…`],
])('%s is described as %s', (value, expected) => {
  expect(describe(value)).toBe(expected)
})

test('a list in a list in a list, however deep, is described', () => {
  let deep: unknown = 1
  for (let depth = 0; depth < 1e5; depth++) deep = [deep]
  expect(describe(deep)).toBe(`${'['.repeat(60)}…`)
})
