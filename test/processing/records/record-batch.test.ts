import { expect, test } from 'vitest'
import { string } from '../../../processing/dataset.ts'
import { newCounts, packSegments, POSITION, POSITION_BYTES } from '../../../processing/read/shard.ts'
import { rowCheck } from '../../../processing/records/check-row.ts'
import { lineReader } from '../../../processing/records/line-reader.ts'
import { freshParser } from '../../support/processing/fresh-parser.ts'
import { phaseClock } from '../../../processing/records/phases.ts'
import { rejecter } from '../../../processing/records/problems.ts'
import { recordBatch } from '../../../processing/records/record-batch.ts'
import { shardReader } from '../../../processing/records/shard-reader.ts'

interface Raw {
  id: string
  seen?: boolean
}
type Results = (records: Raw[]) => unknown

/** Reads objects of a shard. */
async function readAll(extractBatch: Results, objects: readonly string[], batch = 4) {
  const rows: unknown[] = []
  const { readLines, finish } = lineReader({
    parser: freshParser(),
    extractBatch: extractBatch as (records: unknown[]) => unknown,
    batch,
    context: undefined,
    check: rowCheck([{ name: 'id', ...string().spec }]),
    onRow: (row) => rows.push(row.id),
    maxLineBytes: 1000,
    clock: phaseClock(),
  })
  const counts = objects.map(() => newCounts())
  for (const [index, text] of objects.entries()) {
    const bytes = Buffer.from(text)
    await readLines(bytes, counts[index]!)
    // The caller may reuse the memory.
    bytes.fill('x')
  }
  await finish()
  return { rows, counts }
}

const echo = (records: Raw[]) => records.map(({ id }) => ({ id }))
const line = (id: string) => `{"id":"${id}"}\n`

test.each([
  ['at once', echo],
  ['as a promise', (records: Raw[]) => Promise.resolve(echo(records))],
])(
  'batches are full but for the last of a shard, whose objects share them; results come %s',
  async (_, of) => {
    const sizes: number[] = []
    const extractBatch: Results = (records) => {
      sizes.push(records.length)
      return of(records)
    }
    const { rows, counts } = await readAll(extractBatch, [
      'abc'.split('').map(line).join(''),
      'defghi'.split('').map(line).join(''),
    ])
    expect(sizes).toEqual([4, 4, 1])
    expect(rows.join('')).toBe('abcdefghi')
    expect(counts).toMatchObject([
      { records: 3, kept: 3, lines: 3 },
      { records: 6, kept: 6, lines: 6 },
    ])
  },
)

test('a line of many records fills batches as lines do', async () => {
  const sizes: number[] = []
  const text = Array.from({ length: 10 }, (_, id) => `{"id":"${id}"}`).join('')
  const { rows } = await readAll((records) => (sizes.push(records.length), echo(records)), [`${text}\n`])
  expect(sizes).toEqual([4, 4, 2])
  expect(rows.join('')).toBe('0123456789')
})

test('a result is a row, rows, null or an error, of its record alone', async () => {
  const results: Record<string, unknown> = {
    row: { id: 'r' },
    rows: [{ id: 's' }, { id: 't' }],
    none: null,
    empty: [],
    error: new RangeError('too far'),
    wrong: { id: 1 },
  }
  const { rows, counts } = await readAll(
    (records) => records.map(({ id }) => results[id]),
    [Object.keys(results).map(line).join('')],
    6,
  )
  expect(rows).toEqual(['r', 's', 't'])
  expect(counts).toMatchObject([{ records: 6, kept: 2, dropped: 2 }])
  expect(counts[0]!.rejects).toMatchObject([
    { line: 5, reason: 'extract-error', message: 'RangeError: too far', raw: '{"id":"error"}' },
    { line: 6, reason: 'invalid-row', raw: '{"id":"wrong"}' },
  ])
})

test('a batch is full at 8 MiB of records, however few they are, and empty once it has run', async () => {
  const batch = recordBatch({
    extractBatch: (records) => records.map(() => null),
    context: undefined,
    size: 100,
    takeResult: () => undefined,
    clock: phaseClock(),
  })
  const half = Buffer.alloc(4 * 1024 * 1024)
  for (let round = 0; round < 2; round++) {
    batch.add({}, half, newCounts())
    batch.add({}, half.subarray(1), newCounts())
    expect(batch.isFull).toBe(false)
    batch.add({}, half.subarray(0, 1), newCounts())
    expect(batch.isFull).toBe(true)
    await batch.run(rejecter())
    expect(batch.isFull).toBe(false)
  }
})

