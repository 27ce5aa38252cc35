import { gzipSync } from 'node:zlib'
import { expect, test, vi } from 'vitest'
import { int32 } from '../../../processing/dataset.ts'
import { packSegments, POSITION, POSITION_BYTES, type Segment } from '../../../processing/read/shard.ts'
import { rowEncoder } from '../../../processing/parquet/row-encoder.ts'
import type { PackedChunk } from '../../../processing/parquet/chunk.ts'
import { shardReader, type ShardReaderOptions } from '../../../processing/records/shard-reader.ts'

/**
 * Opens a reader of stored objects; also gives the numbers of records that it noted while it extracted them.
 *
 * @param extract feature code
 */
function openReader(extract: () => unknown = () => null, options: Partial<ShardReaderOptions> = {}) {
  const position = new Int32Array(new SharedArrayBuffer(POSITION_BYTES))
  const told: number[] = []
  const read = shardReader({
    columns: [],
    extract: () => {
      told.push(position[POSITION.record]!)
      return extract()
    },
    context: undefined,
    chunkRows: 1,
    chunkBytes: 1,
    maxLineBytes: 1000,
    position,
    ...(options as object),
  })
  const readObject = (bytes: Uint8Array, segmentOptions: Partial<Segment> = {}) => {
    const buffer = new SharedArrayBuffer(bytes.length)
    Buffer.from(buffer).set(bytes)
    const segment = { input: 0, start: 0, length: bytes.length, whole: true, first: true, ...segmentOptions }
    return read({ type: 'shard', id: 0, buffer, segments: packSegments([segment]) })
  }
  return { position, told, readObject }
}

test('records next to each other have numbers of their own, also the only ones of their shards', async () => {
  const { position, told, readObject } = openReader()
  for (const text of ['{}', '{}\n{}', '{}{}']) await readObject(Buffer.from(text))
  expect(new Set(told).size).toBe(5)
  expect(position[POSITION.record]).toBe(0)
})

test('no record is told while an object is decoded behind it', async () => {
  const { position, told, readObject } = openReader()
  const seen = new Set<number>()
  const looking = setInterval(() => seen.add(position[POSITION.record]!), 0)
  // Larger than an object that is decoded whole.
  await readObject(gzipSync(`{}\n${' '.repeat(33 * 1024 * 1024)}`, { level: 1 }))
  clearInterval(looking)
  expect(told).toHaveLength(1)
  expect([...seen]).toEqual([0])
})

test.each(['', '\n', '\r'])('a line as long as the limit is read, ended by %j', async (end) => {
  const { told, readObject } = openReader()
  await readObject(Buffer.from(`{"a":"${'x'.repeat(992)}"}${end}`))
  expect(told).toHaveLength(1)
})

test('rows of a shard are in its own chunks, and a shard without rows has none', async () => {
  let rows = 0
  const extract = () => Array.from({ length: rows }, () => ({}))
  const { readObject } = openReader(extract, { chunkRows: 2 })
  const chunks: number[][] = []
  for (const count of [1, 0, 4, 5, 0]) {
    rows = count
    const result = await readObject(Buffer.from('{}'))
    chunks.push(result.chunks.map((chunk) => chunk.rows))
  }
  expect(chunks).toEqual([[1], [], [2, 2], [2, 2, 1], []])
})

test.each([
  ['object and line', true, true, [0, 1, 2]],
  ['object alone, if lines are not wanted,', false, true, [0]],
  ['object alone, in whose middle lines are not known,', true, false, [0, 0, 0]],
])('in case of a crash %s are noted, until the shard is read', async (_, lines, first, noted) => {
  const notes: unknown[] = []
  const { readObject } = openReader(undefined, {
    notes: { lines, at: (place) => notes.push(place), idle: () => notes.push('idle') },
  })
  await readObject(Buffer.from('{}\n{}\n'), { input: 7, whole: false, first })
  expect(notes).toMatchObject([...noted.map((line) => ({ shard: 0, input: 7, line })), 'idle'])
})

