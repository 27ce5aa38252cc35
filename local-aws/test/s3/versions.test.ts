import { readFileSync, rmSync } from 'node:fs'
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import { expect, test } from 'vitest'
import { advancingClock } from '../../clock.ts'
import { homePaths } from '../../home/paths.ts'
import { openAuthorizer } from '../../iam/authorizer.ts'
import { startS3, tempHome, type TestS3 } from '../support/start-s3.ts'

const Bucket = 'data'
const DAY_MS = 24 * 3600 * 1000
const VERSIONED = [{ name: 'data', expirations: [{ prefix: 'state/', days: 30 }] }]

const put = async ({ client }: TestS3, Key: string, Body: string | Buffer) => {
  const write = new PutObjectCommand({ Bucket, Key, Body, Metadata: { size: String(Body.length) } })
  return (await client.send(write)).VersionId!
}
const remove = async ({ client }: TestS3, Key: string) =>
  await client.send(new DeleteObjectCommand({ Bucket, Key }))
const read = async ({ client }: TestS3, Key: string, VersionId?: string) => {
  const { Body, ...rest } = await client.send(new GetObjectCommand({ Bucket, Key, VersionId }))
  return { ...rest, text: await Body!.transformToString() }
}
const list = ({ client }: TestS3, more: object = {}) =>
  client.send(new ListObjectVersionsCommand({ Bucket, ...more }))
/** Returns versions and delete markers of all keys, as `key id`, the newest of a key first. */
const ids = async (s3: TestS3, more: object = {}) =>
  (await list(s3, more)).Versions?.map(({ Key, VersionId }) => `${Key} ${VersionId}`) ?? []
const start = () => startS3(tempHome(), { versioned: VERSIONED })

test('what is overwritten stays as an older version, with its content, metadata and ETag', async () => {
  const s3 = await start()
  const [first, second] = [await put(s3, 'state/a', 'one'), await put(s3, 'state/a', 'second')]
  expect(await read(s3, 'state/a')).toMatchObject({ text: 'second', VersionId: second })
  const older = await read(s3, 'state/a', first)
  expect(older).toMatchObject({ text: 'one', VersionId: first, Metadata: { size: '3' } })
  const head = await s3.client.send(new HeadObjectCommand({ Bucket, Key: 'state/a', VersionId: first }))
  expect(head).toMatchObject({ ETag: older.ETag, ContentLength: 3, VersionId: first })
  expect((await read(s3, 'state/a', second)).text).toBe('second')
  const { Versions, DeleteMarkers, IsTruncated } = await list(s3)
  expect(Versions).toMatchObject([
    { Key: 'state/a', VersionId: second, IsLatest: true, Size: 6 },
    { Key: 'state/a', VersionId: first, IsLatest: false, Size: 3, ETag: older.ETag },
  ])
  expect([DeleteMarkers, IsTruncated]).toEqual([undefined, false])
})

test('what is deleted leaves a delete marker, and can be read by its version', async () => {
  const s3 = await start()
  const version = await put(s3, 'state/a', 'one')
  const { DeleteMarker, VersionId: marker } = await remove(s3, 'state/a')
  expect(DeleteMarker).toBe(true)
  const { Versions, DeleteMarkers } = await list(s3)
  expect(DeleteMarkers).toMatchObject([{ Key: 'state/a', VersionId: marker, IsLatest: true }])
  expect(Versions).toMatchObject([{ Key: 'state/a', VersionId: version, IsLatest: false }])
  await expect(read(s3, 'state/a')).rejects.toMatchObject({ name: 'NoSuchKey' })
  expect((await read(s3, 'state/a', version)).text).toBe('one')
  await expect(read(s3, 'state/a', marker)).rejects.toMatchObject({ name: 'MethodNotAllowed' })
  await expect(read(s3, 'state/a', 'other')).rejects.toMatchObject({ name: 'NoSuchVersion' })
  await put(s3, 'state/b', 'b')
  const Delete = { Objects: [{ Key: 'state/b' }] }
  const { Deleted } = await s3.client.send(new DeleteObjectsCommand({ Bucket, Delete }))
  expect(Deleted).toMatchObject([{ Key: 'state/b', DeleteMarker: true }])
  expect((await remove(s3, 'state/absent')).DeleteMarker).toBeUndefined()
})

test('three older versions of up to 8 MiB are kept', async () => {
  const s3 = await start()
  const written: string[] = []
  for (const text of ['1', '2', '3', '4', '5', '6']) written.push(await put(s3, 'a', text))
  expect(await ids(s3)).toEqual(
    written
      .slice(2)
      .toReversed()
      .map((id) => `a ${id}`),
  )
  await expect(read(s3, 'a', written[1])).rejects.toMatchObject({ name: 'NoSuchVersion' })
  await put(s3, 'large', Buffer.alloc(8 * 2 ** 20 + 1))
  const small = await put(s3, 'large', 'small')
  expect(await ids(s3, { Prefix: 'large' })).toEqual([`large ${small}`])
})

test('a copy that replaces an object keeps that one', async () => {
  const s3 = await start()
  const [first] = [await put(s3, 'a', 'one'), await put(s3, 'b', 'two')]
  const copy = new CopyObjectCommand({ Bucket, Key: 'a', CopySource: 'data/b' })
  const { VersionId } = await s3.client.send(copy)
  expect(await ids(s3, { Prefix: 'a' })).toEqual([`a ${VersionId}`, `a ${first}`])
})

