import fc from 'fast-check'
import { expect, test } from 'vitest'
import { lineReader } from '../../../processing/records/line-reader.ts'
import { phaseClock } from '../../../processing/records/phases.ts'
import { newCounts } from '../../../processing/read/shard.ts'

/** Reads lines by a new reader. Returns the records that `extract` got, and the outcome of the lines. */
function readAll(lines: readonly string[]) {
  const records: unknown[] = []
  const counts = newCounts()
  const { readLines } = lineReader({
    extract: (record) => {
      records.push(record)
      return null
    },
    context: undefined,
    check: () => undefined,
    onRow: () => {},
    maxLineBytes: 1000,
    clock: phaseClock(),
  })
  const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''))
  void readLines(Buffer.from(new SharedArrayBuffer(bytes.length)).fill(bytes), counts)
  return { records, rejects: counts.rejects.map(({ reason, message, raw }) => ({ reason, message, raw })) }
}

const literal = fc.oneof(
  fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }).map(String),
  fc.constantFrom(
    '1',
    '-0',
    '9007199254740993',
    '9007199254740993.0',
    '"9007199254740993"',
    '[9007199254740993]',
    '1e400',
    '00',
  ),
)
const line = fc
  .tuple(
    fc.constantFrom('', ' '),
    fc.constantFrom('a', 'b', 'é'),
    literal,
    literal,
    fc.constantFrom('', '\r', ','),
  )
  .map(([space, key, first, second, end]) => `{"${key}":${space}${first},"${key}2":${space}${second}}${end}`)

test('what becomes of a line does not depend on the lines around it, whatever digits are in them', () => {
  fc.assert(
    fc.property(fc.array(line, { minLength: 2, maxLength: 12 }), (lines) => {
      const alone = lines.map((one) => readAll([one]))
      expect(readAll(lines)).toStrictEqual({
        records: alone.flatMap(({ records }) => records),
        rejects: alone.flatMap(({ rejects }) => rejects),
      })
    }),
    { numRuns: 500 },
  )
})

test('a large integer that is a line of its own is a number like a small one', () => {
  const { rejects } = readAll(['1', '12345678901234567890', ' 12345678901234567890 '])
  expect(rejects.map(({ message }) => message)).toEqual(
    Array(3).fill('expected a JSON object, found a number'),
  )
})

test('of every line it is told before it is read, of blank ones too: many of them take long', () => {
  const told: number[] = []
  const counts = newCounts()
  const { readLines } = lineReader({
    extract: () => null,
    context: undefined,
    check: () => undefined,
    onRow: () => {},
    maxLineBytes: 1000,
    clock: phaseClock(),
    onLine: (line) => told.push(line),
  })
  void readLines(Buffer.from('{}\n\n \r\n{}\n'), counts)
  expect(told).toEqual([1, 2, 3, 4])
  expect(counts.records).toBe(2)
})
