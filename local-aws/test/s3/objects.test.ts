import { createHash, randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type GetObjectCommandInput,
  type PutObjectCommandInput,
} from '@aws-sdk/client-s3'
import { describe, expect, it } from 'vitest'
import { homePaths } from '../../home/paths.ts'
import { SIGNED, startS3 } from '../support/start-s3.ts'

const s3 = await startS3()
const { client, home } = s3
const put = (Key: string, rest: Omit<PutObjectCommandInput, 'Bucket' | 'Key'>) =>
  client.send(new PutObjectCommand({ Bucket: 'data', Key, ...rest }))
const get = async (Key: string, rest: Omit<GetObjectCommandInput, 'Bucket' | 'Key'> = {}) => {
  const answer = await client.send(new GetObjectCommand({ Bucket: 'data', Key, ...rest }))
  return { ...answer, bytes: Buffer.from(await answer.Body!.transformToByteArray()) }
}
const head = (Key: string, rest: object = {}) =>
  client.send(new HeadObjectCommand({ Bucket: 'data', Key, ...rest }))
const md5 = (bytes: Uint8Array | string) => createHash('md5').update(bytes).digest('hex')
const temporaryFiles = () =>
  readdirSync(join(homePaths(home).s3Meta, '.temp'), { recursive: true, withFileTypes: true })

describe('an object', () => {
  it('is a plain file with the bytes that were put', async () => {
    await put('plain/file.txt', { Body: 'hello' })
    expect(readFileSync(homePaths(home).object('data', 'plain/file.txt'), 'utf8')).toBe('hello')
    expect((await get('plain/file.txt')).bytes.toString()).toBe('hello')
  })

  it('has the MD5 of its bytes as ETag and comes back with what was said about it', async () => {
    const answer = await put('described', {
      Body: 'described',
      ContentType: 'text/plain',
      ContentEncoding: 'identity',
      CacheControl: 'no-store',
      ContentDisposition: 'inline',
      Metadata: { generation: '7', intent: 'no' },
    })
    expect(answer.ETag).toBe(`"${md5('described')}"`)
    const found = await head('described')
    expect(found).toMatchObject({
      ETag: answer.ETag,
      ContentLength: 9,
      ContentType: 'text/plain',
      ContentEncoding: 'identity',
      CacheControl: 'no-store',
      ContentDisposition: 'inline',
      Metadata: { generation: '7', intent: 'no' },
    })
    expect(Math.abs(found.LastModified!.getTime() - Date.now())).toBeLessThan(60_000)
  })

  it('may be empty', async () => {
    for (const Body of ['', new Uint8Array()]) {
      await put('empty', { Body })
      expect((await get('empty')).bytes).toHaveLength(0)
      expect((await head('empty')).ContentLength).toBe(0)
    }
  })

  it('of 20 MB arrives as a stream of unknown chunks, without its framing', async () => {
    const body = randomBytes(20_000_000)
    const pieces = Array.from({ length: 200 }, (_, index) =>
      body.subarray(index * 100_000, (index + 1) * 100_000),
    )
    const answer = await put('stream', { Body: Readable.from(pieces), ContentLength: body.length })
    expect(answer.ETag).toBe(`"${md5(body)}"`)
    expect(readFileSync(homePaths(home).object('data', 'stream')).equals(body)).toBe(true)
    expect((await get('stream')).bytes.equals(body)).toBe(true)
  })

  it('replaces the earlier one with all that was said about it', async () => {
    await put('replaced', { Body: 'one', Metadata: { a: '1' }, ContentType: 'text/plain' })
    await put('replaced', { Body: 'three', Metadata: { b: '2' } })
    const found = await get('replaced')
    expect(found.bytes.toString()).toBe('three')
    expect(found.Metadata).toEqual({ b: '2' })
    expect(found.ContentType).toBe('application/octet-stream')
  })

  it.each([
    'a b+c&d=e?f#g%h.txt',
    'ünïcode/日本語/emoji-😀.jsonl',
    'quotes\'"<>/x',
    'tab\tline\nreturn\r',
    '..a/...',
    '%2F',
  ])('may have the key %j', async (key) => {
    await put(key, { Body: key })
    expect((await get(key)).bytes.toString()).toBe(key)
    expect(readFileSync(homePaths(home).object('data', key), 'utf8')).toBe(key)
  })

  it('that is absent is NoSuchKey, and NotFound to a HEAD', async () => {
    await expect(get('absent')).rejects.toMatchObject({
      name: 'NoSuchKey',
      $metadata: { httpStatusCode: 404 },
    })
    await expect(get('plain')).rejects.toMatchObject({ name: 'NoSuchKey' })
    await expect(get('plain/file.txt/below')).rejects.toMatchObject({ name: 'NoSuchKey' })
    await expect(head('absent')).rejects.toMatchObject({ name: 'NotFound' })
  })

  it('cannot be reached through dots', async () => {
    for (const path of [
      '/data/../data/plain/file.txt',
      '/data/plain/./file.txt',
      '/data/%2e%2e/data/plain/file.txt',
    ]) {
      const answer = await rawGet(path)
      expect(answer).toBe(404)
    }
  })
})

