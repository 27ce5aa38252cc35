import { expect, test } from 'vitest'
import {
  boolean,
  date,
  decimal,
  float32,
  float64,
  int32,
  int64,
  list,
  string,
  timestamp,
  type Columns,
} from '../../../processing/dataset.ts'
import { newCounts } from '../../../processing/read/shard.ts'
import { rowCheck } from '../../../processing/records/check-row.ts'
import { lineReader } from '../../../processing/records/line-reader.ts'
import { freshParser } from '../../support/processing/fresh-parser.ts'
import { outlineOf } from '../../../processing/records/outline.ts'
import { phaseClock } from '../../../processing/records/phases.ts'

/** Stands for personal data. */
const SECRET = 'Jane4111'

/** Returns the rejects of lines, each of them read by itself. */
function rejectsOf(
  lines: readonly (string | Buffer)[],
  extract: (record: Record<string, unknown>) => unknown = (record) => record,
  columns: Columns = { a: string() },
) {
  const { readLines } = lineReader({
    parser: freshParser(),
    extract: extract as (record: unknown) => unknown,
    context: undefined,
    check: rowCheck(Object.entries(columns).map(([name, { spec }]) => ({ name, ...spec }))),
    onRow: () => {},
    maxLineBytes: 1000,
    clock: phaseClock(),
  })
  return lines.flatMap((line) => {
    const counts = newCounts()
    const bytes = Buffer.from(line)
    void readLines(Buffer.from(new SharedArrayBuffer(bytes.length)).fill(bytes), counts)
    return counts.rejects
  })
}

test.each([
  [`${SECRET} 4`, 'text that is not JSON'],
  [`{"a":${SECRET}}`, 'text that is not JSON'],
  [`"${SECRET}" x ${SECRET}`, /^Unexpected non-whitespace character after JSON at position \d+/],
  [`{"${SECRET}" 1}`, /^Expected ':' after property name in JSON at position \d+/],
  [`{"a":"${SECRET}" x}`, /^Expected ',' or '}' after property value in JSON at position \d+/],
  [`{"a":"${SECRET}`, /^Unterminated string in JSON at position \d+/],
  [`{"a":"${SECRET}\t"}`, /^Bad control character in string literal in JSON at position \d+/],
  [`{"a":"${SECRET}",`, /^Expected double-quoted property name in JSON at position \d+|^Unexpected end/],
  [`{"a":"${SECRET}"`, /^Expected ',' or '}' after property value in JSON at position \d+/],
  [`["${SECRET}"]`, 'expected a JSON object, found a list of 1'],
  [`"${SECRET}"`, 'expected a JSON object, found a string'],
  [Buffer.concat([Buffer.from(SECRET), Buffer.of(0xff)]), 'the line is not valid UTF-8'],
  [SECRET.repeat(200), /^expected a line of at most 1000 bytes, found 1600/],
])('the outline of %s quotes nothing', (line, outline) => {
  const [reject] = rejectsOf([line])
  expect(reject!.outline).toMatch(outline)
  expect(reject!.outline).not.toMatch(/Jane|4111/)
})

test.each([
  ['string', string(), 4111, 'expected a string, found a whole number'],
  ['int32', int32(), SECRET, /^expected a whole number from .*, found a string$/],
  ['int32', int32(), 41.11, /, found a number with a fraction$/],
  ['int64', int64(), SECRET, /, found a string$/],
  ['int64', int64(), 4111n ** 20n, /, found a bigint$/],
  ['float32', float32(), 4.111e38, /, found a whole number$/],
  ['float64', float64(), 4111n, 'expected a finite number, found a bigint: Number(value) rounds it to one'],
  ['float64', float64(), Number.NaN, /, found NaN$/],
  ['boolean', boolean(), SECRET, 'expected true or false, found a string'],
  ['timestamp', timestamp(), new Date(4111e11), /, found a Date$/],
  ['date', date(), SECRET, /, found a string$/],
  ['decimal', decimal(9, 2), `${SECRET}.1`, /, found a string: it is not digits/],
  [
    'decimal',
    decimal(9, 2),
    41.11,
    /, found a number with a fraction: the digits of a number may be rounded/,
  ],
  ['list', list(string()), SECRET, 'expected a list, found a string'],
  ['list', list(int32()), [1, SECRET], /^element 1: .*, found a string$/],
  ['list', list(string()), [undefined], 'element 0: expected a string, found undefined'],
  ['string', string(), () => SECRET, 'expected a string, found a function'],
  ['string', string(), { [SECRET]: SECRET }, 'expected a string, found an object'],
  ['string', string(), Symbol(SECRET), 'expected a string, found a symbol'],
  ['string', string(), null, 'found null in a column that is not nullable'],
])('the outline of a value that is no %s tells column and kinds', (_, column, value, outline) => {
  const [single, several] = rejectsOf(
    ['{"n":1}', '{"n":2}'],
    ({ n }) => (n === 1 ? { a: value } : [{ a: value }]),
    {
      a: column,
    },
  )
  const problem = /^column "a": (.*)$/.exec(single!.outline!)![1]
  expect(problem).toMatch(outline)
  expect(problem).not.toMatch(/Jane|4[.]?1[.]?11\b/)
  expect(several!.outline).toBe(`row 0: ${single!.outline}`)
})

