import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { runDay } from '../../support/processing/day.ts'
import { useProgram } from '../../support/processing/program.ts'
import { queryDuckDb, readWithHyparquet } from '../../support/processing/read-parquet.ts'
import { PROJECT_ROOT } from '../../../lib/bundle/options.ts'

const program = useProgram()
const day = (objects: Record<string, string | Uint8Array>, options: Parameters<typeof runDay>[3] = {}) =>
  runDay(program.workerUrl, 'listings', objects, options)
const record = (id: string, n = 1) => JSON.stringify({ id, title: null, n })
const summary = ({ rejected }: Awaited<ReturnType<typeof runDay>>) =>
  rejected.map(({ line, reason, raw }) => [line, reason, raw])
const ids = async ({ parquet }: Awaited<ReturnType<typeof runDay>>) =>
  (await readWithHyparquet(parquet)).map(({ id }) => id)

test('byte order marks, CRLF, blank lines and a missing last newline are fine', async () => {
  const found = await day({
    'a.jsonl': `\ufeff${record('a1')}\r\n\r\n  \t\n${record('a2')}`,
    'b.jsonl': `${record('b1')}\n\n\n`,
    'c.jsonl.gz': gzipSync(`\ufeff${record('c1')}\r\n`),
  })
  expect(await ids(found)).toEqual(['a1', 'a2', 'b1', 'c1'])
  expect(found.inputs.map(({ records }) => records)).toEqual([2, 1, 1])
  expect(found.rejected).toEqual([])
})

test('a line that is not JSON is a reject with its line and its text', async () => {
  const found = await day({ 'a.jsonl': `${record('a')}\n\n{"id": \r\nnonsense\n${record('b')}\n` })
  expect(summary(found)).toEqual([
    [3, 'invalid-json', '{"id": '],
    [4, 'invalid-json', 'nonsense'],
  ])
  expect(await ids(found)).toEqual(['a', 'b'])
})

test('lines that would be records if they were joined are rejects', async () => {
  const found = await day({ 'a.jsonl': '{"a":[{}\n{}]}\n{"b":1},{"c":2}\n' })
  expect(found.rejected.map(({ line, reason }) => [line, reason])).toEqual([
    [1, 'invalid-json'],
    [2, 'invalid-json'],
    [3, 'invalid-json'],
  ])
})

test('JSON that is not an object is a reject', async () => {
  const found = await day({ 'a.jsonl': '1\nnull\n"text"\n[{}]\ntrue\n' })
  expect(found.rejected.map(({ reason, message }) => [reason, message])).toEqual([
    ['not-an-object', 'expected a JSON object, found a number'],
    ['not-an-object', 'expected a JSON object, found null'],
    ['not-an-object', 'expected a JSON object, found a string'],
    ['not-an-object', 'expected a JSON object, found a list of 1'],
    ['not-an-object', 'expected a JSON object, found a boolean'],
  ])
})

test('invalid UTF-8 is kept as bytes, and costs its neighbours nothing', async () => {
  const bad = Buffer.concat([
    Buffer.from('{"id":"'),
    Buffer.from([0xff, 0xc0, 0xed, 0xa0, 0x80]),
    Buffer.from('"}'),
  ])
  const found = await day({
    'a.jsonl': Buffer.concat([Buffer.from(`${record('é🙂')}\n`), bad, Buffer.from(`\n${record('b')}\n`)]),
  })
  expect(await ids(found)).toEqual(['é🙂', 'b'])
  const [reject] = found.rejected
  expect(reject).toMatchObject({ line: 2, reason: 'invalid-utf8' })
  expect(reject).not.toHaveProperty('raw')
  expect(Buffer.from(reject!.rawBase64!, 'base64').equals(bad)).toBe(true)
})

test('a line over the limit is a reject, in a file that is cut as in one that is not', async () => {
  const long = JSON.stringify({ id: 'x'.repeat(150_000), title: null, n: 1 })
  const content = `${record('a')}\n${long}\n${record('b')}\n`
  for (const shardBytes of [1_000_000, 4000]) {
    const found = await day({ 'a.jsonl': content }, { shardBytes, maxLineBytes: 100_000 })
    expect(await ids(found)).toEqual(['a', 'b'])
    const message = `expected a line of at most 100000 bytes, found ${long.length}; its first 65536 bytes are kept here`
    expect(found.rejected).toEqual([
      {
        source: 'a.jsonl',
        line: 2,
        reason: 'line-too-long',
        message,
        raw: long.slice(0, 65_536),
        range: { start: record('a').length + 1, end: record('a').length + 1 + long.length, of: 'decoded' },
      },
    ])
  }
})