test('seconds of feature code and of encoding add up to those that passed, shard by shard', async () => {
  let now = 0
  /** A row that takes time whenever it is looked at. */
  const row = {
    get n() {
      now += 1
      return 5
    },
  }
  const watch = vi.spyOn(performance, 'now').mockImplementation(() => now)
  try {
    const extract = () => {
      now += 3
      return row
    }
    const columns = [{ name: 'n', ...int32().spec }]
    const { readObject } = openReader(extract, { columns, chunkRows: 1000 })
    for (let shard = 0; shard < 2; shard++) {
      const begun = now
      const { phaseSeconds } = await readObject(Buffer.from('{}\n'.repeat(640)))
      const { extract, encode, ...others } = phaseSeconds
      expect(others).toEqual({ parse: 0, compress: 0, inflate: 0 })
      expect(encode).toBeGreaterThanOrEqual(0.64)
      expect(extract! + encode!).toBeCloseTo((now - begun) / 1000)
    }
  } finally {
    watch.mockRestore()
  }
})

test('objects in ASCII and others are read one after the other', async () => {
  const found: unknown[] = []
  const { readObject } = openReader(undefined, {
    extract: (record: unknown) => {
      found.push((record as { a: string }).a)
      return null
    },
  })
  const long = 'x'.repeat(100)
  for (const a of [long, `${long}é`, `${long}–`, long, `${long}👍`])
    await readObject(Buffer.from(JSON.stringify({ a })))
  expect(found).toEqual([long, `${long}é`, `${long}–`, long, `${long}👍`])
})

/** Reads records of texts, and encodes the rows that are expected of them without a reader. */
async function encodeBoth(records: readonly object[], rowOf: (record: never) => Record<string, unknown>) {
  const columns = ['a', 'b', 'c'].map((name) => ({ name, kind: 'string', nullable: true }) as const)
  const { readObject } = openReader(undefined, {
    columns,
    extract: rowOf as () => unknown,
    chunkRows: 1e6,
    chunkBytes: 1e9,
  })
  const lines = records.map((record) => `${JSON.stringify(record)}\n`).join('')
  const { chunks } = await readObject(Buffer.from(lines))
  const encoder = rowEncoder(columns, { compressSeconds: 0 })
  for (const record of records) encoder.append(rowOf(record as never))
  const contentOf = ({ rows, leaves, buffer }: PackedChunk) => {
    const length = leaves.reduce((sum, leaf) => sum + leaf.length, 0)
    return { rows, leaves, pages: Buffer.from(buffer, 0, length).toString('base64') }
  }
  return { found: chunks.map(contentOf), expected: [contentOf(encoder.finish())] }
}

test('texts that feature code returns as they were are written as others are, whatever stands between them', async () => {
  const texts = [
    ...['usual', 'default text', 'x'.repeat(30), 'https://example.org/jobs/12345'],
    ...['Zürich', 'a\\"b', '😀', ''],
  ]
  const records = Array.from({ length: 20_000 }, (_, index) => {
    const [a, b, c] = [3, 5, 7].map((step) => texts[(index * step + (index >> 4)) % texts.length]!)
    const orders = [
      { a, b, c },
      { c, b, a },
      { b, c },
      { a: index, b, c },
      { a, b: null, c },
    ]
    return orders[(index >> 3) % orders.length]!
  })
  const rowOf = ({ a = 'default text', b, c }: { a?: string | number; b: string | null; c: string }) => {
    return { a: String(a), b, c }
  }
  const { found, expected } = await encodeBoth(records, rowOf)
  expect(found).toEqual(expected)
})

test('a text is not taken from where it stood before other records were read', async () => {
  const records = Array.from({ length: 20_000 }, (_, index) =>
    index < 100 ? { a: 'default text', b: 'first' } : { b: `other ${index}` },
  )
  const rowOf = ({ a = 'default text', b }: { a?: string; b: string }) => ({ a, b, c: null })
  const { found, expected } = await encodeBoth(records, rowOf)
  expect(found).toEqual(expected)
})
