import { createHash } from 'node:crypto'
import { utimesSync } from 'node:fs'
import { Readable } from 'node:stream'
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3'
import { expect, test } from 'vitest'
import { homePaths } from '../../home/paths.ts'
import { startS3 } from '../support/start-s3.ts'

// Compares every member of every answer as the SDK's own client reads it.
const { client, home } = await startS3()
const BUCKET = { Bucket: 'data' }
const object = (Key: string) => ({ ...BUCKET, Key })
const md5 = (text: string) => createHash('md5').update(text).digest('hex')
const withoutMetadata = <T extends { $metadata: unknown }>({ $metadata, ...answer }: T) => {
  expect($metadata).toMatchObject({ httpStatusCode: expect.any(Number) as number })
  return answer
}
const DESCRIPTION = {
  CacheControl: 'no-store',
  ContentDisposition: 'attachment; filename="a b.txt"',
  ContentEncoding: 'gzip',
  ContentLanguage: 'de',
  ContentType: 'text/plain',
  Metadata: { generation: '7', 'with-dash': 'a, b "c"' },
}
const EXPIRES = new Date('2030-01-02T03:04:05Z')
const HELLO = {
  ETag: `"${md5('hello')}"`,
  ChecksumCRC32: 'NhCmhg==',
  ChecksumType: 'FULL_OBJECT',
}
const DATE = expect.any(Date) as Date

test('PutObject, and all that was said about the object from HeadObject and GetObject', async () => {
  const put = new PutObjectCommand({ ...object('put'), ...DESCRIPTION, Expires: EXPIRES, Body: 'hello' })
  expect(withoutMetadata(await client.send(put))).toEqual(HELLO)
  const described = {
    ...DESCRIPTION,
    ...HELLO,
    AcceptRanges: 'bytes',
    ContentLength: 5,
    Expires: EXPIRES,
    ExpiresString: 'Wed, 02 Jan 2030 03:04:05 GMT',
    LastModified: DATE,
  }
  const asked = { ...object('put'), ChecksumMode: 'ENABLED' } as const
  expect(withoutMetadata(await client.send(new HeadObjectCommand(asked)))).toEqual(described)
  const { Body, ...got } = withoutMetadata(await client.send(new GetObjectCommand(asked)))
  expect(got).toEqual(described)
  expect(await Body!.transformToString()).toBe('hello')
})

test('the encoding of a streamed body, without that of the stream', async () => {
  const Body = Readable.from([Buffer.from('hel'), Buffer.from('lo')])
  const streamed = { ...object('streamed'), ContentEncoding: 'gzip', ContentLength: 5, Body }
  expect(withoutMetadata(await client.send(new PutObjectCommand(streamed)))).toEqual(HELLO)
  const head = await client.send(new HeadObjectCommand(object('streamed')))
  expect(head).toMatchObject({ ContentEncoding: 'gzip', ContentLength: 5 })
})

test('a range, and an object of which nothing was said', async () => {
  await client.send(new PutObjectCommand({ ...object('plain'), Body: 'hello' }))
  const asked = { ...object('plain'), Range: 'bytes=1-3' }
  const { Body, $metadata, ...got } = await client.send(new GetObjectCommand(asked))
  expect($metadata.httpStatusCode).toBe(206)
  expect(got).toEqual({
    AcceptRanges: 'bytes',
    ContentLength: 3,
    ContentRange: 'bytes 1-3/5',
    ContentType: 'application/octet-stream',
    ETag: HELLO.ETag,
    LastModified: DATE,
    Metadata: {},
  })
  expect(await Body!.transformToString()).toBe('ell')
  const head = await client.send(new HeadObjectCommand(asked))
  expect(head).toMatchObject({ ContentLength: 3, ContentRange: 'bytes 1-3/5' })
  expect(head.$metadata.httpStatusCode).toBe(206)
})

test('what has not changed: no body, but its ETag and its time', async () => {
  const { ETag } = await client.send(new PutObjectCommand({ ...object('same'), Body: 'x' }))
  const get = new GetObjectCommand({ ...object('same'), IfNoneMatch: ETag })
  const error = await client.send(get).then(
    () => undefined,
    (thrown: { $response: { statusCode: number; headers: Record<string, string> } }) => thrown.$response,
  )
  expect(error?.statusCode).toBe(304)
  expect(error?.headers).toMatchObject({ etag: ETag, 'last-modified': expect.any(String) as string })
  expect(error?.headers['content-length']).toBeUndefined()
})

test('CopyObject', async () => {
  await client.send(new PutObjectCommand({ ...object('source'), Body: 'hello' }))
  const copy = new CopyObjectCommand({ ...object('copy'), CopySource: 'data/source' })
  expect(withoutMetadata(await client.send(copy))).toEqual({
    CopyObjectResult: { ...HELLO, LastModified: DATE },
  })
})