test('a line of 64 MB is read', async () => {
  const text = 'x'.repeat(64 * 1024 * 1024)
  const found = await day({
    'a.jsonl': `${record('a')}\n{"id":"${text}","title":null,"n":1}\n${record('b')}\n`,
  })
  expect(found.rejected).toEqual([])
  const rows = await ids(found)
  expect(rows.map((id) => String(id).length)).toEqual([1, text.length, 1])
})

test('a hundred thousand levels of nesting are no trouble unless the feature code looks at them', async () => {
  const nested = '['.repeat(100_000) + ']'.repeat(100_000)
  const found = await day({
    'a.jsonl': `{"id":"deep","title":null,"n":1,"value":${nested}}\n${'['.repeat(100_000)}\n`,
  })
  expect(await ids(found)).toEqual(['deep'])
  expect(found.rejected.map(({ line, reason }) => [line, reason])).toEqual([[2, 'invalid-json']])
})

test('objects within objects are no trouble either, wherever they stand', async () => {
  const deep = (id: string, levels: number) =>
    `{"id":"${id}","title":null,"n":1,"value":${'{"a":'.repeat(levels)}1${'}'.repeat(levels + 1)}`
  const others = Array.from({ length: 40 }, (_, index) => record(`x${index}`))
  const objects = {
    'a.jsonl': [deep('first', 100_000), ...others, deep('last', 100_000)].join('\n'),
    'b.jsonl': [deep('second', 9), deep('third', 5000), ...others].join('\n'),
  }
  for (const workers of [1, 2]) {
    const found = await day(objects, { workers, shardBytes: 1000 })
    expect(found.rejected).toEqual([])
    expect((await ids(found)).filter((id) => !String(id).startsWith('x'))).toEqual([
      'first',
      'last',
      'second',
      'third',
    ])
  }
})

test('an object that JavaScript could take for a number is a reject', async () => {
  const strange = '{"valueOf":1,"toString":1}'
  const found = await day({
    'a.jsonl': `{"id":"a","title":null,"n":${strange}}\n{"id":"b","title":null,"n":${'['.repeat(50_000)}${']'.repeat(50_000)}}\n${record('c')}\n`,
  })
  expect(found.rejected.map(({ line, reason, message }) => [line, reason, message])).toEqual([
    [1, 'invalid-row', 'column "n": expected a whole number from -2147483648 to 2147483647, found an object'],
    [2, 'invalid-row', 'column "n": expected a whole number from -2147483648 to 2147483647, found a list'],
  ])
  expect(await ids(found)).toEqual(['c'])
})

test('a long line is kept as base64, whatever it would take as quoted text', async () => {
  const zeros = Buffer.alloc(100 * 1024 * 1024)
  const [before, after] = [Buffer.from(`${record('a')}\n`), Buffer.from(`\n${record('b')}\n`)]
  const found = await day({ 'a.jsonl': Buffer.concat([before, zeros, after]) })
  expect(await ids(found)).toEqual(['a', 'b'])
  const [reject] = found.rejected
  expect(reject).toMatchObject({ line: 2, reason: 'invalid-json' })
  expect(Buffer.from(reject!.rawBase64!, 'base64').equals(zeros)).toBe(true)
})

test('a key named __proto__ changes nothing', async () => {
  const found = await day({
    'a.jsonl': `{"id":"a","title":null,"__proto__":{"n":7,"tags":["x"]}}\n{"__proto__":null,"id":"b","title":null,"n":1}\n`,
  })
  expect(found.rejected.map(({ line, message }) => [line, message])).toEqual([[1, 'column "n" is missing']])
  expect(await ids(found)).toEqual(['b'])
})