test('listings go by prefix and in pages, in the order of keys', async () => {
  const s3 = await start()
  // The name of this object becomes a folder of others.
  const written = [`a ${await put(s3, 'a', '1')}`]
  await remove(s3, 'a')
  for (const key of ['a/b', 'a-', 'b/x'])
    for (const text of ['1', '2']) written.push(`${key} ${await put(s3, key, text)}`)
  const [a, ab1, ab2, dash1, dash2, bx1, bx2] = written
  const all = [a, dash2, dash1, ab2, ab1, bx2, bx1]
  expect(await ids(s3)).toEqual(all)
  expect(await ids(s3, { Prefix: 'a/' })).toEqual([ab2, ab1])
  expect(await ids(s3, { Prefix: 'b' })).toEqual([bx2, bx1])
  const paged: string[] = []
  let more: object | undefined = {}
  while (more) {
    const page = await list(s3, { ...more, MaxKeys: 1 })
    paged.push(...(page.Versions ?? []).map(({ Key, VersionId }) => `${Key} ${VersionId}`))
    const { NextKeyMarker: KeyMarker, NextVersionIdMarker: VersionIdMarker } = page
    more = page.IsTruncated ? { KeyMarker, VersionIdMarker } : undefined
  }
  expect(paged).toEqual(all)
})

test('versions outlive the process, and what is lost by hand is still there', async () => {
  const s3 = await start()
  const first = await put(s3, 'state/a', 'one')
  await put(s3, 'state/a', 'two')
  rmSync(homePaths(s3.home).object(Bucket, 'state/a'))
  const again = await startS3(s3.home, { versioned: VERSIONED })
  expect((await list(again)).Versions).toMatchObject([{ VersionId: first, IsLatest: false }])
  expect((await read(again, 'state/a', first)).text).toBe('one')
})

test('a start forgets the versions that lifecycle rules no longer keep', async () => {
  const clock = advancingClock()
  const s3 = await startS3(tempHome(), { versioned: VERSIONED, clock })
  for (const key of ['state/a', 'other/a']) {
    await put(s3, key, 'one')
    await remove(s3, key)
  }
  const restart = () => startS3(s3.home, { versioned: VERSIONED, clock, ageEarlierObjectsSeconds: 1 })
  clock.advance(29 * DAY_MS)
  expect((await list(await restart())).Versions).toHaveLength(2)
  clock.advance(2 * DAY_MS)
  expect((await list(await restart())).Versions).toMatchObject([{ Key: 'other/a' }])
})

test.each(['../data/', '../../.versions/data/', 'x/../', '/'])(
  'the prefix %j, which is no place in a bucket, has no versions',
  async (Prefix) => {
    const s3 = await start()
    await put(s3, 'a', 'one')
    const version = await put(s3, 'a', 'two')
    await put(s3, 'a', 'three')
    expect((await list(s3, { Prefix })).Versions).toBeUndefined()
    await expect(read(s3, `${Prefix}a`, version)).rejects.toMatchObject({
      $metadata: { httpStatusCode: 404 },
    })
  },
)

test('a bucket without versions keeps none and tells no ids', async () => {
  const s3 = await startS3()
  const id = await put(s3, 'a', 'one')
  await put(s3, 'a', 'two')
  expect(id).toBeUndefined()
  expect((await list(s3)).Versions).toMatchObject([{ Key: 'a', VersionId: 'null', IsLatest: true, Size: 3 }])
  expect((await remove(s3, 'a')).DeleteMarker).toBeUndefined()
  expect((await list(s3)).Versions).toBeUndefined()
})

test('an object from before a bucket had versions is the version null', async () => {
  const s3 = await startS3()
  await put(s3, 'a', 'one')
  const again = await startS3(s3.home, { versioned: VERSIONED })
  const second = await put(again, 'a', 'two')
  expect(await ids(again)).toEqual([`a ${second}`, 'a null'])
  expect((await read(again, 'a', 'null')).text).toBe('one')
  expect(readFileSync(homePaths(s3.home).object(Bucket, 'a'), 'utf8')).toBe('two')
})

test('versions take permissions of their own', async () => {
  const ROLE = 'arn:aws:iam::000000000000:role/reader'
  const allow = (Action: string, Resource: string) => ({
    Effect: 'Allow' as const,
    Action: [Action],
    Resource: [Resource],
  })
  const statements = [
    allow('s3:GetObject', 'arn:aws:s3:::data/*'),
    allow('s3:ListBucket', 'arn:aws:s3:::data'),
  ]
  const authorizer = openAuthorizer({
    roles: [{ name: 'reader', arn: ROLE, trustedServices: ['lambda.amazonaws.com'], statements }],
    administrators: ['TEST'],
  })
  authorizer.assume({ accessKeyId: 'CHILD', roleArn: ROLE, service: 'lambda.amazonaws.com', name: 'plan' })
  const s3 = await startS3(tempHome(), { versioned: VERSIONED, authorize: authorizer.authorizeS3 })
  const version = await put(s3, 'a', 'one')
  const child = { ...s3, client: s3.connect({ credentials: { accessKeyId: 'CHILD', secretAccessKey: 'x' } }) }
  expect((await read(child, 'a')).text).toBe('one')
  await expect(read(child, 'a', version)).rejects.toThrow('s3:GetObjectVersion')
  await expect(list(child)).rejects.toThrow('s3:ListBucketVersions')
})
