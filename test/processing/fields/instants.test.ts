import fc from 'fast-check'
import { expect, test } from 'vitest'
import { day, instant, requiredDay, requiredInstant } from '../../../processing/fields/instants.ts'

test.each([
  ['2024-05-06T10:00:00.123Z', '2024-05-06T10:00:00.123Z'],
  ['2024-05-06t10:00:00z', '2024-05-06T10:00:00.000Z'],
  ['2024-05-06T10:00:00', '2024-05-06T10:00:00.000Z'],
  [' 2024-05-06 10:00:00 ', '2024-05-06T10:00:00.000Z'],
  ['2024-05-06 10:00:00 UTC', '2024-05-06T10:00:00.000Z'],
  ['2024-05-06T10:00', '2024-05-06T10:00:00.000Z'],
  ['2024-05-06T10:00:00.1', '2024-05-06T10:00:00.100Z'],
  ['2024-05-06T10:00:00,123999999Z', '2024-05-06T10:00:00.123Z'],
  ['1969-12-31T23:59:59.9999Z', '1969-12-31T23:59:59.999Z'],
  ['2024-05-06 00:30:00.5+05:30', '2024-05-05T19:00:00.500Z'],
  ['2024-05-06T10:00:00-0230', '2024-05-06T12:30:00.000Z'],
  ['2024-05-06T10:00:00+02', '2024-05-06T08:00:00.000Z'],
  ['2024-05-06', '2024-05-06T00:00:00.000Z'],
  ['2024-02-29', '2024-02-29T00:00:00.000Z'],
  ['0001-01-01', '0001-01-01T00:00:00.000Z'],
  ['0099-12-31', '0099-12-31T00:00:00.000Z'],
  ['9999-12-31T23:59:59.999', '9999-12-31T23:59:59.999Z'],
  [1_714_953_600_123, '2024-05-06T00:00:00.123Z'],
  [1_714_953_600_123.9, '2024-05-06T00:00:00.123Z'],
  [1_714_953_600_123n, '2024-05-06T00:00:00.123Z'],
  [-62_135_596_800_000, '0001-01-01T00:00:00.000Z'],
  [253_402_300_799_999, '9999-12-31T23:59:59.999Z'],
  [0, '1970-01-01T00:00:00.000Z'],
])('%s is the instant %s', (value, iso) => {
  expect(instant(value)?.toISOString()).toBe(iso)
  expect(requiredInstant(value, 'at').toISOString()).toBe(iso)
  expect(day(value)?.toISOString()).toBe(`${iso.slice(0, 10)}T00:00:00.000Z`)
  expect(requiredDay(value, 'on').toISOString()).toBe(`${iso.slice(0, 10)}T00:00:00.000Z`)
})

const FORMATS = 'give ISO 8601 or milliseconds since 1970'
const TOO_FAR = 'give milliseconds since 1970, in the years 1 to 9999'

test.each([
  ['2024-02-30', 'there is no such day'],
  ['2023-02-29T10:00:00Z', 'there is no such day'],
  ['2024-13-01', 'there is no such day'],
  ['2024-00-10', 'there is no such day'],
  ['2024-04-31', 'there is no such day'],
  ['2024-01-00', 'there is no such day'],
  ['2024-05-06T24:00:00Z', 'there is no such time of day'],
  ['2024-05-06T23:60:00Z', 'there is no such time of day'],
  ['2024-05-06T23:59:60Z', 'there is no such time of day'],
  ['2024-05-06T10:00:00+24:00', 'there is no such time of day'],
  ['0000-02-29', 'give a year from 1 to 9999'],
  ['0001-01-01T00:00:00+02:00', 'give a year from 1 to 9999'],
  ['9999-12-31T23:00:00-02:00', 'give a year from 1 to 9999'],
  ['24-5-6', FORMATS],
  ['20240506', FORMATS],
  ['2024-05-06T10', FORMATS],
  ['2024-05-06T10:00:00 CET', FORMATS],
  ['+012024-05-06', FORMATS],
  ['1714953600123', FORMATS],
  ['', FORMATS],
  [null, FORMATS],
  [undefined, FORMATS],
  [{}, FORMATS],
  [true, FORMATS],
  [1_714_953_600, 'it looks like seconds; give milliseconds since 1970'],
  [1_714_953_600_123_456, 'it looks like microseconds; give milliseconds since 1970'],
  [1_714_953_600_123_456_789n, 'it looks like nanoseconds; give milliseconds since 1970'],
  [10n ** 30n, TOO_FAR],
  [NaN, TOO_FAR],
  [Infinity, TOO_FAR],
])('%s is no instant: %s', (value, problem) => {
  expect([instant(value), day(value)]).toEqual([null, null])
  expect(() => requiredInstant(value, 'at')).toThrow(/^at: expected a time, found /)
  expect(() => requiredInstant(value, 'at')).toThrow(problem)
  expect(() => requiredDay(value, 'on')).toThrow(/^on: expected a day, found /)
})

test.each([
  [1_714_953_600, ['seconds'], '2024-05-06T00:00:00.000Z'],
  [1_714_953_600.123, ['seconds'], '2024-05-06T00:00:00.123Z'],
  [-1, ['seconds'], '1969-12-31T23:59:59.000Z'],
  [1_714_953_600_123_456, ['microseconds'], '2024-05-06T00:00:00.123Z'],
  [1_714_953_600_123_456_789n, ['nanoseconds'], '2024-05-06T00:00:00.123Z'],
  [1_714_953_600, ['milliseconds', 'seconds'], '2024-05-06T00:00:00.000Z'],
  [1_714_953_600_123, ['seconds', 'milliseconds'], '2024-05-06T00:00:00.123Z'],
] as const)('%s is read as one of %s', (value, units, iso) => {
  expect(instant(value, units)?.toISOString()).toBe(iso)
})

test('a number of another unit than those named is refused', () => {
  expect(() => requiredInstant(1_714_953_600_123, 'at', ['seconds'])).toThrow(
    'at: expected a time, found 1714953600123: it looks like milliseconds; give seconds since 1970',
  )
})

test('the usual spelling is read as any other is', () => {
  const digits = (most: number, length: number) =>
    fc.integer({ min: 0, max: most }).map((number) => String(number).padStart(length, '0'))
  const parts = [
    digits(9999, 4),
    digits(13, 2),
    digits(32, 2),
    digits(25, 2),
    digits(61, 2),
    digits(61, 2),
  ] as const
  const spelled = fc
    .tuple(...parts, fc.constantFrom('', '.123', '.999', '.12'))
    .map(([year, month, date, hour, minute, second, fraction]) => {
      return `${year}-${month}-${date}T${hour}:${minute}:${second}${fraction}Z`
    })
  fc.assert(
    fc.property(spelled, (text) => {
      // Spaces around it are not usual.
      expect(instant(text)).toEqual(instant(` ${text} `))
    }),
    { numRuns: 2000 },
  )
})
