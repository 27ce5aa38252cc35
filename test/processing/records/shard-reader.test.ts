import { gzipSync } from 'node:zlib'
import { expect, test, vi } from 'vitest'
import { int32 } from '../../../processing/dataset.ts'
import { packSegments, POSITION, POSITION_BYTES, type Segment } from '../../../processing/read/shard.ts'
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
