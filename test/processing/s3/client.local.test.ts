import { randomBytes } from 'node:crypto'
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { expect, test } from 'vitest'
import { createFaults, INTERNAL_ERROR, SLOW_DOWN } from '@dayfold/local-aws/faults'
import { s3Client } from '../../../processing/s3/client.ts'
import { s3Sink } from '../../../processing/s3/s3-sink.ts'
import { s3Source } from '../../../processing/s3/s3-source.ts'
import { startS3 } from '@dayfold/local-aws/test-support/start-s3'

const faults = createFaults()
const local = await startS3(undefined, { faults })
const s3 = s3Client({
  region: 'us-east-1',
  endpoint: local.url,
  credentials: () => Promise.resolve({ accessKeyId: 'TEST', secretAccessKey: 'secret' }),
})

async function put(key: string, body: Uint8Array) {
  const { ETag } = await local.client.send(new PutObjectCommand({ Bucket: 'raw', Key: key, Body: body }))
  return { key, etag: ETag!.replaceAll('"', ''), size: body.length }
}

async function get(key: string): Promise<Buffer> {
  const { Body } = await local.client.send(new GetObjectCommand({ Bucket: 'data', Key: key }))
  return Buffer.from(await Body!.transformToByteArray())
}

test('a source reads whole objects and ranges, whatever their names', async () => {
  const body = randomBytes(200_000)
  const object = await put("odd/ä 🙂 (1)+&='.jsonl", body)
  const source = s3Source(s3, 'raw')
  const whole = Buffer.alloc(body.length)
  await source.read(object, 0, whole)
  const range = Buffer.alloc(1000)
  await source.read(object, 100_000, range)
  expect(whole.equals(body)).toBe(true)
  expect(range.equals(body.subarray(100_000, 101_000))).toBe(true)
})

test.each([
  ['an internal error', INTERNAL_ERROR],
  ['throttling', SLOW_DOWN],
  ['a reset before the answer', { kind: 'reset' }],
  ['a reset in mid body', { kind: 'reset', afterBytes: 5000 }],
  ['a truncated body', { kind: 'truncate', afterBytes: 5000 }],
] as const)('a read is tried again after %s', async (name, fault) => {
  const body = randomBytes(100_000)
  const object = await put(`faulty/${name}`, body)
  const before = faults.happened.length
  faults.add({ operation: 'GetObject', key: object.key, fault, times: 2 })
  const target = Buffer.alloc(body.length)
  await s3Source(s3, 'raw').read(object, 0, target)
  expect(target.equals(body)).toBe(true)
  expect(faults.happened.length - before).toBe(2)
})

test('an object that was replaced since it was listed is not read', async () => {
  const object = await put('replaced.jsonl', Buffer.from('{"a":1}\n'))
  await put('replaced.jsonl', Buffer.from('{"a":2}\n'))
  await expect(s3Source(s3, 'raw').read(object, 0, Buffer.alloc(8))).rejects.toMatchObject({
    isChanged: true,
    message: expect.stringMatching(
      /^expected the object that was listed \(ETag .*\), found .* another one$/,
    ) as string,
  })
})

test('an object that is gone is named', async () => {
  const read = s3Source(s3, 'raw').read({ key: 'gone.jsonl', etag: 'e', size: 3 }, 0, Buffer.alloc(3))
  await expect(read).rejects.toMatchObject({ isChanged: true })
})

test('an upload whose completion was done but not answered is complete', async () => {
  const body = randomBytes(20_000_000)
  faults.add({ operation: 'CompleteMultipartUpload', fault: { kind: 'lose-answer' } })
  const file = await s3Sink({ s3, bucket: 'data', staging: 'staging/lost/' }).create('parts', 'file')
  await file.write(body)
  await file.close()
  expect((await get('staging/lost/parts/file')).equals(body)).toBe(true)
})

test('an upload that is gone for another reason is not', async () => {
  const id = await s3.createUpload('data', 'staging/gone')
  const upload = { bucket: 'data', key: 'staging/gone', id }
  const part = await s3.uploadPart(upload, 1, randomBytes(1000))
  await s3.abortUpload(upload)
  faults.add({ operation: 'CompleteMultipartUpload', fault: INTERNAL_ERROR })
  await expect(s3.completeUpload(upload, [part])).rejects.toMatchObject({ code: 'NoSuchUpload' })
})

test('a sink puts a small file in one piece and a large one in parts', async () => {
  const sink = s3Sink({ s3, bucket: 'data', staging: 'staging/x/' })
  for (const size of [0, 1000, 16 * 1024 * 1024, 40_000_000]) {
    const body = randomBytes(size)
    const file = await sink.create('parts', `file-${size}`)
    for (let start = 0; start < size; start += 3_000_000)
      await file.write(body.subarray(start, start + 3_000_000))
    await file.close()
    expect((await get(`staging/x/parts/file-${size}`)).equals(body)).toBe(true)
  }
})

test('a part of an upload is sent again after a fault', async () => {
  const before = faults.happened.length
  faults.add({ operation: 'UploadPart', fault: { kind: 'lose-answer' } })
  faults.add({ operation: 'CompleteMultipartUpload', fault: INTERNAL_ERROR })
  const body = randomBytes(20_000_000)
  const file = await s3Sink({ s3, bucket: 'data', staging: 'staging/y/' }).create('parts', 'file')
  await file.write(body)
  await file.close()
  expect((await get('staging/y/parts/file')).equals(body)).toBe(true)
  expect(faults.happened.length - before).toBe(2)
})

test('a file that is given up never appears', async () => {
  const file = await s3Sink({ s3, bucket: 'data', staging: 'staging/z/' }).create('rejected', 'file')
  await file.write(randomBytes(20_000_000))
  await file.abort()
  await expect(get('staging/z/rejected/file')).rejects.toMatchObject({ name: 'NoSuchKey' })
})
