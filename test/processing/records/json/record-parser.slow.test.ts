import { cases } from '../../../support/cases.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { recordParser, type RecordParser } from '../../../../processing/records/json/record-parser.ts'
import { parseExactly, written } from '../../../support/processing/exact-json.ts'

/** Teaches a parser a record from its line; a line that is not told has no white space. */
function teach(parser: RecordParser, record: unknown, line = ''): void {
  const bytes = Buffer.from(`[7, 8, ${line}]`)
  parser.learn(record, bytes, 7, bytes.length - 1)
}

/**
 * Parses a line by a parser that has learnt from `lessons`. Returns the record, or undefined for a line that it leaves.
 */
function parseAfter(lessons: readonly unknown[], line: string | Buffer, end = '\n'): unknown {
  const parser = recordParser()
  for (const lesson of lessons) teach(parser, lesson)
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
  const parser = recordParser()
  teach(parser, SPACED, write(SPACED, colon, comma))
  for (const [otherColon, otherComma] of WRITERS) {
    const record = { ...SPACED, id: 8, list: [2, 'x'] }
    const line = write(record, otherColon, otherComma)
    parser.open(Buffer.from(`${line}\n    `))
    expect(parser.parse(0)).toEqual(otherColon === colon && otherComma === comma ? record : undefined)
  }
})

test('records of the same keys with other white space are another shape', () => {
  const parser = recordParser()
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
    line.replace('"u1"', '"\\u0041"'),
    line.replace('"u1"', '"é"'),
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

test('every printable character of ASCII is read as text, up to 48 of them, and others are left to readJson', () => {
  for (let code = 0; code < 256; code++) {
    const line = Buffer.concat([Buffer.from('{"n":"a'), Buffer.of(code), Buffer.from('b"}')])
    const read = code >= 32 && code <= 126 && !'"\\'.includes(String.fromCharCode(code))
    if (code !== 10)
      expect(parseAfter([{ n: 'x' }], line)).toEqual(
        read ? { n: `a${String.fromCharCode(code)}b` } : undefined,
      )
  }
  for (const lesson of ['x', 1])
    for (let length = 0; length < 60; length++) {
      const record = { n: 'abcdefg'.repeat(9).slice(0, length) }
      expect(parseAfter([{ n: lesson }], JSON.stringify(record))).toEqual(length <= 48 ? record : undefined)
    }
})

test('text that comes again is not taken for other text of the same length', () => {
  const parser = recordParser()
  teach(parser, { n: 'x', list: [], other: 1 })
  // More of two characters than are kept. In hashes that multiply by 31, "Aa" and "BB" are the same.
  const texts = [
    'Aa',
    'BB',
    'AaBB',
    'BBAa',
    ...Array.from({ length: 676 }, (_, at) => (at + 360).toString(36)),
  ]
  for (const text of [...texts, 'Aa', 'BB', 'Aa']) {
    const record = { n: text, list: [text], other: text }
    parser.open(Buffer.from(`${JSON.stringify(record)}\n    `))
    expect(parser.parse(0)).toEqual(record)
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
    { numRuns: cases(2000, 5000) },
  )
})

test('long text is not worth learning from', () => {
  const record = { id: 1, text: 'x'.repeat(200) }
  expect(parseAfter([record], JSON.stringify({ id: 1, text: 'x' }))).toBeUndefined()
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
  { a: 'x'.repeat(49) },
  { a: { b: 'x'.repeat(49) } },
  Object.fromEntries(Array.from({ length: 201 }, (_, at) => [`k${at}`, at])),
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

test('sixteen lines are looked at for a shape, and no more', () => {
  for (const useless of [null, {}, { a: 'x'.repeat(49) }, { b: 1 }]) {
    const lessons = Array<unknown>(16).fill(useless)
    expect(parseAfter([...lessons.slice(1), { a: 1 }], '{"a":2}')).toEqual({ a: 2 })
    expect(parseAfter([...lessons, { a: 1 }], '{"a":2}')).toBeUndefined()
  }
})

test('a line at the very front or end of memory is parsed or left to readJson', () => {
  const text = Buffer.from('{"a":1.5}\n{"a":2.5}\r\n{"a":3.5}')
  const starts = [0, 10, 21]
  for (let length = 0; length <= text.length; length++) {
    for (const before of [0, 1, 5]) {
      const parser = recordParser()
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
  const parser = recordParser()
  parser.open(Buffer.from('{"a":2}\n    '))
  for (let count = 0; count < 1000; count++) expect(parser.parse(0)).toBeUndefined()
  teach(parser, { a: 1 })
  expect(parser.parse(0)).toEqual({ a: 2 })
})

test('a parser whose shapes do not fit steps aside, and tries again later', () => {
  const parser = recordParser()
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
