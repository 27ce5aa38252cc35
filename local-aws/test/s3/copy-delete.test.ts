import { createHash, randomBytes } from 'node:crypto'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type CopyObjectCommandInput,
} from '@aws-sdk/client-s3'
import { describe, expect, it } from 'vitest'
import { homePaths } from '../../home/paths.ts'
import { SIGNED, startS3 } from '../support/start-s3.ts'

const { client, home, url } = await startS3()
const put = (Key: string, Body: string | Uint8Array, rest: object = {}) =>
  client.send(new PutObjectCommand({ Bucket: 'data', Key, Body, ...rest }))
const head = (Key: string, rest: object = {}) =>
  client.send(new HeadObjectCommand({ Bucket: 'data', Key, ...rest }))
const text = async (Key: string) =>
  (await client.send(new GetObjectCommand({ Bucket: 'data', Key }))).Body!.transformToString()
const copy = (from: string, to: string, rest: Partial<CopyObjectCommandInput> = {}) =>
  client.send(
    new CopyObjectCommand({
      Bucket: 'data',
      Key: to,
      CopySource: `data/${encodeURIComponent(from)}`,
      ...rest,
    }),
  )
const remove = (Key: string, IfMatch?: string) =>
  client.send(new DeleteObjectCommand({ Bucket: 'data', Key, IfMatch }))

describe('a copy', () => {
  it('has the bytes, the ETag and what was said about its source', async () => {
    const { ETag } = await put('from/ü 1.txt', 'copied', { Metadata: { a: '1' }, ContentType: 'text/plain' })
    const answer = await copy('from/ü 1.txt', 'to/1.txt')
    expect(answer.CopyObjectResult).toMatchObject({ ETag, ChecksumType: 'FULL_OBJECT' })
    expect(await text('to/1.txt')).toBe('copied')
    expect(await head('to/1.txt')).toMatchObject({ ETag, Metadata: { a: '1' }, ContentType: 'text/plain' })
    expect(await text('from/ü 1.txt')).toBe('copied')
  })

  it('may be described anew', async () => {
    await put('from/2', 'copied', { Metadata: { a: '1' } })
    await copy('from/2', 'to/2', { MetadataDirective: 'REPLACE', Metadata: { b: '2' } })
    expect((await head('to/2')).Metadata).toEqual({ b: '2' })
  })

  it('of a file that was dropped into the tree has the MD5 of its bytes', async () => {
    const bytes = randomBytes(3_000_000)
    writeFileSync(homePaths(home).object('data', 'dropped'), bytes)
    const before = (await head('dropped')).ETag
    const answer = await copy('dropped', 'to/dropped')
    expect(answer.CopyObjectResult!.ETag).toBe(`"${createHash('md5').update(bytes).digest('hex')}"`)
    expect(before).not.toBe(answer.CopyObjectResult!.ETag)
  })

  it('obeys conditions on its source and on its destination', async () => {
    const { ETag } = await put('from/3', 'three')
    await expect(copy('from/3', 'to/3', { CopySourceIfMatch: '"other"' })).rejects.toMatchObject({
      name: 'PreconditionFailed',
    })
    await copy('from/3', 'to/3', { CopySourceIfMatch: ETag, IfNoneMatch: '*' })
    await expect(copy('from/3', 'to/3', { IfNoneMatch: '*' })).rejects.toMatchObject({
      name: 'PreconditionFailed',
    })
    await put('from/4', 'four')
    await expect(copy('from/4', 'to/3', { IfMatch: '"other"' })).rejects.toMatchObject({
      name: 'PreconditionFailed',
    })
    await copy('from/4', 'to/3', { IfMatch: ETag })
    expect(await text('to/3')).toBe('four')
  })

  it('of nothing is NoSuchKey, onto itself InvalidRequest', async () => {
    await expect(copy('from/absent', 'to/x')).rejects.toMatchObject({ name: 'NoSuchKey' })
    await put('from/5', 'five')
    await expect(copy('from/5', 'from/5')).rejects.toMatchObject({ name: 'InvalidRequest' })
  })

  it('made by 20 at once with If-None-Match is made once', async () => {
    await put('from/6', 'six')
    const copies = Array.from({ length: 20 }, () =>
      copy('from/6', 'to/6', { IfNoneMatch: '*' }).then(
        () => 'made',
        (error: Error) => error.name,
      ),
    )
    const results = await Promise.all(copies)
    expect(results.filter((result) => result === 'made')).toHaveLength(1)
    expect(results.filter((result) => result === 'PreconditionFailed')).toHaveLength(19)
  })
})

