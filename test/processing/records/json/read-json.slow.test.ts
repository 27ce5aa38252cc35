import { cases } from '../../../support/cases.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readJson } from '../../../../processing/records/json/read-json.ts'
import { freshParser } from '../../../support/processing/fresh-parser.ts'
import { parseExactly, written } from '../../../support/processing/exact-json.ts'

/** Reads a line between others, so that the bytes around it could matter. */
function read(line: string): unknown {
  const [before, bytes] = [Buffer.from('7,12345678901234567890,\n'), Buffer.from(line)]
  const all = Buffer.concat([before, bytes, Buffer.from('\n12345678901234567890')])
  return readJson(all, before.length, before.length + bytes.length)
}

/** Reads a line by a parser that has learnt from `lesson`; undefined if it leaves the line to `readJson`. */
function readLearnt(line: string, lesson = read(line), parser = freshParser()): unknown {
  const text = Buffer.from(line)
  parser.learn(lesson, text, 0, text.length)
  parser.open(Buffer.from(`${line}\n12345678901234567890`))
  return parser.parse(0)
}

test.each([
  ['9007199254740991', 9007199254740991],
  ['-9007199254740991', -9007199254740991],
  ['9007199254740992', 9007199254740992n],
  ['-9007199254740992', -9007199254740992n],
  ['9007199254740993', 9007199254740993n],
  ['10000000000000000', 10000000000000000n],
  ['9223372036854775807', 9223372036854775807n],
  ['-9223372036854775808', -9223372036854775808n],
  ['18446744073709551616', 18446744073709551616n],
  [`1${'0'.repeat(400)}`, 10n ** 400n],
  [`-${'9'.repeat(5000)}`, 1n - 10n ** 5000n],
  ['123456789012345678.0', 123456789012345680],
  ['12345678901234567890e0', 12345678901234567000],
  ['12345678901234567890E-1', 1234567890123456800],
  ['1.0e20', 1e20],
  ['1e400', Infinity],
  ['0.1234567890123456789', 0.12345678901234568],
  ['1e00000000000000000001', 10],
  ['-0', -0],
  ['-0.0', -0],
  ['1e-400', 0],
  ['"12345678901234567890"', '12345678901234567890'],
])('%s is read alike by the parser that has learnt and by the one that has not', (literal, expected) => {
  for (const line of [`{"n":${literal}}`, `{"n":[1,${literal}]}`, `{"m":{"n":[[${literal}]]}}`]) {
    const object = JSON.parse(line.replace(literal, '"here"'), (_, part: unknown) =>
      part === 'here' ? expected : part,
    ) as object
    expect(read(line)).toStrictEqual(object)
    expect([object, undefined]).toContainEqual(readLearnt(line))
  }
  expect(read(`{"n": ${literal} }`)).toStrictEqual({ n: expected })
  expect(read(`[${literal}]`)).toStrictEqual([expected])
})

test('what was learnt from small numbers reads large ones, and the other way round', () => {
  for (const [lesson, literal] of [
    [1, '738529527931269425'],
    [738529527931269425n, '1'],
    [[1.5], '[738529527931269425,-1,12345678901234567890]'],
  ] as const) {
    const line = `{"n":${literal}}`
    expect(readLearnt(line, { n: lesson })).toStrictEqual(parseExactly(line))
  }
})

/** Records around a number, with `pad` characters of text before it. */
const AROUND: readonly ((literal: string, pad: string) => string)[] = [
  (literal, pad) => `{"p":"${pad}","n":${literal}}`,
  (literal, pad) => `{"n":${literal},"p":"${pad}"}`,
  (literal, pad) => `{"p":"${pad}","n":[${literal},[${literal},1],-0]}`,
  (literal, pad) => `{"p":"${pad}", "n" : ${literal} , "o": {"n": ${literal} } }`,
  (literal, pad) => `{"p":"${pad}","n":\t${literal}}`,
  (literal, pad) => `{"p":"${pad}","n":[${literal}\r]}`,
  (literal, pad) => `{"p":"${pad},${literal},","n":${literal}}`,
  (literal, pad) => `{"p":"${pad}\\"","n":${literal},"q":"\\\\","${literal}":"\\\\\\",${literal},"}`,
  (literal, pad) => `{"p":"${pad}é漢🙂","n":${literal}}`,
  (literal, pad) => `{"p":"${pad}","n":1,"n":${literal}}`,
  (literal, pad) => `{"p":"${pad}","n":${literal},"n":1}`,
  (literal, pad) => `{"p":"${pad}","__proto__":{"n":${literal}},"2":${literal},"1":[]}`,
  (literal, pad) =>
    `{"p":"${pad}","n":${literal}.0,"m":${literal}e0,"k":[0.${literal.replace('-', '')},${literal}]}`,
]