test.each([
  ['a lone surrogate', '{"s":"\\ud83d"}', 'column "s": found a lone surrogate, which UTF-8 cannot hold'],
  [
    'an integer beyond 2^63',
    '{"s":"","l":9223372036854775808}',
    'column "l": expected a whole number from -(2^53 - 1) to 2^53 - 1, or a bigint from -2^63 to 2^63 - 1, found 9223372036854775808n',
  ],
  [
    'a large integer with a fraction in an int64',
    '{"s":"","l":9007199254740993.0}',
    /^column "l": expected .*, found 9007199254740992$/,
  ],
  [
    'a large integer as text',
    '{"s":738529527931269425}',
    'column "s": expected a string, found 738529527931269425n: String(value) keeps its digits',
  ],
  [
    'a large integer in a float64',
    '{"s":"","d":10000000000000000}',
    'column "d": expected a finite number, found 10000000000000000n: Number(value) rounds it to one',
  ],
  ['an integer beyond 32 bits', '{"s":"","i":2147483648}', /^column "i": .*, found 2147483648$/],
  ['a fraction', '{"s":"","i":1.5}', /^column "i": .*, found 1\.5$/],
  [
    '1e300 in a float32',
    '{"s":"","f":1e300}',
    /^column "f": expected a finite number that single precision can hold/,
  ],
  [
    '1e400, which JSON reads as an infinity',
    '{"s":"","d":1e400}',
    'column "d": expected a finite number, found Infinity',
  ],
  ['a missing column', '{}', 'column "s" is missing'],
  ['null where none may be', '{"s":null}', 'column "s": found null in a column that is not nullable'],
  ['another type', '{"s":5}', 'column "s": expected a string, found 5'],
  ['a surplus column', '{"s":"","t":1}', '"t" is not one of the columns'],
])('%s is a reject that names the column', async (_name, row, message) => {
  const found = await runDay(program.workerUrl, 'anything', {
    'a.jsonl': `{"row":${row}}\n{"row":{"s":"fine"}}\n`,
  })
  expect(found.inputs).toMatchObject([{ records: 2, kept: 1, rejected: 1 }])
  expect(found.rejected).toMatchObject([{ line: 1, reason: 'invalid-row', raw: `{"row":${row}}` }])
  expect(found.rejected[0]!.message).toMatch(message)
})

test.each([
  ['of a known shape', '{"id":'],
  ['with white space', '{"id": '],
])('integers of 64 bits keep their digits in records %s', async (_name, before) => {
  const literals = [
    '1',
    '9007199254740991',
    '9007199254740992',
    '-9007199254740993',
    '10000000000000000',
    '738529527931269425',
    '9223372036854775807',
    '-9223372036854775808',
  ]
  const found = await runDay(program.workerUrl, 'numbered', {
    'a.jsonl': [...literals, '9223372036854775808', '123456789012345678901234567890']
      .map((literal) => `${before}${literal}}\n`)
      .join(''),
  })
  const rows = literals.map((shown) => ({ id: BigInt(shown), shown }))
  expect(await readWithHyparquet(found.parquet)).toEqual(rows)
  expect(await queryDuckDb(found.parquet, 'SELECT id, shown FROM FILES')).toEqual(rows)
  expect(found.rejected.map(({ line, reason }) => [line, reason])).toEqual([
    [9, 'invalid-row'],
    [10, 'invalid-row'],
  ])
})

test('an empty file, an empty gzip and a gzip of nothing hold no records', async () => {
  const found = await day({ 'a.jsonl': '', 'b.jsonl.gz': '', 'c.jsonl.gz': gzipSync('') })
  expect(found.inputs.map(({ records }) => records)).toEqual([0, 0, 0])
  expect(found.rejected).toEqual([])
})

test('several gzip members and zeros behind them are one file', async () => {
  const members = [
    gzipSync(`${record('a')}\n{"id":`),
    gzipSync('"b","title":null,"n":1}\n'),
    Buffer.alloc(512),
  ]
  expect(await ids(await day({ 'a.jsonl.gz': Buffer.concat(members) }))).toEqual(['a', 'b'])
})

/** Returns text of many records that does not compress well. */
function noise(count: number): string {
  let state = 1
  const next = () => (state = (state * 48_271) % 2_147_483_647)
  return Array.from({ length: count }, (_, n) => `${record(`${next()}${next()}${next()}`, 1000 + n)}\n`).join(
    '',
  )
}

test.each([
  ['small', 1000],
  ['large', 130_000],
])('a %s gzip that is cut short rejects its rest as one', async (size, count) => {
  const text = noise(count)
  const whole = gzipSync(text)
  const cut = whole.subarray(0, Math.floor(whole.length * 0.7))
  expect(cut.length > 1024 * 1024).toBe(size === 'large')
  const found = await day({ 'a.jsonl.gz': cut, 'b.jsonl': `${record('next')}\n` }, { shardBytes: 2_000_000 })
  const [input] = found.inputs
  expect(input!.kept).toBeGreaterThan(count * 0.5)
  expect(input).toMatchObject({ records: input!.kept + 1, rejected: 1 })
  const [reject] = found.rejected
  expect(reject).toMatchObject({
    source: 'a.jsonl.gz',
    line: input!.kept + 1,
    reason: 'broken-gzip',
    message: 'gzip breaks off: unexpected end of file',
  })
  expect(text.split('\n')[input!.kept]!.startsWith(reject!.raw!)).toBe(true)
  expect((await ids(found)).at(-1)).toBe('next')
})

