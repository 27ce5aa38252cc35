import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { packSegments, POSITION, POSITION_BYTES } from '../../../processing/read/shard.ts'
import { shardReader } from '../../../processing/records/shard-reader.ts'

/** Opens a reader of stored objects; also gives the numbers of records that it noted while it extracted them. */
function openReader() {
  const position = new Int32Array(new SharedArrayBuffer(POSITION_BYTES))
  const told: number[] = []
  const read = shardReader({
    columns: [],
    extract: () => {
      told.push(position[POSITION.record]!)
      return null
    },
    context: undefined,
    chunkRows: 1,
    chunkBytes: 1,
    maxLineBytes: 1000,
    position,
  })
  const readObject = (bytes: Uint8Array) => {
    const buffer = new SharedArrayBuffer(bytes.length)
    Buffer.from(buffer).set(bytes)
    const segment = { input: 0, start: 0, length: bytes.length, whole: true, first: true }
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