/** Returns the status of a GET with an unchanged path: fetch would normalize it. */
async function rawGet(path: string): Promise<number> {
  const { hostname, port } = new URL(s3.url)
  return new Promise((resolve, reject) => {
    request({ hostname, port, path, headers: SIGNED }, (response) => {
      response.resume()
      resolve(response.statusCode!)
    })
      .on('error', reject)
      .end()
  })
}

describe('a range', () => {
  const cases = [
    ['bytes=0-3', '0123', 'bytes 0-3/10'],
    ['bytes=7-', '789', 'bytes 7-9/10'],
    ['bytes=-2', '89', 'bytes 8-9/10'],
    ['bytes=-99', '0123456789', 'bytes 0-9/10'],
    ['bytes=8-99', '89', 'bytes 8-9/10'],
  ] as const

  it.each(cases)('%s gives those bytes', async (Range, text, ContentRange) => {
    await put('ranges', { Body: '0123456789' })
    const answer = await get('ranges', { Range })
    expect(answer.bytes.toString()).toBe(text)
    expect(answer.ContentRange).toBe(ContentRange)
    expect(answer.$metadata.httpStatusCode).toBe(206)
  })

  it('of a large object is streamed from its place', async () => {
    const body = randomBytes(5_000_000)
    await put('large', { Body: body })
    const { bytes } = await get('large', { Range: 'bytes=1000000-3999999' })
    expect(bytes.equals(body.subarray(1_000_000, 4_000_000))).toBe(true)
  })

  it('beyond the end is refused', async () => {
    await put('ranges', { Body: '0123456789' })
    await expect(get('ranges', { Range: 'bytes=10-' })).rejects.toMatchObject({
      name: 'InvalidRange',
      $metadata: { httpStatusCode: 416 },
    })
  })
})

describe('conditions of a read', () => {
  it('If-Match lets only that object through', async () => {
    const { ETag } = await put('conditions', { Body: 'now' })
    expect((await get('conditions', { IfMatch: ETag })).bytes.toString()).toBe('now')
    const wrong = { IfMatch: '"00000000000000000000000000000000"' }
    await expect(get('conditions', wrong)).rejects.toMatchObject({ name: 'PreconditionFailed' })
    await expect(head('conditions', wrong)).rejects.toMatchObject({ $metadata: { httpStatusCode: 412 } })
  })

  it('If-None-Match says that nothing changed', async () => {
    const { ETag } = await put('conditions', { Body: 'now' })
    await expect(get('conditions', { IfNoneMatch: ETag })).rejects.toMatchObject({
      $metadata: { httpStatusCode: 304 },
    })
    expect((await get('conditions', { IfNoneMatch: '"other"' })).bytes.toString()).toBe('now')
  })
})

describe('conditions of a write', () => {
  it('If-None-Match * refuses to replace', async () => {
    await put('once', { Body: 'first', IfNoneMatch: '*' })
    await expect(put('once', { Body: 'second', IfNoneMatch: '*' })).rejects.toMatchObject({
      name: 'PreconditionFailed',
      $metadata: { httpStatusCode: 412 },
    })
    expect((await get('once')).bytes.toString()).toBe('first')
  })

  it('If-Match replaces only that object', async () => {
    const first = await put('swap', { Body: 'first' })
    const second = await put('swap', { Body: 'second', IfMatch: first.ETag })
    await expect(put('swap', { Body: 'third', IfMatch: first.ETag })).rejects.toMatchObject({
      name: 'PreconditionFailed',
    })
    await expect(put('nothing-there', { Body: 'x', IfMatch: first.ETag })).rejects.toMatchObject({
      name: 'NoSuchKey',
    })
    expect((await head('swap')).ETag).toBe(second.ETag)
  })

  it.each(['IfNoneMatch', 'IfMatch'] as const)('%s: of 20 writers at once one wins', async (condition) => {
    const key = `race-${condition}`
    const before = condition === 'IfMatch' ? await put(key, { Body: 'before' }) : undefined
    const value = before ? before.ETag : '*'
    const writers = Array.from({ length: 20 }, (_, index) =>
      put(key, { Body: `writer ${index}`, [condition]: value }).then(
        () => index,
        (error: Error) => error.name,
      ),
    )
    const results = await Promise.all(writers)
    const winners = results.filter((result) => typeof result === 'number')
    expect(winners).toHaveLength(1)
    expect(results.filter((result) => result === 'PreconditionFailed')).toHaveLength(19)
    expect((await get(key)).bytes.toString()).toBe(`writer ${winners[0]}`)
  })
})