test('rejects stand in the order of lines, whenever they are found', async () => {
  const text = ['1', 'bad', '[]', '2', 'bad', '3', 'x'].map((each) =>
    each === '[]' || each === 'x' ? `${each}\n` : line(each),
  )
  const { counts } = await readAll(
    (records) => records.map(({ id }) => (id === 'bad' ? new Error('no') : { id })),
    [line('bad'), text.join('')],
    100,
  )
  expect(counts.map(({ rejects }) => rejects.map((each) => `${each.line} ${each.reason}`))).toEqual([
    ['1 extract-error'],
    ['2 extract-error', '3 not-an-object', '5 extract-error', '7 invalid-json'],
  ])
  for (const { rejects } of counts) {
    const [first] = rejects.filter(({ reason }) => reason === 'extract-error')
    expect(first!.outline).toContain('Error')
  }
})

test.each<[string, Results, string]>([
  [
    'throws',
    () => {
      throw new Error('no')
    },
    'Error: no',
  ],
  ['fails', () => Promise.reject(new Error('no')), 'Error: no'],
  ['returns no list', () => ({ id: 'x' }), 'expected an array of results, found an object'],
  ['returns null', () => null, 'expected an array of results, found null'],
  ['returns nothing', () => {}, 'expected an array of results, found undefined'],
  ['returns text', () => 'x', 'expected an array of results, found a string'],
  ['returns too few', () => [], 'expected a result a record, found 0 for 1'],
])(
  'where a batch %s, its records are given again one by one, as they were read',
  async (_, fail, message) => {
    const extractBatch: Results = (records) => {
      if (records.some(({ id }) => id === 'bad')) {
        for (const record of records) record.seen = true
        return fail(records)
      }
      return records.map(({ id, seen }) => ({ id: seen ? 'changed' : id }))
    }
    const { rows, counts } = await readAll(extractBatch, ['a', 'b', 'bad', 'c', 'd'].map(line))
    expect(rows.join('')).toBe('abcd')
    expect(counts.flatMap(({ rejects }) => rejects)).toMatchObject([
      { line: 1, reason: 'extract-error', message: expect.stringContaining(message) as string },
    ])
  },
)

test('what takes one record at a time and is async says where to await', async () => {
  const { readLines } = lineReader({
    parser: freshParser(),
    extract: () => Promise.reject(new Error('nobody awaits this')),
    context: undefined,
    check: rowCheck([{ name: 'id', ...string().spec }]),
    onRow: () => {},
    maxLineBytes: 1000,
    clock: phaseClock(),
  })
  const counts = newCounts()
  await readLines(Buffer.from(line('a')), counts)
  expect(counts.rejects).toMatchObject([
    { reason: 'invalid-row', message: expect.stringContaining('extractBatch') as string },
  ])
})

test('while a batch runs, the position is that of its first record', async () => {
  const position = new Int32Array(new SharedArrayBuffer(POSITION_BYTES))
  const seen: number[][] = []
  const read = shardReader({
    columns: [],
    extractBatch: (records) => {
      seen.push([POSITION.input, POSITION.line, POSITION.batch].map((at) => position[at]!))
      return Promise.resolve(records.map(() => null))
    },
    batch: 3,
    context: undefined,
    chunkRows: 1,
    chunkBytes: 1,
    maxLineBytes: 1000,
    position,
  })
  const text = Buffer.from('{}\n{}\n{}\n{}\n')
  const buffer = new SharedArrayBuffer(text.length * 2)
  Buffer.from(buffer).set(text)
  Buffer.from(buffer).set(text, text.length)
  const segment = { length: text.length, whole: true, first: true }
  const segments = [
    { input: 0, start: 0, ...segment },
    { input: 1, start: text.length, ...segment },
  ]
  await read({ type: 'shard', id: 0, buffer, segments: packSegments(segments) })
  expect(seen).toEqual([
    [0, 1, 3],
    [0, 4, 3],
    [1, 3, 2],
  ])
  expect(position[POSITION.record]).toBe(0)
})