test('ListObjectsV2: two pages, with folders', async () => {
  for (const key of ['list/a & <b>', 'list/folder/x', 'list/z'])
    await client.send(new PutObjectCommand({ ...object(key), Body: 'hello' }))
  const asked = { ...BUCKET, Prefix: 'list/', Delimiter: '/', MaxKeys: 2, StartAfter: 'list/' }
  const first = withoutMetadata(await client.send(new ListObjectsV2Command(asked)))
  const contents = { ETag: HELLO.ETag, LastModified: DATE, Size: 5, StorageClass: 'STANDARD' }
  const { MaxKeys, Delimiter, Prefix, StartAfter } = asked
  const page = { Name: 'data', Prefix, Delimiter, StartAfter, MaxKeys }
  const NextContinuationToken = expect.any(String) as string
  expect(first).toEqual({
    ...page,
    IsTruncated: true,
    KeyCount: 2,
    Contents: [{ ...contents, Key: 'list/a & <b>' }],
    CommonPrefixes: [{ Prefix: 'list/folder/' }],
    NextContinuationToken,
  })
  const ContinuationToken = first.NextContinuationToken
  const next = new ListObjectsV2Command({ ...asked, EncodingType: 'url', ContinuationToken })
  expect(withoutMetadata(await client.send(next))).toEqual({
    ...page,
    EncodingType: 'url',
    ContinuationToken,
    IsTruncated: false,
    KeyCount: 1,
    Contents: [{ ...contents, Key: 'list/z' }],
  })
})

test('ListObjectsV2: each object with its own time', async () => {
  const times = ['2024-01-01T00:00:00Z', '2024-01-01T00:00:00Z', '2023-02-03T04:05:06Z']
  for (const [index, time] of times.entries()) {
    await client.send(new PutObjectCommand({ ...object(`times/${index}`), Body: 'x' }))
    utimesSync(homePaths(home).object('data', `times/${index}`), new Date(time), new Date(time))
  }
  const { Contents } = await client.send(new ListObjectsV2Command({ ...BUCKET, Prefix: 'times/' }))
  expect(Contents!.map(({ LastModified }) => LastModified)).toEqual(times.map((time) => new Date(time)))
})

test('ListObjectsV2 of nothing', async () => {
  const list = new ListObjectsV2Command({ ...BUCKET, Prefix: 'nothing/' })
  expect(withoutMetadata(await client.send(list))).toEqual({
    Name: 'data',
    Prefix: 'nothing/',
    MaxKeys: 1000,
    IsTruncated: false,
    KeyCount: 0,
  })
})

test('CreateBucket and HeadBucket', async () => {
  const CreateBucketConfiguration = { LocationConstraint: 'eu-central-1' } as const
  const create = new CreateBucketCommand({ Bucket: 'third', CreateBucketConfiguration })
  expect(withoutMetadata(await client.send(create))).toEqual({ Location: '/third' })
  const head = new HeadBucketCommand({ Bucket: 'third' })
  expect(withoutMetadata(await client.send(head))).toEqual({ BucketRegion: 'us-east-1' })
})

test('an upload in parts, from beginning to end', async () => {
  const create = new CreateMultipartUploadCommand({ ...object('parts'), ChecksumAlgorithm: 'CRC32' })
  const created = withoutMetadata(await client.send(create))
  const UploadId = created.UploadId!
  expect(created).toEqual({
    ...object('parts'),
    UploadId: expect.stringMatching(/./) as string,
    ChecksumAlgorithm: 'CRC32',
    ChecksumType: 'COMPOSITE',
  })
  const part = { ...object('parts'), UploadId, PartNumber: 1 }
  const { ETag, ChecksumCRC32 } = HELLO
  const upload = new UploadPartCommand({ ...part, Body: 'hello' })
  expect(withoutMetadata(await client.send(upload))).toEqual({ ETag, ChecksumCRC32 })
  await client.send(new PutObjectCommand({ ...object('whole'), Body: 'hello' }))
  const copy = new UploadPartCopyCommand({ ...part, CopySource: 'data/whole' })
  expect(withoutMetadata(await client.send(copy))).toEqual({
    CopyPartResult: { ETag, ChecksumCRC32, LastModified: DATE },
  })
  const Parts = [{ PartNumber: 1, ETag, ChecksumCRC32 }]
  const complete = new CompleteMultipartUploadCommand({
    ...object('parts'),
    UploadId,
    MultipartUpload: { Parts },
  })
  expect(withoutMetadata(await client.send(complete))).toEqual({
    ...object('parts'),
    ETag: `"${createHash('md5')
      .update(Buffer.from(md5('hello'), 'hex'))
      .digest('hex')}-1"`,
    ChecksumCRC32: expect.stringMatching(/-1$/) as string,
    ChecksumType: 'COMPOSITE',
  })
})

test('AbortMultipartUpload, DeleteObject and DeleteObjects', async () => {
  const { UploadId } = await client.send(new CreateMultipartUploadCommand(object('aborted')))
  const abort = await client.send(new AbortMultipartUploadCommand({ ...object('aborted'), UploadId }))
  expect(abort.$metadata.httpStatusCode).toBe(204)
  expect(withoutMetadata(abort)).toEqual({})
  const remove = await client.send(new DeleteObjectCommand(object('absent')))
  expect(remove.$metadata.httpStatusCode).toBe(204)
  expect(withoutMetadata(remove)).toEqual({})
  const Objects = [{ Key: 'absent' }, { Key: 'absent too', ETag: '"other"' }]
  const many = new DeleteObjectsCommand({ ...BUCKET, Delete: { Objects } })
  expect(withoutMetadata(await client.send(many))).toEqual({
    Deleted: [{ Key: 'absent' }],
    Errors: [{ Key: 'absent too', Code: 'NoSuchKey', Message: 'The specified key does not exist.' }],
  })
})

test('an error', async () => {
  const error = await client.send(new GetObjectCommand(object('no & <such>'))).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toMatchObject({
    name: 'NoSuchKey',
    message: 'The specified key does not exist: "no & <such>".',
    Code: 'NoSuchKey',
    Resource: '/data/no%20%26%20%3Csuch%3E?x-id=GetObject',
    $metadata: { httpStatusCode: 404 },
  })
})