describe('a deletion', () => {
  it('removes the object, what was said about it and the folders that it leaves empty', async () => {
    await put('gone/deep/er', 'x', { Metadata: { a: '1' } })
    await remove('gone/deep/er')
    await expect(head('gone/deep/er')).rejects.toMatchObject({ name: 'NotFound' })
    expect(existsSync(homePaths(home).object('data', 'gone'))).toBe(false)
    expect(existsSync(join(homePaths(home).s3Meta, 'data/gone'))).toBe(false)
    await put('gone', 'now a file')
    expect(await text('gone')).toBe('now a file')
  })

  it('of nothing succeeds', async () => {
    expect((await remove('never/was')).$metadata.httpStatusCode).toBe(204)
  })

  it('with If-Match removes only that object', async () => {
    const { ETag } = await put('match', 'x')
    await expect(remove('match', '"other"')).rejects.toMatchObject({ name: 'PreconditionFailed' })
    await remove('match', ETag)
    await expect(remove('match', ETag)).rejects.toMatchObject({ name: 'NoSuchKey' })
  })

  it('of many says what became of each', async () => {
    for (const key of ['m/1', 'm/2 & 3', 'm/ 4 ']) await put(key, 'x')
    const Objects = [
      { Key: 'm/1', ETag: '"other"' },
      { Key: 'm/2 & 3' },
      { Key: 'm/ 4 ' },
      { Key: 'm/absent' },
    ]
    const answer = await client.send(new DeleteObjectsCommand({ Bucket: 'data', Delete: { Objects } }))
    expect(answer.Errors).toMatchObject([{ Key: 'm/1', Code: 'PreconditionFailed' }])
    expect(answer.Deleted).toEqual([{ Key: 'm/2 & 3' }, { Key: 'm/ 4 ' }, { Key: 'm/absent' }])
    const quiet = await client.send(
      new DeleteObjectsCommand({ Bucket: 'data', Delete: { Objects: [{ Key: 'm/1' }], Quiet: true } }),
    )
    expect(quiet.Deleted).toBeUndefined()
    await expect(head('m/1')).rejects.toMatchObject({ name: 'NotFound' })
  })
})

describe('a key that a tree of files cannot hold', () => {
  it.each(['a//b', '/a', 'a/', 'a/./b', '../a', `a/${'x'.repeat(256)}`])('is refused: %j', async (key) => {
    await expect(put(key, 'x')).rejects.toMatchObject({ name: 'NotImplemented' })
  })

  it('is refused when it continues another one, or another one continues it', async () => {
    await put('stem', 'x')
    await expect(put('stem/leaf', 'x')).rejects.toMatchObject({ name: 'NotImplemented' })
    await put('trunk/leaf', 'x')
    await expect(put('trunk', 'x')).rejects.toMatchObject({ name: 'NotImplemented' })
    await expect(put('trunk', 'x', { IfNoneMatch: '*' })).rejects.toMatchObject({ name: 'NotImplemented' })
    expect([await text('stem'), await text('trunk/leaf')]).toEqual(['x', 'x'])
    expect((await head('trunk/leaf')).ContentLength).toBe(1)
  })

  it('is KeyTooLongError beyond 1,024 bytes', async () => {
    const key = Array.from({ length: 6 }, () => 'é'.repeat(100)).join('/')
    await expect(put(key, 'x')).rejects.toMatchObject({ name: 'KeyTooLongError' })
  })
})

describe('what the local S3 does not do', () => {
  const refused = async (method: string, path: string, headers: Record<string, string> = {}) => {
    const answer = await fetch(url + path, { method, headers: { ...SIGNED, ...headers } })
    expect(answer.status).toBe(501)
    return answer.text()
  }

  it.each([
    ['DELETE', '/data/key?versionId=1', 'versionId'],
    ['GET', '/data/key?tagging', 'tagging'],
    ['GET', '/data/key?response-content-type=a', 'response-content-type'],
    ['GET', '/data?versioning', 'versioning'],
    ['GET', '/data?versions&delimiter=/', 'delimiter'],
    ['GET', '/data?list-type=2&fetch-owner=true', 'fetch-owner'],
    ['GET', '/data?list-type=2&delimiter=-', 'delimiter'],
    ['GET', '/data', 'GET of a bucket'],
    ['PUT', '/data/key?acl', 'acl'],
    ['DELETE', '/data', 'DELETE of a bucket'],
    ['POST', '/data/key?select', 'select'],
  ])('%s %s is refused by name', async (method, path, named) => {
    expect(await refused(method, path)).toContain(named)
  })

  it.each([
    ['PUT', 'x-amz-acl', 'public-read'],
    ['PUT', 'x-amz-tagging', 'a=b'],
    ['PUT', 'x-amz-server-side-encryption-customer-algorithm', 'AES256'],
    ['PUT', 'if-none-match', '"etag"'],
    ['GET', 'if-modified-since', 'Mon, 01 Jan 2024 00:00:00 GMT'],
    ['GET', 'range', 'bytes=0-1,3-4'],
    ['DELETE', 'x-amz-mfa', '1'],
  ])('%s with the header %s is refused by name', async (method, name, value) => {
    await put('key', '0123456789')
    expect((await refused(method, '/data/key', { [name]: value })).toLowerCase()).toContain(name)
  })
})

describe('a condition that fails while a large body is on its way', () => {
  it('is answered as such', async () => {
    await put('large', 'there')
    const Body = Buffer.alloc(20_000_000)
    await expect(put('large', Body, { IfNoneMatch: '*' })).rejects.toMatchObject({
      name: 'PreconditionFailed',
    })
    await put('large', 'again')
  })
})
