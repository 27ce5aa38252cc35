import { createHash, randomBytes } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
  type CompletedPart,
  type CreateMultipartUploadCommandInput,
} from '@aws-sdk/client-s3'
import { describe, expect, it } from 'vitest'
import { homePaths } from '../../home/paths.ts'
import { startS3 } from '../support/start-s3.ts'

const { client, home } = await startS3()
const MIB = 1024 * 1024

async function start(Key: string, rest: Partial<CreateMultipartUploadCommandInput> = {}) {
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket: 'data', Key, ...rest }))
  const upload = { Bucket: 'data', Key, UploadId }
  return {
    part: async (PartNumber: number, Body: Uint8Array): Promise<CompletedPart> => {
      const answer = await client.send(new UploadPartCommand({ ...upload, PartNumber, Body }))
      const { ETag, ChecksumCRC32 } = answer
      return { PartNumber, ETag, ...(ChecksumCRC32 && { ChecksumCRC32 }) }
    },
    complete: (Parts: CompletedPart[], conditions: { IfNoneMatch?: string; IfMatch?: string } = {}) =>
      client.send(
        new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts }, ...conditions }),
      ),
    abort: () => client.send(new AbortMultipartUploadCommand(upload)),
    upload,
  }
}
const get = async (Key: string) => {
  const answer = await client.send(new GetObjectCommand({ Bucket: 'data', Key }))
  return Buffer.from(await answer.Body!.transformToByteArray())
}
const head = (Key: string) =>
  client.send(new HeadObjectCommand({ Bucket: 'data', Key, ChecksumMode: 'ENABLED' }))
const uploadsLeft = () =>
  readdirSync(join(homePaths(home).s3Meta, '.temp'), { recursive: true }).filter((name) =>
    String(name).includes('upload-'),
  )

describe('a multipart upload', () => {
  it('puts its parts together, whatever the order in which they came', async () => {
    const bodies = [randomBytes(6 * MIB), randomBytes(5 * MIB), randomBytes(100)]
    const { part, complete } = await start('parts/whole', {
      Metadata: { a: '1' },
      ContentType: 'x/y',
      ChecksumAlgorithm: 'CRC32',
    })
    const third = await part(30, bodies[2]!)
    await part(1, randomBytes(10))
    const first = await part(1, bodies[0]!)
    const second = await part(2, bodies[1]!)
    const answer = await complete([first, second, third])
    const digests = bodies.map((body) => createHash('md5').update(body).digest())
    const etag = `"${createHash('md5').update(Buffer.concat(digests)).digest('hex')}-3"`
    expect(answer.ETag).toBe(etag)
    expect(answer.ChecksumType).toBe('COMPOSITE')
    expect((await get('parts/whole')).equals(Buffer.concat(bodies))).toBe(true)
    expect(await head('parts/whole')).toMatchObject({
      ETag: etag,
      Metadata: { a: '1' },
      ContentType: 'x/y',
      ChecksumCRC32: answer.ChecksumCRC32,
      ChecksumType: 'COMPOSITE',
    })
    expect(answer.ChecksumCRC32).toMatch(/-3$/)
    expect(uploadsLeft()).toEqual([])
  })

  it('may have a checksum over the whole object', async () => {
    const { part, complete } = await start('parts/sum', {
      ChecksumAlgorithm: 'CRC32',
      ChecksumType: 'FULL_OBJECT',
    })
    const answer = await complete([await part(1, Buffer.from('hello'))])
    expect(answer).toMatchObject({ ChecksumCRC32: 'NhCmhg==', ChecksumType: 'FULL_OBJECT' })
  })

  it('takes parts out of another object', async () => {
    const body = randomBytes(6 * MIB)
    await client.send(new PutObjectCommand({ Bucket: 'data', Key: 'parts/source', Body: body }))
    const { part, complete, upload } = await start('parts/copied')
    const { CopyPartResult } = await client.send(
      new UploadPartCopyCommand({
        ...upload,
        PartNumber: 1,
        CopySource: 'data/parts/source',
        CopySourceRange: `bytes=100-${5 * MIB + 99}`,
      }),
    )
    const copied = { PartNumber: 1, ETag: CopyPartResult!.ETag }
    await complete([copied, await part(2, Buffer.from('end'))])
    const expected = Buffer.concat([body.subarray(100, 5 * MIB + 100), Buffer.from('end')])
    expect((await get('parts/copied')).equals(expected)).toBe(true)
  })

  it('shows nothing before it is complete, nor after it was aborted', async () => {
    const { part, abort, complete } = await start('parts/aborted')
    const first = await part(1, Buffer.from('x'))
    await expect(head('parts/aborted')).rejects.toMatchObject({ name: 'NotFound' })
    await abort()
    await expect(complete([first])).rejects.toMatchObject({ name: 'NoSuchUpload' })
    await expect(part(2, Buffer.from('x'))).rejects.toMatchObject({ name: 'NoSuchUpload' })
    expect(uploadsLeft()).toEqual([])
  })

  it('is done once: completed again it is NoSuchUpload', async () => {
    const { part, complete } = await start('parts/once')
    const parts = [await part(1, Buffer.from('x'))]
    const results = await Promise.allSettled([complete(parts), complete(parts)])
    expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected'])
    await expect(complete(parts)).rejects.toMatchObject({ name: 'NoSuchUpload' })
  })

  it('obeys conditions, and can be completed otherwise when they fail', async () => {
    const before = await client.send(
      new PutObjectCommand({ Bucket: 'data', Key: 'parts/there', Body: 'before' }),
    )
    const { part, complete } = await start('parts/there')
    const parts = [await part(1, Buffer.from('after'))]
    await expect(complete(parts, { IfNoneMatch: '*' })).rejects.toMatchObject({ name: 'PreconditionFailed' })
    await expect(complete(parts, { IfMatch: '"other"' })).rejects.toMatchObject({
      name: 'PreconditionFailed',
    })
    expect((await get('parts/there')).toString()).toBe('before')
    await complete(parts, { IfMatch: before.ETag! })
    expect((await get('parts/there')).toString()).toBe('after')
  })

  it('is refused with parts that are small, unknown, or in another order', async () => {
    const { part, complete } = await start('parts/refused', { ChecksumAlgorithm: 'CRC32' })
    const small = await part(1, Buffer.from('x'))
    const last = await part(2, Buffer.from('y'))
    await expect(complete([small, last])).rejects.toMatchObject({ name: 'EntityTooSmall' })
    await expect(complete([last, small])).rejects.toMatchObject({ name: 'InvalidPartOrder' })
    await expect(complete([{ ...small, ETag: '"other"' }])).rejects.toMatchObject({ name: 'InvalidPart' })
    await expect(complete([{ ...small, ChecksumCRC32: 'AAAAAA==' }])).rejects.toMatchObject({
      name: 'InvalidPart',
    })
    await expect(complete([{ ...small, PartNumber: 3 }])).rejects.toMatchObject({ name: 'InvalidPart' })
    await expect(part(10_001, Buffer.from('z'))).rejects.toMatchObject({ name: 'InvalidArgument' })
  })
})