test('what follows a gzip and is none is a reject', async () => {
  const gzip = gzipSync(`${record('a')}\n`)
  const found = await day({
    'a.jsonl.gz': Buffer.concat([gzip, Buffer.alloc(100), Buffer.from('junk')]),
  })
  const [start, end] = [gzip.length + 100, gzip.length + 104]
  expect(found.rejected).toEqual([
    {
      source: 'a.jsonl.gz',
      line: 2,
      reason: 'broken-gzip',
      message: `gzip is followed by bytes that are not of it; bytes ${start} to ${end} of the object are not read`,
      rawBase64: Buffer.from('junk').toString('base64'),
      range: { start, end, of: 'stored' },
    },
  ])
})

test('lines are counted from the start of a file that is cut, compressed or not', async () => {
  const lines = noise(130_000).trimEnd().split('\n')
  const bad = [0, 1, 777, 30_000, 129_999]
  for (const index of bad) lines[index] = `bad ${index}`
  lines[500] = ''
  const text = lines.join('\n')
  const found = await day(
    { 'a.jsonl': text, 'b.jsonl.gz': gzipSync(text) },
    { shardBytes: 100_000, workers: 2 },
  )
  const expected = bad.map((index) => [index + 1, `bad ${index}`])
  for (const source of ['a.jsonl', 'b.jsonl.gz']) {
    const rejects = found.rejected.filter((reject) => reject.source === source)
    expect(rejects.map(({ line, raw }) => [line, raw])).toEqual(expected)
  }
  expect(found.inputs.map(({ records }) => records)).toEqual([129_999, 129_999])
})

test('a CR and its LF end one line wherever a file is cut', async () => {
  const first = JSON.stringify({ id: 'a1', title: 'x'.repeat(100_000), n: 1 })
  const text = `${first}\r\n${record('a2')}\r\nbad\r\n`
  const found = await day({ 'a.jsonl': text }, { shardBytes: first.length + 1 })
  expect(await ids(found)).toEqual(['a1', 'a2'])
  expect(summary(found)).toEqual([[3, 'invalid-json', 'bad']])
})

test('of several records in a line one that is not UTF-8 costs the others nothing', async () => {
  const [first, last] = [Buffer.from(record('a1')), Buffer.from(record('a2'))]
  const bad = Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d])
  const found = await day({ 'a.jsonl': Buffer.concat([first, bad, last]) })
  expect(await ids(found)).toEqual(['a1', 'a2'])
  expect(found.rejected).toMatchObject([
    { line: 1, reason: 'invalid-utf8', rawBase64: bad.toString('base64') },
  ])
})

test('any number of rejects may come of few bytes', async () => {
  const found = await day({ 'a.jsonl': '1\n'.repeat(150_000) })
  expect(found.inputs).toMatchObject([{ records: 150_000, rejected: 150_000 }])
})

test('millions of records in a line are not held', async () => {
  const found = await runDay(
    program.workerUrl,
    'counted',
    { 'a.jsonl': '{}'.repeat(1_000_000) },
    { heapMegabytes: 48 },
  )
  expect(found.inputs).toMatchObject([{ records: 1_000_000, kept: 1_000_000 }])
})

const SUITE = join(process.env['DAYFOLD_TEST_DATA'] ?? join(PROJECT_ROOT, '../shared/data'), 'awkward')

test.runIf(existsSync(SUITE))(
  'every valid document of JSONTestSuite is a record, every other a reject',
  async () => {
    const [valid, invalid] = ['y', 'n'].map((kind) =>
      readFileSync(join(SUITE, `jsontestsuite_${kind}.jsonl`)),
    )
    const found = await runDay(program.workerUrl, 'counted', { 'n.jsonl': invalid!, 'y.jsonl': valid! })
    const count = (bytes: Buffer) => bytes.toString('latin1').trimEnd().split('\n').length
    expect(found.inputs).toMatchObject([
      { key: 'n.jsonl', records: count(invalid!), kept: 0, rejected: count(invalid!) },
      { key: 'y.jsonl', records: count(valid!), kept: count(valid!), rejected: 0 },
    ])
    expect(found.rejected.map(({ line }) => line)).toEqual(
      Array.from({ length: count(invalid!) }, (_, n) => n + 1),
    )
  },
)
