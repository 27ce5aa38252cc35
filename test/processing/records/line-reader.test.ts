import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { lineReader } from '../../../processing/records/line-reader.ts'
import { freshParser } from '../../support/processing/fresh-parser.ts'
import { phaseClock } from '../../../processing/records/phases.ts'
import { newCounts } from '../../../processing/read/shard.ts'

/** Reads a text by a new reader. Returns the records that `extract` got, and the counts. */
function readText(
  text: string | Buffer,
  extract: (record: unknown) => unknown = () => null,
  maxLineBytes = 1000,
) {
  const records: unknown[] = []
  const lines: number[] = []
  const counts = newCounts()
  const clock = phaseClock()
  const { readLines } = lineReader({
    parser: freshParser(),
    extract: (record) => {
      records.push(record)
      return extract(record)
    },
    context: undefined,
    check: () => undefined,
    onRow: () => {},
    maxLineBytes,
    clock,
    onLine: (line) => lines.push(line),
  })
  const bytes = Buffer.from(text)
  void readLines(Buffer.from(new SharedArrayBuffer(bytes.length)).fill(bytes), counts)
  return { records, counts, lines, clock }
}

/** Reads lines by a new reader. Returns the records that `extract` got, and the outcome of the lines. */
function readAll(lines: readonly string[]) {
  const { records, counts } = readText(lines.map((line) => `${line}\n`).join(''))
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
  const { lines, counts } = readText('{}\n\n \r\n{}\n')
  expect(lines).toEqual([1, 2, 3, 4])
  expect(counts.records).toBe(2)
})

test.each([
  ['\n{"n":1}\n', 2],
  ['\n\n{"n":1}', 3],
  [' \r\n{"n":1}\n\n', 3],
  ['{"n":1}\n \n', 2],
])('blank lines around a record are counted, but are no records: %j', (text, lines) => {
  const { records, counts } = readText(text)
  expect(records).toEqual([{ n: 1 }])
  expect(counts).toMatchObject({ records: 1, bytes: text.length, rejects: [], lines })
})

test.each([
  ['short', 30],
  ['long', 1000],
])('a %s line over the limit is rejected, also among lines of its shape that are read', (_, limit) => {
  const lineOf = (bytes: number) => `{"a":"${'x'.repeat(bytes - 8)}"}`
  const lengths = [10, 20, limit, limit + 1, 25, limit + 2, 15]
  const text = lengths.map((length) => `${lineOf(length)}\n`).join('')
  const { records, counts } = readText(text, undefined, limit)
  expect(records).toHaveLength(5)
  expect(counts).toMatchObject({ records: 7, lines: 7, bytes: text.length, rejectedBytes: 2 * limit + 3 })
  expect(counts.rejects).toMatchObject([
    { line: 4, reason: 'line-too-long', raw: lineOf(limit + 1) },
    { line: 6, reason: 'line-too-long', raw: lineOf(limit + 2) },
  ])
})

test.each<[string, number[], string[]]>([
  ['{"n":1}{"n":2}', [1, 2], []],
  [' {"n":1} {"n":2} \r', [1, 2], []],
  ['{"n":1}{"n":', [1], ['invalid-json {"n":']],
  ['{"n":1}{"n":x}{"n":3}', [1, 3], ['invalid-json {"n":x}']],
  ['{"n":1}{"n":"\xff"}{"n":3}', [1, 3], ['invalid-utf8 eyJuIjoi/yJ9']],
  ['{"n":1} x', [], ['invalid-json {"n":1} x']],
  ['{"n":1}[2]', [], ['invalid-json {"n":1}[2]']],
  ['x {"n":1} x', [], ['invalid-json x {"n":1} x']],
  ['\xff {"n":1} x', [], ['invalid-utf8 /yB7Im4iOjF9IHg=']],
])(
  'several records of a line are read one by one, if there is nothing else in it: %j',
  (line, read, rejects) => {
    const { records, counts } = readText(Buffer.from(`${line}\n{"n":0}\n`, 'latin1'))
    expect(records).toEqual([...read, 0].map((n) => ({ n })))
    expect(
      counts.rejects.map(({ reason, raw, rawBase64, line: at }) => [at, `${reason} ${raw ?? rawBase64}`]),
    ).toEqual(rejects.map((reject) => [1, reject]))
    expect(counts).toMatchObject({ lines: 2, records: read.length + rejects.length + 1 })
  },
)

test.each([
  ['null', 'null', 'expected a JSON object, found null'],
  ['[1,2]', '[1,2]', 'expected a JSON object, found a list of 2'],
  ['true', 'true', 'expected a JSON object, found a boolean'],
  ['"x"', '"x"', 'expected a JSON object, found a string'],
  ['"x"\r', '"x"', 'expected a JSON object, found a string'],
  ['{"a":"', '{"a":"', /^Unterminated string in JSON at position 6/],
  ['{"a":"\r\r', '{"a":"\r', /^Bad control character in string literal in JSON at position 6/],
])('a reject of %j keeps it without the end of its line, and says why', (line, raw, message) => {
  const { counts } = readText(`${line}\n`)
  expect(counts.rejects).toMatchObject([{ raw, message: expect.stringMatching(message) as string }])
  expect(counts).toMatchObject({ records: 1, rejectedBytes: raw.length })
})

test.each([
  ['an error', new TypeError('no'), 'TypeError: no'],
  ['an error of parsing', new SyntaxError('no JSON'), 'no JSON'],
  ['text', 'no', 'threw no'],
  ['a number', 5, 'threw number'],
  ['a long text', 'x'.repeat(500), `threw ${'x'.repeat(494)}…`],
])('a reject by %s that feature code throws says what it was', (_, thrown, message) => {
  const { counts } = readText('{}\n', () => {
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- feature code throws anything
    throw thrown
  })
  expect(counts.rejects).toMatchObject([{ reason: 'extract-error', message, raw: '{}' }])
})

test.each<[unknown, object]>([
  [null, { kept: 0, dropped: 1 }],
  [[], { kept: 0, dropped: 1 }],
  [{}, { kept: 1, dropped: 0 }],
  [[{}, {}], { kept: 1, dropped: 0 }],
])('feature code that returns %j keeps or drops the record', (result, outcome) => {
  expect(readText('{}\n', () => result).counts).toMatchObject({ records: 1, rejects: [], ...outcome })
})

test.each([
  ['of one shape', 'x'],
  ['too long to have a shape', 'x'.repeat(100)],
])('the time of one record stands for that of 64, in lines %s', (_, text) => {
  let now = 0
  const watch = vi.spyOn(performance, 'now').mockImplementation(() => now)
  try {
    const { clock, records } = readText(`{"a":"${text}"}\n`.repeat(640), () => {
      now += 1
      return null
    })
    expect(records).toHaveLength(640)
    expect(clock.seconds.extract).toBeCloseTo(0.64)
  } finally {
    watch.mockRestore()
  }
})