test('an integer of any length is read exactly, wherever it stands', () => {
  for (const around of AROUND) {
    for (let length = 15; length <= 25; length++) {
      const digits = '9007199254740993123456789'.slice(0, length)
      for (const literal of [digits, `-${digits}`]) {
        const parser = freshParser()
        for (let pad = 0; pad < 16; pad++) {
          const line = around(literal, 'x'.repeat(pad))
          const [expected, found] = [parseExactly(line), read(line)]
          const learnt = readLearnt(line, found, parser)
          if (written(found) !== written(expected)) expect(found).toStrictEqual(expected)
          if (learnt !== undefined && written(learnt) !== written(expected))
            expect(learnt).toStrictEqual(expected)
        }
      }
    }
  }
})

const digits = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }).map(String)
const awkwardText = fc
  .array(fc.oneof(digits, fc.constantFrom('"', '\\', ',', ':', '[', ' ', 'é', '\ud800', '\n', '🙂')), {
    maxLength: 6,
  })
  .map((parts) => JSON.stringify(parts.join('')))
const value = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    digits,
    digits.map((text) => `${text}.5`),
    digits.map((text) => `${text}E1`),
    awkwardText,
    fc.constantFrom('null', 'true', '-0', '{}', '[]', '1e400'),
    fc.array(tie('value'), { maxLength: 4 }).map((items) => `[${items.join()}]`),
    fc
      .array(fc.tuple(fc.oneof(awkwardText, fc.constantFrom('"a"', '"__proto__"', '"1"')), tie('value')), {
        maxLength: 4,
      })
      .map((fields) => `{${fields.map((field) => field.join(': ')).join(', ')}}`),
  ),
})).value

test('whatever stands around them, integers are read as two other parsers read them', () => {
  fc.assert(
    fc.property(value, (text) => {
      const line = `{"v":${text}}`
      expect(read(line)).toStrictEqual(parseExactly(line))
    }),
    { numRuns: cases(400, 1000) },
  )
})

test('a text with a byte changed, lost or added is parsed alike, or refused in the words of JSON.parse', () => {
  const line = '{"a":[12345678901234567890,-9007199254740993],"b":"\\",1234567890123456,","c": 1e5}'
  const pieces = fc.constantFrom('', ...'0123456789.eE-+",:[]{}\\ \u0000x')
  fc.assert(
    fc.property(fc.nat(line.length), fc.nat(1), pieces, (at, lost, piece) => {
      const changed = line.slice(0, at) + piece + line.slice(at + lost)
      const refused = messageOf(() => JSON.parse(changed))
      if (refused === undefined) expect(read(changed)).toStrictEqual(parseExactly(changed))
      else expect(messageOf(() => read(changed))).toBe(refused)
    }),
    { numRuns: cases(800, 2000) },
  )
})

function messageOf(work: () => unknown): string | undefined {
  try {
    work()
    return undefined
  } catch (error) {
    if (error instanceof SyntaxError) return error.message
    throw error
  }
}

test('deep nesting around an integer is no trouble', () => {
  const [lists, objects] = [100_000, 100_000]
  const line = `{"n":${'['.repeat(lists)}${'{"a":'.repeat(objects)}9007199254740993${'}'.repeat(objects)}${']'.repeat(lists)}}`
  let found = (read(line) as { n: unknown }).n
  while (Array.isArray(found)) [found] = found as unknown[]
  while (typeof found === 'object' && found !== null) found = (found as { a: unknown }).a
  expect(found).toBe(9007199254740993n)
})
