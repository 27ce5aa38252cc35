import { CopyObjectCommand, PutObjectCommand, RestoreObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { expect, onTestFinished, test } from 'vitest'
import type { ReadSettings } from '../../../core/read-settings.ts'
import { rawDayPrefix } from '../../../core/layout.ts'
import { listRawObjects } from '../../../lambda/planning/raw-listing.ts'
import { DATASET } from '../../support/lambda/dataset.ts'
import { DAY, startWorld, type World } from '../../support/lambda/world.ts'

function rawBucket(world: World) {
  const s3 = new S3Client(world.client('someone'))
  onTestFinished(() => s3.destroy())
  const raw = { s3, name: 'raw' }
  const prefix = 'jobs/2024/01/02/'
  return {
    raw,
    put: (name: string, Body = name, at = prefix) =>
      s3.send(new PutObjectCommand({ Bucket: 'raw', Key: at + name, Body })),
    archive: (name: string, StorageClass: 'GLACIER' | 'DEEP_ARCHIVE' | 'GLACIER_IR') =>
      s3.send(
        new CopyObjectCommand({
          Bucket: 'raw',
          Key: prefix + name,
          CopySource: `raw/${prefix}${name}`,
          StorageClass,
        }),
      ),
    restore: (name: string) =>
      s3.send(new RestoreObjectCommand({ Bucket: 'raw', Key: prefix + name, RestoreRequest: { Days: 1 } })),
    list: async (settings: Partial<ReadSettings> = {}) => {
      const dataset = { ...DATASET, ...settings }
      const { objects, unread, archived, leftAlone } = await listRawObjects(raw, dataset, DAY.date)
      const from = rawDayPrefix(dataset, DAY.date).length
      const names = objects.map(({ key }) => key.slice(from))
      return { names, unread, archived: [...archived], leftAlone: [...leftAlone] }
    },
  }
}

const PREFIX = 'jobs/2024/01/02/'

test('whatever lies below the day is its data, but for what is hidden and what holds none', async () => {
  const { put, list } = rawBucket(await startWorld())
  const data = ['00/a', 'B.JSONL', 'a.jsonl.gz', 'b.ndjson', 'c_d.txt', 'e.tmp.jsonl', 'f._x']
  const hidden = [
    '.part.jsonl',
    '_SUCCESS',
    '_tmp/x.jsonl',
    'a/.b/c',
    'h._COPYING_',
    'i.tmp',
    'j/k.inprogress',
  ]
  for (const name of [...data, ...hidden]) await put(name)
  await put('empty.jsonl', '')
  await put('folder_$folder$', '')
  expect(await list()).toEqual({
    names: data,
    unread: {
      hidden: {
        count: hidden.length,
        bytes: hidden.join('').length,
        first: `${PREFIX}.part.jsonl`,
      },
      'not-data': { count: 2, bytes: 0, first: `${PREFIX}empty.jsonl` },
    },
    archived: [],
    leftAlone: hidden.map((name) => [PREFIX + name, 'hidden']),
  })
})

test.each([
  [['*.jsonl'], ['a.jsonl', 'b/c.jsonl']],
  [['b/*'], ['b/c.jsonl', 'b/d.csv']],
  [['[!ac]*'], ['b/d.csv', 'b/e/f']],
  [['b/**'], ['b/c.jsonl', 'b/d.csv', 'b/e/f']],
  [
    ['*.{csv,txt}', 'a.*'],
    ['a.jsonl', 'b/d.csv'],
  ],
])('rawFiles %j reads %j', async (rawFiles, expected) => {
  const { put, list } = rawBucket(await startWorld())
  const all = ['a.jsonl', 'b/c.jsonl', 'b/d.csv', 'b/e/f']
  for (const name of all) await put(name)
  const { names, unread } = await list({ rawFiles })
  expect(names).toEqual(expected)
  expect(unread.excluded?.count ?? 0).toBe(all.length - expected.length)
})

test('archived objects are told by their storage class, until they are restored', async () => {
  const { put, archive, restore, list } = rawBucket(await startWorld())
  for (const name of ['a', 'b', 'c', 'd', '_e']) await put(name)
  await archive('a', 'GLACIER')
  await archive('b', 'DEEP_ARCHIVE')
  await archive('c', 'GLACIER_IR')
  await archive('_e', 'GLACIER')
  expect(await list()).toMatchObject({
    names: ['a', 'b', 'c', 'd'],
    archived: [
      [`${PREFIX}a`, 'GLACIER'],
      [`${PREFIX}b`, 'DEEP_ARCHIVE'],
    ],
  })
  await restore('a')
  expect((await list()).archived).toEqual([[`${PREFIX}b`, 'DEEP_ARCHIVE']])
})

test('an object that stands for a folder is no data, whatever it holds', async () => {
  const s3 = new S3Client({})
  const Contents = ['', 'a', 'b/', 'b/c'].map((name) => ({
    ...{ Key: PREFIX + name, ETag: '"e"', Size: 4, LastModified: new Date(0) },
  }))
  // The local S3 has no such keys.
  s3.middlewareStack.add(
    () => () => Promise.resolve({ output: { $metadata: {}, Contents }, response: undefined }),
    { step: 'initialize' },
  )
  const { objects, unread } = await listRawObjects({ s3, name: 'raw' }, DATASET, DAY.date)
  expect(objects.map(({ key }) => key)).toEqual([`${PREFIX}a`, `${PREFIX}b/c`])
  expect(unread).toEqual({ 'not-data': { count: 2, bytes: 8, first: PREFIX } })
})

test.each([
  ['dt=YYYY-MM-DD', 'jobs/dt=2024-01-02/'],
  ['year=YYYY/month=MM/day=DD', 'jobs/year=2024/month=01/day=02/'],
])('a day lies where %s says', async (rawLayout, at) => {
  const { put, list } = rawBucket(await startWorld())
  await put('hour=03/a', 'a', at)
  await put('b', 'b')
  expect(await list({ rawLayout })).toMatchObject({ names: ['hour=03/a'], unread: {} })
})