test('the outline of a surplus column is without its name, which may be of the record', () => {
  const [reject] = rejectsOf([`{"a":"x","${SECRET}":1}`])
  expect(reject).toMatchObject({
    message: `"${SECRET}" is not one of the columns`,
    outline: 'a key is not one of the columns',
  })
})

/** Sets the name of an error, as classes do. */
const named = (name: unknown) => Object.assign(new Error(SECRET), { name })

test.each([
  ['an error', new TypeError(SECRET), /^TypeError at outline\.test|^TypeError$/],
  ['a class that the program does not know', named(SECRET), 'Error'],
  ['a name that is no identifier', named(`${SECRET} ${SECRET}`), 'Error'],
  ['a name of any length', named('E'.repeat(1000)), 'Error'],
  ['a name that is no text', named(Symbol(SECRET)), 'Error'],
  ['a code', Object.assign(new Error(SECRET), { code: SECRET }), 'Error'],
  ['a code of the system', Object.assign(new Error(SECRET), { code: 'ECONNRESET' }), 'Error ECONNRESET'],
  [
    'a stack that is made up',
    Object.assign(new Error(SECRET), { stack: `    at ${SECRET} (file:///${SECRET}.js:1:1)` }),
    'Error',
  ],
  ['text', SECRET, 'a thrown string'],
  ['null', null, 'a thrown null'],
  ['an object', { name: SECRET, message: SECRET }, 'a thrown object'],
  [
    'what throws when it is looked at',
    new Proxy(new Error(), {
      get() {
        throw new Error(SECRET)
      },
    }),
    'Error',
  ],
])('of %s class and place are told, and nothing else', (_, thrown, outline) => {
  expect(outlineOf(thrown)).toMatch(outline)
  expect(outlineOf(thrown)).not.toContain(SECRET)
  const extract = () => {
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- feature code throws anything
    throw thrown
  }
  expect(rejectsOf(['{}'], extract)[0]!.outline).toBe(outlineOf(thrown))
})

test.each([
  new Error(SECRET),
  new AggregateError([], SECRET),
  new EvalError(SECRET),
  new RangeError(SECRET),
  new ReferenceError(SECRET),
  new SyntaxError(SECRET),
  new TypeError(SECRET),
  new URIError(SECRET),
  new DOMException(SECRET, 'AbortError'),
  new DOMException(SECRET, 'TimeoutError'),
])('the class $name of the runtime is told', (error) => {
  expect(outlineOf(error)).toBe(error.name)
})

test('a class that the text of the program names is told', () => {
  // Here the program is the file that looks.
  expect(outlineOf(named('utf8'))).toBe('utf8')
})

test('a row whose getter throws in its turn has an outline none the less', () => {
  let looks = 0
  const row = Object.defineProperty({}, 'a', {
    enumerable: true,
    get: () => {
      if (++looks > 2) throw new TypeError(SECRET)
      return 4111
    },
  })
  expect(rejectsOf(['{}'], () => row)[0]!.outline).toBe('TypeError')
})

test('the first reject of each reason has an outline, the others do without', () => {
  const counts = newCounts()
  const text = Buffer.from('x\n[]\ny\n[]\n')
  const { readLines } = lineReader({
    parser: freshParser(),
    extract: () => null,
    context: undefined,
    check: () => undefined,
    onRow: () => {},
    maxLineBytes: 1000,
    clock: phaseClock(),
  })
  void readLines(Buffer.from(new SharedArrayBuffer(text.length)).fill(text), counts)
  expect(counts.rejects.map(({ outline }) => outline !== undefined)).toEqual([true, true, false, false])
})
