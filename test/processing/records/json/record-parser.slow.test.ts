import { cases } from '../../../support/cases.ts'
import { isUtf8 } from 'node:buffer'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { RecordParser } from '../../../../processing/records/json/record-parser.ts'
import {
  LIST_BYTES,
  MAX_CACHES,
  MAX_OPERATIONS,
  SHAPE_BYTES,
  SLOT_BYTES,
  WINDOW_BYTES,
} from '../../../../processing/records/json/record-layout.ts'
import { freshParser } from '../../../support/processing/fresh-parser.ts'
import { random } from '../../../support/generated/random.ts'
import { parseExactly, written } from '../../../support/processing/exact-json.ts'

/** Teaches a parser a record from its line; a line that is not told has no white space. */
function teach(parser: RecordParser, record: unknown, line = ''): void {
  const bytes = Buffer.from(`[7, 8, ${line}]`)
  parser.learn(record, bytes, 7, bytes.length - 1)
}

function taught(lessons: readonly unknown[]): RecordParser {
  const parser = freshParser()
  for (const lesson of lessons) teach(parser, lesson)
  return parser
}

/**
 * Parses a line by a parser that has learnt from `lessons`. Returns the record, or undefined for a line that it leaves.
 */
function parseAfter(lessons: readonly unknown[], line: string | Buffer, end?: string): unknown {
  return parseBy(taught(lessons), line, end)
}

function parseBy(parser: RecordParser, line: string | Buffer, end = '\n'): unknown {
  const text = Buffer.concat([Buffer.from('{"in":"front"}\n'), Buffer.from(line), Buffer.from(end)])
  const start = text.indexOf('\n') + 1
  const copy = Buffer.from(new SharedArrayBuffer(text.length + 8), 4, text.length)
  copy.set(text)
  parser.open(copy)
  const record = parser.parse(start)
  if (record !== undefined) expect(parser.end).toBe(text.length - 1)
  return record
}

function parsed(line: string | Buffer): unknown {
  try {
    return parseExactly(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(line)))
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined
    throw error
  }
}

/** Expects the same value, including the signs of zeros and the order of keys. */
function expectSame(found: unknown, expected: unknown): void {
  expect(found).toStrictEqual(expected)
  expect(written(found)).toBe(written(expected))
}

/** Expects that the line is left to `readJson`, or gives what two other parsers read. */
function expectNothingElse(lessons: readonly unknown[], line: string | Buffer): void {
  const found = parseAfter(lessons, line)
  if (found !== undefined) expectSame(found, parsed(line))
}

const EVENT = {
  id: 7,
  user: 'u1',
  at: { day: 'x', ms: -0.5 },
  on: true,
  off: null,
  list: [1.5, -2],
  tags: ['a', ''],
}

test('a record of a known shape is parsed, whatever stands in its places', () => {
  for (const line of [
    JSON.stringify(EVENT),
    '{"id":null,"user":-12.75,"at":{"day":false,"ms":[]},"on":"yes","off":[[1,2],["x"]],"list":[true,null,"b",0],"tags":1e3}',
    '{"id":0,"user":"","at":{"day":"","ms":-0},"on":false,"off":0.0,"list":[],"tags":[[]]}',
  ]) {
    expectSame(parseAfter([EVENT], line), parsed(line))
    expectSame(parseAfter([EVENT], line, '\r\n'), parsed(line))
  }
})

const SPACED = { id: 7, at: { day: 'x', ms: -0.5 }, list: [1.5, [-2, 'a'], []], tags: ['a', ''], on: true }
/** Writers of JSON, by the white space that they put after colons and commas. */
const WRITERS = [
  [':', ','],
  [': ', ', '],
  [': ', ','],
  [':', ', '],
] as const

