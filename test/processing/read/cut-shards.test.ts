import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { bufferPool } from '../../../processing/read/buffer-pool.ts'
import { readShards } from '../../../processing/read/read-shards.ts'
import { readHere } from '../../../processing/read/reader.ts'
import { unpackSegments } from '../../../processing/read/shard.ts'
import { ObjectNotRead, type Source } from '../../../processing/read/source.ts'
import { memorySource } from '../../support/processing/day.ts'

const SHARD_BYTES = 1000

/** What is read of objects, some pieces of which cannot be had: text, counts and why, by key. */
async function readAll(
  objects: Readonly<Record<string, Buffer>>,
  isLost: (key: string, at: number) => boolean = () => false,
) {
  const { inputs, source } = memorySource(objects)
  const asked: string[] = []
  const lossy: Source = {
    read(object, start, target) {
      asked.push(`${object.key} ${start}`)
      return isLost(object.key, start)
        ? Promise.reject(new ObjectNotRead('lost'))
        : source.read(object, start, target)
    },
  }
  const shards = readShards({
    ...{ inputs, aheadBytes: 1e6, unreadable: 'skip', shardBytes: SHARD_BYTES, maxLineBytes: 1e6 },
    reader: readHere(lossy),
    pool: bufferPool(SHARD_BYTES),
  })
  const texts = new Map<string, string>()
  const unread: unknown[] = []
  const rejects: unknown[] = []
  for await (const shard of shards) {
    if (shard.kind === 'counted') {
      const { key } = inputs[shard.input]!
      if (shard.counts.unread) unread.push({ key, ...shard.counts.unread })
      for (const reject of shard.counts.rejects) rejects.push({ key, ...reject })
    } else
      for (const { input, start, length } of unpackSegments(shard.segments)) {
        const { key } = inputs[input]!
        texts.set(key, (texts.get(key) ?? '') + Buffer.from(shard.buffer, start, length).toString())
      }
  }
  return { asked, texts, unread, rejects }
}

const lines = (name: string, count: number) =>
  Buffer.from(Array.from({ length: count }, (_, n) => `{"id":"${name}${n}"}\n`).join(''))

/** Text that hardly compresses, so that its gzip takes many pieces. */
const noise = (count: number) =>
  Buffer.from(
    Array.from({ length: count }, (_, n) => `{"id":"${Math.imul(n + 1, 2654435761) >>> 0}"}\n`).join(''),
  )

test('behind a member of a gzip that is broken, the other pieces of the object are passed by', async () => {
  const member = gzipSync(noise(20_000))
  const broken = Buffer.from(member)
  // Its checksum: all of it decodes.
  broken.fill(0xff, broken.length - 8)
  const { texts, unread, rejects } = await readAll({
    'a.gz': Buffer.concat([broken, member]),
    b: lines('b', 300),
  })
  const text = texts.get('a.gz')!
  expect(text.length).toBeGreaterThan(100_000)
  expect(noise(20_000).toString().startsWith(text)).toBe(true)
  const why = expect.stringMatching(/^gzip breaks off/) as string
  expect(unread).toEqual([{ key: 'a.gz', why, bytes: expect.any(Number) as number }])
  // The line that goes on there, and the stored bytes behind it.
  expect(rejects).toMatchObject([{ reason: 'broken-gzip' }, { reason: 'broken-gzip' }])
  expect(texts.get('b')).toBe(lines('b', 300).toString())
})

test('behind a piece that cannot be had, the other pieces of the object are passed by', async () => {
  const { texts, unread, rejects } = await readAll(
    { a: lines('a', 300), b: lines('b', 10) },
    (key, at) => key === 'a' && at === 2 * SHARD_BYTES,
  )
  const whole = lines('a', 300).toString()
  const text = texts.get('a')!
  expect(text).toBe(whole.slice(0, whole.lastIndexOf('\n', 2 * SHARD_BYTES - 1) + 1))
  expect(unread).toEqual([{ key: 'a', why: 'lost', bytes: whole.length - 2 * SHARD_BYTES }])
  expect(rejects).toMatchObject([{ reason: 'unreadable' }, { reason: 'unreadable' }])
  expect(texts.get('b')).toBe(lines('b', 10).toString())
})

test('an object whose first piece cannot be had is unread as a whole, and nothing of it is a reject', async () => {
  const { texts, unread, rejects } = await readAll(
    { a: lines('a', 300), b: lines('b', 10) },
    (key, at) => key === 'a' && at === 0,
  )
  expect([...texts.keys()]).toEqual(['b'])
  expect(unread).toEqual([{ key: 'a', why: 'lost', bytes: lines('a', 300).length }])
  expect(rejects).toEqual([])
})

test('small objects that are read together are unread one by one', async () => {
  const objects = { a: lines('a', 3), b: lines('b', 3), c: lines('c', 3) }
  const { texts, unread } = await readAll(objects, (key) => key === 'b')
  expect(Object.fromEntries(texts)).toEqual({ a: String(objects.a), c: String(objects.c) })
  expect(unread).toEqual([{ key: 'b', why: 'lost', bytes: objects.b.length }])
})

test('an empty object among small ones is not asked for, and no reason is another object’s', async () => {
  const objects = {
    a: lines('a', 3),
    b: Buffer.alloc(0),
    c: lines('c', 3),
    d: Buffer.alloc(0),
    e: lines('e', 3),
  }
  const { asked, texts, unread } = await readAll(objects, (key) => key === 'c')
  expect(asked).toEqual(['a 0', 'c 0', 'e 0'])
  expect(Object.fromEntries(texts)).toEqual({ a: String(objects.a), b: '', d: '', e: String(objects.e) })
  expect(unread).toEqual([{ key: 'c', why: 'lost', bytes: objects.c.length }])
})

test('an object that has changed ends the job, if it shall', async () => {
  const { inputs, source } = memorySource({ a: lines('a', 3), b: lines('b', 3) })
  const changing: Source = {
    read: (object, start, target) =>
      object.key === 'b'
        ? Promise.reject(new ObjectNotRead('it has changed', { isChanged: true }))
        : source.read(object, start, target),
  }
  const read = async (unreadable: 'fail' | 'skip') => {
    const unread: number[] = []
    for await (const shard of readShards({
      ...{ inputs, aheadBytes: 1e6, unreadable, shardBytes: SHARD_BYTES, maxLineBytes: 1e6 },
      reader: readHere(changing),
      pool: bufferPool(SHARD_BYTES),
    }))
      if (shard.kind === 'counted') unread.push(shard.input)
    return unread
  }
  await expect(read('fail')).rejects.toMatchObject({
    name: 'RawObjectChanged',
    message: 'b: it has changed. The next run reads what is there then.',
    context: { key: 'b', etag: inputs[1]!.etag },
  })
  expect(await read('skip')).toEqual([1])
})