describe('checksums', () => {
  it('are verified, kept and given when asked for', async () => {
    const answer = await put('sum', { Body: 'hello' })
    expect(answer.ChecksumCRC32).toBe('NhCmhg==')
    const found = await head('sum', { ChecksumMode: 'ENABLED' })
    expect(found).toMatchObject({ ChecksumCRC32: 'NhCmhg==', ChecksumType: 'FULL_OBJECT' })
    expect((await head('sum')).ChecksumCRC32).toBeUndefined()
  })

  it.each(['SHA1', 'SHA256'] as const)('by %s work as well', async (ChecksumAlgorithm) => {
    const answer = await put('sha', { Body: 'hello', ChecksumAlgorithm })
    const expected = createHash(ChecksumAlgorithm).update('hello').digest('base64')
    expect(answer[`Checksum${ChecksumAlgorithm}`]).toBe(expected)
  })

  it('that do not fit the body refuse it and leave nothing behind', async () => {
    const wrong = { ChecksumCRC32: 'AAAAAA==' }
    await expect(put('wrong', { Body: 'hello', ...wrong })).rejects.toMatchObject({ name: 'BadDigest' })
    await expect(
      put('wrong', { Body: 'hello', ContentMD5: 'AAAAAAAAAAAAAAAAAAAAAA==' }),
    ).rejects.toMatchObject({
      name: 'BadDigest',
    })
    await expect(put('wrong', { Body: 'hello', ContentMD5: 'AAAA' })).rejects.toMatchObject({
      name: 'InvalidDigest',
    })
    await expect(head('wrong')).rejects.toMatchObject({ name: 'NotFound' })
    expect(temporaryFiles().filter((entry) => entry.isFile())).toEqual([])
  })

  it('by another algorithm are refused by name', async () => {
    const answer = await fetch(`${s3.url}/data/crc64`, {
      method: 'PUT',
      body: 'x',
      headers: { ...SIGNED, 'x-amz-checksum-crc64nvme': 'AAAAAAAAAAA=' },
    })
    expect(answer.status).toBe(501)
    expect(await answer.text()).toContain('CRC64NVME')
  })
})

describe('a body that breaks off', () => {
  it('leaves neither object nor temporary file', async () => {
    const { hostname, port } = new URL(s3.url)
    const headers = { ...SIGNED, 'content-length': 4_000_000 }
    await new Promise<void>((resolve) => {
      const broken = request({ hostname, port, method: 'PUT', path: '/data/broken', headers })
      broken.on('error', () => resolve())
      broken.write(Buffer.alloc(2_000_000), () => broken.destroy(new Error('the client dies')))
    })
    await expect(head('broken')).rejects.toMatchObject({ name: 'NotFound' })
    await expect.poll(() => temporaryFiles().filter((entry) => entry.isFile())).toEqual([])
  })
})

describe('a body of unknown length', () => {
  it('is refused, as S3 does', async () => {
    const { hostname, port } = new URL(s3.url)
    const status = await new Promise((resolve) => {
      const unknown = request(
        { hostname, port, method: 'PUT', path: '/data/unknown', headers: SIGNED },
        (answer) => {
          answer.resume()
          resolve(answer.statusCode)
        },
      )
      unknown.write('some')
      unknown.end('thing')
    })
    expect(status).toBe(411)
    await expect(head('unknown')).rejects.toMatchObject({ name: 'NotFound' })
  })
})

describe('a bucket', () => {
  it('can be made, found and missed', async () => {
    await client.send(new CreateBucketCommand({ Bucket: 'another' }))
    await client.send(new HeadBucketCommand({ Bucket: 'another' }))
    await expect(client.send(new HeadBucketCommand({ Bucket: 'missing' }))).rejects.toMatchObject({
      name: 'NotFound',
    })
    await expect(client.send(new GetObjectCommand({ Bucket: 'missing', Key: 'x' }))).rejects.toMatchObject({
      name: 'NoSuchBucket',
    })
  })

  it('with a name that leads elsewhere is refused', async () => {
    const answer = await fetch(`${s3.url}/..%2f..%2fetc`, { method: 'PUT', headers: SIGNED })
    expect(answer.status).toBe(400)
    expect(await answer.text()).toContain('InvalidBucketName')
  })
})

describe('the clock', () => {
  it('is the Date of every answer', async () => {
    const answer = await fetch(`${s3.url}/data/absent`, { headers: SIGNED })
    expect(Number.isNaN(Date.parse(answer.headers.get('date')!))).toBe(false)
  })
})