/** Writes a record as a writer does that puts `colon` and `comma` between values. */
function write(value: unknown, colon: string, comma: string): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map((each) => write(each, colon, comma)).join(comma)}]`
  const fields = Object.entries(value).map(
    ([key, each]) => `${JSON.stringify(key)}${colon}${write(each, colon, comma)}`,
  )
  return `{${fields.join(comma)}}`
}

test.each(WRITERS)('white space after %j and %j is learnt, and no other is taken', (colon, comma) => {
  const parser = freshParser()
  teach(parser, SPACED, write(SPACED, colon, comma))
  for (const [otherColon, otherComma] of WRITERS) {
    const record = { ...SPACED, id: 8, list: [2, 'x'] }
    const line = write(record, otherColon, otherComma)
    parser.open(Buffer.from(`${line}\n    `))
    expect(parser.parse(0)).toEqual(otherColon === colon && otherComma === comma ? record : undefined)
  }
})

test('records of the same keys with other white space are another shape', () => {
  const parser = freshParser()
  for (const [colon, comma] of WRITERS) teach(parser, SPACED, write(SPACED, colon, comma))
  for (const [colon, comma] of WRITERS) {
    parser.open(Buffer.from(`${write(SPACED, colon, comma)}\n    `))
    expect(parser.parse(0)).toEqual(SPACED)
  }
})

test.each(['[1,  2]', '[1 ,2]', '[ 1,2]', '[1,2 ]', '[1, ]', '[1, , 2]', '[, 1]'])(
  'a list with other white space is left to readJson: %s',
  (list) => {
    expect(parseAfter([{ list: [1] }], `{"list":${list}}`)).toBeUndefined()
  },
)

test('a space after a comma in a list is no matter', () => {
  expect(parseAfter([{ list: [1] }], '{"list":[1, 2,3, [4, "a, b"]]}')).toEqual({
    list: [1, 2, 3, [4, 'a, b']],
  })
})

test('several shapes are known at once', () => {
  const lessons = [{ a: 1 }, { a: 1, b: 2 }, { b: 'x' }]
  for (const lesson of lessons) expectSame(parseAfter(lessons, JSON.stringify(lesson)), lesson)
})

test('what is not as it was learnt is left to readJson', () => {
  const lessons = [EVENT]
  const line = JSON.stringify(EVENT)
  for (const other of [
    line.replace('"user"', '"uſer"'),
    line.replace('"u1"', '"tab\there"'),
    line.replace('"u1"', '{"x":1}'),
    line.replace(',', ', '),
    line.replace('"on":true,', ''),
    line.replace('"on"', '"on":1,"on"'),
    ` ${line}`,
    `${line} `,
    `${line}}`,
    `${line},${line}`,
    line.slice(0, -1),
    '',
    '{}',
  ]) {
    expect(parseAfter(lessons, other)).toBeUndefined()
  }
  expect(parseAfter(lessons, line, '')).toBeUndefined()
})

test('keys that mean something to JavaScript mean nothing here', () => {
  const keyed = '{"2":1,"1":2,"b":3}'
  expectNothingElse([JSON.parse(keyed)], keyed)
  const sorted = '{"1":2,"2":1,"constructor":3,"toString":4,"":5,"a\\"b":6,"\\u2028":7,"é":8}'
  expectSame(parseAfter([JSON.parse(sorted)], JSON.stringify(JSON.parse(sorted))), JSON.parse(sorted))
  const proto = '{"__proto__":{"x":1},"y":2}'
  expect(parseAfter([JSON.parse(proto)], proto)).toBeUndefined()
})

/** Values of the JSON parsing test suites: https://github.com/nst/JSONTestSuite */
const VALUES =
  '0 -0 1 -1 00 01 -01 - + +1 1. .1 -.1 1.e1 1e 1e+ 1e1 1E1 1e+1 1e-1 0e1 0e+1 0E 0.0e-0 1eE2 1.5.5 0x1 1a Infinity -Infinity NaN ' +
  '123e65 1e-400 1e400 -1e400 0.4e00669999999999999999999999999999999999999999999999999999999999999999999999999969999999006 ' +
  '-1e-7 1e22 1e23 1e-22 1e-23 9007199254740991 9007199254740992 9007199254740993 -9223372036854775808 18446744073709551616 ' +
  '123456789 1234567890 999999999 2147483648 200000000.5 512273683.280598938 100000000000000000000 0.000000000000000000000000001 ' +
  '1.2345678901.5 1.2345678901:5 1.2345:5 1:5 1234567890:5 123456789012:5 1e5:5 1.e5 1.2345678901e 1.2345678901e+ 1234567890. 1234567890.e1 ' +
  '2.2250738585072011e-308 4.9e-324 1.7976931348623157e308 0.1e1 0.30000000000000004 8.41e-10 true false null tru nul truee ' +
  'True False Null xalse 1alse " "a" "a "\\" "\\n" "\\u00e9" "\\ud800" "\u007f" "\u0000" [ ] [] [1,] [,1] [1 1] [1,2] ["a",] [1, 2] [[]] [[[1]]] [{}] {} {"a":1} \'a\' a'

test('values of the JSON test suites come out as two other parsers have them, or are left to readJson', () => {
  let taken = 0
  for (const value of VALUES.split(' ')) {
    for (const line of [`{"a":${value}}`, `{"a":[${value}]}`, `{"a":[1,${value},2]}`]) {
      expectNothingElse([{ a: 1 }], line)
      if (parseAfter([{ a: 1 }], line) !== undefined) taken++
    }
  }
  expect(taken).toBeGreaterThan(120)
})

/** Numbers of 18 and 19 digits. */
const LONG_LITERALS = [
  '123456789012345678e0',
  '-123456789012345678E-1',
  '1123456789012345678e0',
  '-1.123456789012345678e-0',
]

test('zeros ahead of an exponent do not keep a number from being read, however many they are', () => {
  const numbers = ['0', '7', '-1.5', '1234567890123', '-1.23456789012345', '123456789.012345']
  const exponents = ['e0', 'E-0', 'e+0', 'e-1', 'E-7', 'e1', 'E+7']
  const literals = numbers.flatMap((number) => exponents.map((exponent) => number + exponent))
  for (const literal of [...literals, ...LONG_LITERALS]) {
    const line = `{"n":${literal.slice(0, -1)}${'0'.repeat(500)}${literal.at(-1)}}`
    expectSame(parseAfter([{ n: 1 }], line), parsed(line))
  }
})

const digits = (most: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: most })
const literals = fc
  .tuple(
    fc.constantFrom('', '-'),
    fc.oneof(
      fc.constant('0'),
      digits(20).filter((text) => !text.startsWith('0')),
    ),
    fc.option(digits(25)),
    fc.option(fc.tuple(fc.constantFrom('e', 'E', 'e-', 'e+', 'E-'), digits(3))),
  )
  .map(([sign, whole, fraction, exponent]) =>
    [sign, whole, fraction === null ? '' : `.${fraction}`, exponent === null ? '' : exponent.join('')].join(
      '',
    ),
  )
const numbers = fc.oneof(
  literals,
  fc.double({ noDefaultInfinity: true, noNaN: true }).map(String),
  fc.float({ noDefaultInfinity: true, noNaN: true }).map(String),
  fc.maxSafeInteger().map(String),
  fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n }).map(String),
  fc
    .tuple(fc.constantFrom('', '-'), fc.bigInt({ min: 2n ** 53n - 9n, max: 2n ** 53n + 9n }))
    .map((parts) => parts.join('')),
  // Decimals of as many digits as 63 bits hold, which are divided to twice the precision of a double.
  fc
    .tuple(fc.bigInt({ min: 0n, max: 10n ** 18n }), fc.integer({ min: 0, max: 23 }))
    .map(([digits, places]) => {
      const text = String(digits).padStart(places + 1, '0')
      return places === 0 ? text : `${text.slice(0, -places)}.${text.slice(-places)}`
    }),
  fc
    .tuple(fc.bigInt({ min: 0n, max: 10n ** 18n }), fc.integer({ min: -25, max: 25 }))
    .map(([digits, power]) => `${digits}e${power}`),
  // Numbers halfway between two doubles, and next to it.
  fc.tuple(fc.integer({ min: 0, max: 2 ** 26 }), fc.integer({ min: -1, max: 1 })).map(([low, off]) => {
    return String(2n ** 60n + BigInt(low) * 256n + 128n + BigInt(off))
  }),
)

test('every number is the double next to it, or the bigint that it is', () => {
  fc.assert(
    fc.property(numbers, (text) => {
      const line = `{"n":${text}}`
      expectSame(parseAfter([{ n: 1 }], line), parsed(line))
    }),
    { numRuns: cases(1000, 3000) },
  )
})

/** Lengths around those at which texts are cached, made character by character, and read sixteen bytes at a time. */
const LENGTHS = [0, 1, 7, 8, 15, 16, 17, 23, 24, 25, 30, 31, 32, 33, 47, 48, 63, 64, 65, 1000]

test('every byte stands for itself in a text, or the line is left to readJson', () => {
  for (let code = 0; code < 256; code++) {
    const line = Buffer.concat([Buffer.from('{"n":"a'), Buffer.of(code), Buffer.from('z"}')])
    const isRead = code >= 32 && code < 128 && !'"\\'.includes(String.fromCharCode(code))
    if (code !== 10)
      expect(parseAfter([{ n: 'x' }], line)).toEqual(
        isRead ? { n: `a${String.fromCharCode(code)}z` } : undefined,
      )
  }
})

test.each(['a', 'é', 'ÿ', 'Ā', '€', '語', '👩‍⚕️', '\\n', '\\u00e9', '\\u20ac', '\\ud800'])(
  'texts with %s anywhere are read, whatever their length',
  (character) => {
    for (const lesson of ['x', 1]) {
      const parser = taught([{ n: lesson, m: [] }])
      for (const length of LENGTHS) {
        const text = 'abcdefg'.repeat(150).slice(0, length)
        for (const at of [0, 15, 16, 40, length]) {
          const line = `{"n":"${text.slice(0, at)}${character}${text.slice(at)}","m":["${text}",1]}`
          expectSame(parseBy(parser, line), parsed(line))
        }
      }
    }
  },
)

test('a text is of one byte a character where it can be', () => {
  const found = parseAfter([{ n: 'x' }], `{"n":"${'\\u00ff'.repeat(40)}ÿ"}`) as { n: string }
  expect(found.n).toBe('ÿ'.repeat(41))
})

const ESCAPES =
  '\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u0000 \\u001F \\u00e9 \\uABCD \\uD83D\\uDE00 \\ude00'.split(' ')
const pieces = fc.oneof(
  fc.string({ maxLength: 20 }).map((text) => JSON.stringify(text).slice(1, -1)),
  fc.string({ unit: 'binary', maxLength: 20 }).map((text) => JSON.stringify(text).slice(1, -1)),
  fc.constantFrom(...ESCAPES),
  fc.constantFrom('\\', '\\x', '\\u12', '\\u12g4', '\\uDEFG', '\\U0041', '\\0', '\u007f'),
)

test('texts of any characters and escapes are read as two other parsers do it, or left to readJson', () => {
  let taken = 0
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 12 }), (texts) => {
      const line = `{"n":"${texts.join('')}","m":1}`
      const right = parsed(line)
      const found = parseAfter([{ n: 'x', m: 1 }], line)
      if (found !== undefined) taken++
      if (right === undefined) expect(found).toBeUndefined()
      else expectSame(found, right)
    }),
    { numRuns: cases(500, 4000) },
  )
  expect(taken).toBeGreaterThan(50)
})

/** First and last characters of each length in UTF-8, and of the ranges that it leaves out. */
const CHARACTERS = 'c280 dfbf e0a080 ed9fbf ee8080 efbfbf f0908080 f48fbfbf'.split(' ')
/** Characters spelled too long, surrogates, what is beyond the last character, and pieces of characters. */
const NO_CHARACTERS =
  'c080 c1bf e08080 e09fbf eda080 edbfbf f0808080 f08fbfbf f4908080 f5808080 f8888080 ff 80 bf c2 e0a0 f09080 c241 e0a041 e04180 f0908041 f0904180 f0418080'.split(
    ' ',
  )

test.each([
  ...CHARACTERS.map((hex) => [hex, true] as const),
  ...NO_CHARACTERS.map((hex) => [hex, false] as const),
])('%s is a character: %s', (hex, isOne) => {
  const bytes = Buffer.from(hex, 'hex')
  expect(isUtf8(bytes)).toBe(isOne)
  const parser = taught([{ n: 'x' }])
  // Decoded to one byte a character before the euro sign, to two behind it.
  for (const before of ['', 'é', '€'])
    for (const behind of ['', 'a', 'a'.repeat(20)]) {
      const text = Buffer.concat([Buffer.from(before), bytes, Buffer.from(behind)])
      const line = Buffer.concat([Buffer.from('{"n":"'), text, Buffer.from('"}')])
      expect(parseBy(parser, line)).toEqual(isOne ? { n: text.toString() } : undefined)
    }
})

test('what is no UTF-8 is left to readJson', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          fc.integer({ min: 0x80, max: 0xff }),
          fc.constantFrom(0xc0, 0xc1, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 97),
        ),
        { minLength: 1, maxLength: 5 },
      ),
      fc.nat(40),
      (bytes, before) => {
        const text = Buffer.concat([Buffer.from('a'.repeat(before)), Buffer.from(bytes)])
        const line = Buffer.concat([Buffer.from('{"n":"'), text, Buffer.from('"}')])
        const found = parseAfter([{ n: 'x' }], line)
        if (isUtf8(text)) expectSame(found, { n: text.toString() })
        else expect(found).toBeUndefined()
      },
    ),
    { numRuns: cases(600, 10_000) },
  )
})

test.each([0, 13, 14, 29, 30, 46, 61, 62])(
  'text that comes again is not taken for other text: %i before',
  (before) => {
    const parser = freshParser()
    teach(parser, { n: 'x', list: [], other: 1 })
    // More of two characters than are kept. In hashes that multiply by 31, "Aa" and "BB" are the same.
    const texts = [
      'Aa',
      'BB',
      'AaBB',
      'BBAa',
      ...Array.from({ length: 676 }, (_, at) => (at + 360).toString(36)),
    ]
    for (const end of [...texts, 'Aa', 'BB', 'Aa']) {
      const text = 'same'.repeat(20).slice(0, before) + end
      const record = { n: text, list: [text], other: text }
      parser.open(Buffer.from(`${JSON.stringify(record)}\n    `))
      expect(parser.parse(0)).toEqual(record)
    }
  },
)

/** Texts of a length that differ in one character, at an end of the pieces in which they are compared. */
function alike(length: number): string[] {
  const text = 'abcdefghij'.repeat(7).slice(0, length)
  const places = [0, 14, 15, 16, 30, 31, 32, 47, 48, 61, 62, 63].filter((at) => at < length)
  return [text, ...places.map((at) => `${text.slice(0, at)}~${text.slice(at + 1)}`)]
}

test('texts that come again, in fields and lists, are told from others, also behind lines that are left', () => {
  const texts = [0, 1, 15, 16, 17, 30, 31, 32, 33, 47, 48, 49, 62, 63, 64, 65].flatMap(alike)
  const parser = taught([{ n: 'x', list: ['x'], m: 1 }])
  const pick = random(11)
  // So many other texts in between that texts are not looked for any more, and in the end are again.
  for (let round = 0; round < 6; round++) {
    for (let line = 0; line < 700; line++) {
      const [n, one, two] = [0, 0, 0].map(() => texts[pick(round < 2 ? texts.length : 20)]!)
      const record = { n, list: [one, [two, 7], one], m: 1 }
      const text = JSON.stringify(record)
      // Texts of lines that are left were looked at, but no string was made of them.
      if (pick(4) === 0) expect(parseBy(parser, text.replace('"m":1', '"m":x'))).toBeUndefined()
      expectSame(parseBy(parser, text), record)
    }
    if (round === 2)
      for (let other = 0; other < 36_000; other++) {
        const record = { n: `${other} other`, list: [`${other} another`, `${other}`], m: other }
        expect(parseBy(parser, JSON.stringify(record))).toEqual(record)
      }
  }
})

test('lists within lists are read up to eight levels deep', () => {
  for (const lesson of [1, []])
    for (let depth = 1; depth <= 12; depth++) {
      const line = `{"n":${'['.repeat(depth)}1${']'.repeat(depth)}}`
      expect(parseAfter([{ n: lesson }], line)).toEqual(depth <= 8 ? JSON.parse(line) : undefined)
    }
})

const scalars = fc.oneof(
  fc.string({ maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 5 }),
  fc.double({ noDefaultInfinity: true, noNaN: true }),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
)
const records = fc.dictionary(
  fc.oneof(fc.string({ maxLength: 8 }), fc.constantFrom('a', 'b', '1', '__proto__')),
  fc.oneof(scalars, fc.array(scalars, { maxLength: 4 }), fc.dictionary(fc.string(), scalars, { maxKeys: 3 })),
  { maxKeys: 6, noNullPrototype: true },
)

test('whatever was learnt before, a line is parsed as two other parsers do it or left to readJson', () => {
  fc.assert(
    fc.property(fc.array(records, { maxLength: 4 }), records, (lessons, record) => {
      const line = JSON.stringify(record)
      const learnt = [...lessons, record].map((lesson) => JSON.parse(JSON.stringify(lesson)) as unknown)
      expectNothingElse(learnt, line)
    }),
    { numRuns: cases(400, 1000) },
  )
})

test('a line with a byte changed, lost or added is parsed as two other parsers do it or left to readJson', () => {
  const line = Buffer.from('{"id":-12.5,"user":"ab","at":{"day":null},"list":[1,true,"x"],"n":1e3}')
  const lesson: unknown = JSON.parse(line.toString())
  const bytes = fc.oneof(
    fc.integer({ min: 0, max: 255 }),
    fc.constantFrom(...Buffer.from('0123456789.eE-+",:[]{}\\')),
  )
  fc.assert(
    fc.property(fc.nat(line.length - 1), bytes, fc.nat(2), (at, byte, kind) => {
      const rest = line.subarray(kind === 2 ? at : at + 1)
      const changed = Buffer.concat([
        line.subarray(0, at),
        kind === 1 ? Buffer.alloc(0) : Buffer.of(byte),
        rest,
      ])
      if (!changed.includes(10)) expectNothingElse([lesson], changed)
    }),
    { numRuns: cases(1000, 5000) },
  )
})

test('an object may be null, wherever it stands, and is learnt from null as well', () => {
  const full = { a: { b: { c: 1, d: 'x' }, e: 2 }, f: { g: 3 } }
  for (const record of [
    full,
    { a: null, f: { g: 4 } },
    { a: { b: null, e: 5 }, f: null },
    { a: null, f: null },
  ]) {
    const line = JSON.stringify(record)
    expectSame(parseAfter([full], line), record)
    expectSame(parseAfter([{ a: null, f: null }, full], line), record)
  }
  for (const other of ['{"a":{},"f":null}', '{"a":nul,"f":null}', '{"a":null}', '{"a":[],"f":null}'])
    expect(parseAfter([full], other)).toBeUndefined()
})

/** Shapes that differ from each other at every place, some with the same beginning. */
const RELATED = [
  { a: 'one', b: { c: 1, d: 'two' }, e: [1] },
  { a: 'one', b: { c: 1, d: 'two' }, f: [1] },
  { a: 'one', b: { c: 1, x: 'two' }, e: [1] },
  { a: 'one', b: { d: 'two', c: 1 }, e: [1] },
  { a: 'one', b: 'null', e: [1] },
  { a: 'one', e: [1], b: null },
  { a: 'one', b: { c: 1, d: 'two' }, e: [1], g: 2 },
  { a: 'one', b: { c: 1, d: { h: 'two' } }, e: [1] },
]

test('records of shapes with the same beginning are told apart, in any order, and texts are those of their line', () => {
  const shape = fc.constantFrom(...RELATED)
  const words = fc.constantFrom('one', 'two', 'three', 'four', 'a text of thirty-one characters', 'é')
  const values = fc.tuple(words, words, fc.integer(), fc.array(words, { maxLength: 2 }))
  fc.assert(
    fc.property(fc.array(fc.tuple(shape, values, fc.nat(40)), { minLength: 1, maxLength: 20 }), (given) => {
      const parser = freshParser()
      for (const lesson of RELATED) teach(parser, lesson)
      for (const [record, [one, two, number, list], cut] of given) {
        const replaced = JSON.stringify(record)
          .replaceAll('"one"', JSON.stringify(one))
          .replaceAll('"two"', JSON.stringify(two))
          .replaceAll('1', String(number))
        // Some lines break off, after texts of theirs have been read.
        const whole = cut < 30 ? replaced : replaced.slice(0, cut)
        const line = whole.replace(/\[[^\]]*\]/, JSON.stringify(list))
        parser.open(Buffer.from(`${line}\n`))
        const found = parser.parse(0)
        const right = parsed(line)
        if (right === undefined) expect(found).toBeUndefined()
        else expectSame(found, right)
      }
    }),
    { numRuns: cases(300, 2000) },
  )
})

test('lines longer than the window are left to readJson, and those around them are read', () => {
  const parser = freshParser()
  teach(parser, { n: 'x' })
  const lengths = [
    3,
    WINDOW_BYTES / 2,
    WINDOW_BYTES / 2 + 5,
    WINDOW_BYTES - 9,
    WINDOW_BYTES - 8,
    2 * WINDOW_BYTES,
    4,
  ]
  const lines = lengths.map((length, index) => JSON.stringify({ n: String(index).repeat(length) }))
  const bytes = Buffer.from(`${lines.join('\n')}\n`)
  for (const before of [0, 3]) {
    const shared = Buffer.from(new SharedArrayBuffer(bytes.length + before), before)
    shared.set(bytes)
    parser.open(shared)
    let start = 0
    for (const line of lines) {
      const isShort = line.length < WINDOW_BYTES
      const found = parser.parse(start)
      expect(found === undefined).toBe(!isShort)
      if (isShort) expect(JSON.stringify(found) === line).toBe(true)
      start += line.length + 1
      if (isShort) expect(parser.end).toBe(start - 1)
    }
  }
})

test('the longest line may be text that has to be decoded', () => {
  for (const character of ['\\n', 'é', '語'])
    for (const last of ['', '€']) {
      const text = character.repeat(Math.floor((WINDOW_BYTES - 40) / Buffer.byteLength(character)))
      const line = `{"n":"${text}${last}","m":"${text.slice(0, 2)}"}`
      expect(written(parseAfter([{ n: 'x', m: 'y' }], line)) === written(parsed(line))).toBe(true)
    }
})

test('a list of more elements than there is room for is left to readJson', () => {
  const most = LIST_BYTES / SLOT_BYTES
  for (const element of [0, [[]]]) {
    const count = element === 0 ? most : most / 2
    const line = (length: number) => JSON.stringify({ n: Array<unknown>(length).fill(element) })
    expect(parseAfter([{ n: [] }], line(count - 1))).toEqual(JSON.parse(line(count - 1)))
    expect(parseAfter([{ n: [] }], line(count + 1))).toBeUndefined()
  }
})

test('more places of text than are cached are read all the same', () => {
  const record = Object.fromEntries(
    Array.from({ length: 3 * MAX_CACHES }, (_, at) => [`k${at}`, `v${at % 7}`]),
  )
  expectSame(parseAfter([record], JSON.stringify(record)), record)
})

test('shapes that there is no room for are not learnt, and do no harm', () => {
  const wide = (name: string) => ({ [`${name}${'k'.repeat(SHAPE_BYTES / 5)}`]: 1 })
  const lessons = [wide('a'), wide('b'), wide('c'), { z: 1 }]
  expectSame(parseAfter(lessons, JSON.stringify(lessons[0])), lessons[0])
  expectSame(parseAfter(lessons, JSON.stringify(lessons[1])), lessons[1])
  expect(parseAfter(lessons, JSON.stringify(lessons[2]))).toBeUndefined()
  expectSame(parseAfter(lessons, '{"z":2}'), { z: 2 })
})

test('objects within objects are learnt up to eight levels deep, and deeper ones are no trouble', () => {
  let [record, depth]: [object, number] = [{ a: 1 }, 1]
  for (; depth <= 12; depth++) {
    expect(parseAfter([record], JSON.stringify(record))).toEqual(depth <= 8 ? record : undefined)
    record = { a: record }
  }
  for (; depth < 100_000; depth++) record = { a: record }
  expect(parseAfter([record, { b: 1 }], '{"b":2}')).toEqual({ b: 2 })
})

test('shapes that differ only in an object within are told apart', () => {
  const lessons = [{ a: { b: 1 } }, { a: { c: 1 } }, { a: { b: { c: 1 } } }, { a: 1 }]
  for (const lesson of lessons) expectSame(parseAfter(lessons, JSON.stringify(lesson)), lesson)
})

/** Lines that `readJson` had to parse and whose shape cannot be learnt. */
const USELESS: readonly unknown[] = [
  null,
  [1],
  'text',
  7,
  12345678901234567890n,
  true,
  {},
  { a: {} },
  { a: { b: 1, c: {} } },
  JSON.parse('{"a":{"__proto__":1}}'),
  Object.fromEntries(Array.from({ length: MAX_OPERATIONS }, (_, at) => [`k${at}`, at])),
]

test('what cannot be learnt is not read, nor takes the place of what can', () => {
  for (const lesson of USELESS) {
    const line = JSON.stringify(lesson, (_, part: unknown) => (typeof part === 'bigint' ? 1 : part))
    expect(parseAfter([lesson], line)).toBeUndefined()
  }
  for (const line of ['', '{"a":}', '{"a":{"b":1}', '{"a":{"b":1}}', '{"0":1}'])
    expect(parseAfter(USELESS, line)).toBeUndefined()
  expect(parseAfter([...USELESS, { a: 1 }], '{"a":2}')).toEqual({ a: 2 })
})

test('64 lines are looked at for a shape, and no more', () => {
  for (const useless of [null, {}, { b: 1 }]) {
    const lessons = Array<unknown>(64).fill(useless)
    expect(parseAfter([...lessons.slice(1), { a: 1 }], '{"a":2}')).toEqual({ a: 2 })
    expect(parseAfter([...lessons, { a: 1 }], '{"a":2}')).toBeUndefined()
  }
})

test('twelve shapes are kept, and no more', () => {
  const lessons = Array.from({ length: 13 }, (_, at) => ({ [`k${at}`]: at }))
  for (const [index, lesson] of lessons.entries())
    expect(parseAfter(lessons, JSON.stringify(lesson))).toEqual(index < 12 ? lesson : undefined)
})

test('a line at the very front or end of memory is parsed or left to readJson', () => {
  const text = Buffer.from('{"a":1.5}\n{"a":2.5}\r\n{"a":3.5}')
  const starts = [0, 10, 21]
  for (let length = 0; length <= text.length; length++) {
    for (const before of [0, 1, 5]) {
      const parser = freshParser()
      teach(parser, { a: 1 })
      parser.open(Buffer.from(new ArrayBuffer(before + length), before).fill(text.subarray(0, length)))
      for (const [index, start] of starts.entries())
        if (start <= length) expect([undefined, { a: index + 1.5 }]).toContainEqual(parser.parse(start))
      if (length === text.length)
        expect(starts.map((start) => parser.parse(start) !== undefined)).toEqual([true, true, false])
    }
  }
})

test('lines before the first lesson do not count as misses', () => {
  const parser = freshParser()
  parser.open(Buffer.from('{"a":2}\n    '))
  for (let count = 0; count < 1000; count++) expect(parser.parse(0)).toBeUndefined()
  teach(parser, { a: 1 })
  expect(parser.parse(0)).toEqual({ a: 2 })
})

test('a parser whose shapes do not fit steps aside, and tries again later', () => {
  const parser = freshParser()
  teach(parser, { a: 1 })
  const known = '{"a":2}\n'
  const text = Buffer.from(`{"b":2}\n${known}    `)
  parser.open(text)
  for (let count = 0; count < 256; count++) expect(parser.parse(0)).toBeUndefined()
  expect(parser.parse(8)).toBeUndefined()
  let pause = 1
  while (parser.parse(8) === undefined) pause++
  expect(pause).toBeLessThan(5000)
})
