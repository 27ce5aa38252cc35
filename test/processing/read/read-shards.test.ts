import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import type { RawObject } from '../../../core/manifest.ts'
import { bufferPool } from '../../../processing/read/buffer-pool.ts'
import type { Shard } from '../../../processing/read/cut-shards.ts'
import { readShards } from '../../../processing/read/read-shards.ts'
import { readHere } from '../../../processing/read/reader.ts'
import { unpackSegments } from '../../../processing/read/shard.ts'

const SHARD_BYTES = 1000

/** Returns objects whose reads report that they are requested, and wait until they may be answered. */
function shelf(objects: Readonly<Record<string, Buffer>>, mayAnswer: (key: string) => Promise<void>) {
  const inputs = Object.keys(objects).map((key): RawObject => ({
    key,
    etag: 'e',
    size: objects[key]!.length,
  }))
  const asked: string[] = []
  const reader = readHere({
    async read({ key }, start, target) {
      asked.push(key)
      await mayAnswer(key)
      objects[key]!.copy(target, 0, start, start + target.length)
    },
  })
  const open = (aheadBytes: number) =>
    readShards({
      ...{ inputs, reader, aheadBytes, unreadable: 'fail', shardBytes: SHARD_BYTES, maxLineBytes: 1e6 },
      pool: bufferPool(SHARD_BYTES),
    })
  return { asked, open }
}

/** Returns a promise and the function that resolves it. */
function latch() {
  let open = () => {}
  const opened = new Promise<void>((resolve) => (open = resolve))
  return { opened, open }
}

const lines = (name: string, count: number) =>
  Buffer.from(Array.from({ length: count }, (_, n) => `{"id":"${name}${n}"}\n`).join(''))

async function textOf(shards: AsyncIterable<Shard>): Promise<string> {
  let text = ''
  for await (const shard of shards) {
    if (shard.kind === 'counted') continue
    for (const { start, length } of unpackSegments(shard.segments))
      text += Buffer.from(shard.buffer, start, length).toString()
  }
  return text
}

test('large objects are read and decoded side by side, and their shards keep the order of the keys', async () => {
  const text = ['a', 'b', 'c'].map((name) => lines(name, 5000))
  const [a, b, c] = text.map((bytes) => gzipSync(bytes, { level: 1 })) as [Buffer, Buffer, Buffer]
  const later = latch()
  const { open } = shelf({ 'a.gz': a, 'b.gz': b, 'c.gz': c }, (key) => {
    if (key !== 'c.gz') return later.opened
    later.open()
    return Promise.resolve()
  })
  expect(await textOf(open(1e6))).toBe(Buffer.concat(text).toString())
})

test('no more is read ahead than there is room for', async () => {
  const objects = Object.fromEntries(['a', 'b', 'c', 'd'].map((key) => [key, lines(key, 300)]))
  const first = latch()
  const { asked, open } = shelf(objects, (key) => (key === 'a' ? first.opened : Promise.resolve()))
  const shards = open(2 * SHARD_BYTES)
  const reading = textOf(shards)
  await new Promise((resolve) => setImmediate(resolve))
  expect(new Set(asked)).toEqual(new Set(['a']))
  first.open()
  expect(await reading).toBe(Buffer.concat(Object.values(objects)).toString())
})

test('reads that are not wanted any more end with the error that came first in the order of the keys', async () => {
  const objects = { a: lines('a', 10), b: lines('b', 300), c: lines('c', 300) }
  const { open } = shelf(objects, (key) => (key === 'a' ? Promise.resolve() : Promise.reject(new Error(key))))
  await expect(textOf(open(1e6))).rejects.toThrow(/^b$/)
})
