import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { CopyObjectCommand, DeleteObjectsCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { beforeEach, describe, expect, it } from 'vitest'
import { homePaths } from '../../home/paths.ts'
import { SIGNED, startS3, tempHome } from '../support/start-s3.ts'

// Buckets are folders of `<home>/s3`; no request may reach the files beside them.
const home = join(tempHome(), 'home')
const { client, url, service } = await startS3(home)
const SECRET = join(homePaths(home).s3, 'secret.txt')

beforeEach(() => {
  writeFileSync(SECRET, 'secret')
  writeFileSync(join(home, 'secret.txt'), 'secret')
  mkdirSync(join(homePaths(home).s3, 'UPPER'), { recursive: true })
  writeFileSync(join(homePaths(home).s3, 'UPPER', 'secret.txt'), 'secret')
})

interface Sent {
  readonly status: number
  readonly body: string
}

/** Sends a path unchanged: fetch and the SDK would normalize it. */
async function send(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body = '',
): Promise<Sent> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const options = { hostname, port, method, path, headers: { ...SIGNED, ...headers } }
    const sent = request(options, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () =>
        resolve({ status: response.statusCode!, body: Buffer.concat(chunks).toString() }),
      )
    })
    sent.on('error', reject).end(body)
  })
}

const NO_BUCKETS = [
  '..',
  '.',
  '%2e%2e',
  '..%2f..',
  '.temp',
  'UPPER',
  'a..b',
  'ab',
  'x%00y',
  '-ab',
  'a%0a',
  'a_b_c',
]
const NO_KEYS = [
  '../secret.txt',
  '%2e%2e/secret.txt',
  'a/../../secret.txt',
  'a%2f..%2f..%2fsecret.txt',
  './a',
  'a//b',
]

describe('a name that no bucket can have', () => {
  it.each(NO_BUCKETS)(
    '%s is InvalidBucketName to whoever reads, writes, lists or deletes',
    async (bucket) => {
      const refused = [
        await send('GET', `/${bucket}/secret.txt`),
        await send('PUT', `/${bucket}/secret.txt`, {}, 'changed'),
        await send('DELETE', `/${bucket}/secret.txt`),
        await send('POST', `/${bucket}/secret.txt?uploads`),
        await send('GET', `/${bucket}?list-type=2`),
        await send('PUT', `/${bucket}`),
      ]
      for (const { status, body } of refused) {
        expect(status).toBe(400)
        expect(body).toContain('<Code>InvalidBucketName</Code>')
      }
      expect((await send('HEAD', `/${bucket}`)).status).toBe(400)
      expect((await send('HEAD', `/${bucket}/secret.txt`)).status).toBe(400)
    },
  )

  it('is refused when it is empty', async () => {
    expect((await send('PUT', '/')).body).toContain('InvalidBucketName')
    expect((await send('GET', '//secret.txt')).body).toContain('InvalidBucketName')
    expect((await send('GET', '/?list-type=2')).body).toContain('InvalidBucketName')
  })

  it('is refused as the source of a copy, encoded or not', async () => {
    for (const bucket of ['..', '%2e%2e', 'UPPER', '..%2F..', '/..']) {
      const copy = await send('PUT', '/data/copy', { 'x-amz-copy-source': `${bucket}/secret.txt` })
      expect(copy.status).toBe(400)
      expect(copy.body).toMatch(/InvalidBucketName|InvalidArgument/)
    }
    expect(existsSync(homePaths(home).object('data', 'copy'))).toBe(false)
  })

  it('is refused to services that work on the files', () => {
    for (const bucket of ['..', '', 'UPPER', '../..']) {
      expect(() => service.filePath(bucket, 'secret.txt')).toThrow('Bucket: expected 3 to 63')
      expect(() => service.listObjects(bucket, '')).toThrow('Bucket: expected 3 to 63')
    }
    expect(() => service.filePath('absent', 'x')).toThrow('does not exist')
    expect(() => service.listObjects('absent', '')).toThrow('does not exist')
  })
})

describe('a key that leads out of its bucket', () => {
  it.each(NO_KEYS)('%s is never found and cannot be written', async (key) => {
    expect((await send('GET', `/data/${key}`)).status).toBe(404)
    expect((await send('HEAD', `/data/${key}`)).status).toBe(404)
    expect((await send('PUT', `/data/${key}`, {}, 'changed')).status).toBe(501)
    expect((await send('POST', `/data/${key}?uploads`)).status).toBe(501)
    expect((await send('DELETE', `/data/${key}`)).status).toBe(204)
    expect(readFileSync(SECRET, 'utf8')).toBe('secret')
  })

  it('is no source of a copy and no target of one', async () => {
    await client.send(new PutObjectCommand({ Bucket: 'data', Key: 'from', Body: 'x' }))
    for (const key of NO_KEYS) {
      const source = { Bucket: 'data', Key: 'to', CopySource: `data/${key}` }
      await expect(client.send(new CopyObjectCommand(source))).rejects.toMatchObject({ name: 'NoSuchKey' })
      const copy = await send('PUT', `/data/${key}`, { 'x-amz-copy-source': 'data/from' })
      expect(copy.status).toBe(501)
    }
    expect(existsSync(homePaths(home).object('data', 'to'))).toBe(false)
    expect(readFileSync(SECRET, 'utf8')).toBe('secret')
  })

  it('deletes nothing, also among many', async () => {
    const Objects = NO_KEYS.map((key) => ({ Key: decodeURIComponent(key) }))
    await client.send(new DeleteObjectsCommand({ Bucket: 'data', Delete: { Objects } }))
    expect(readFileSync(SECRET, 'utf8')).toBe('secret')
  })

  it('lists nothing as a prefix', async () => {
    for (const prefix of ['../', '%2e%2e%2f', 'a/../../', './']) {
      const listed = await send('GET', `/data?list-type=2&prefix=${prefix}&delimiter=/`)
      expect(listed.status).toBe(200)
      expect(listed.body).not.toContain('secret')
    }
    expect(service.listObjects('data', '../')).toEqual([])
  })

  it('is refused to services that work on the files', () => {
    for (const key of NO_KEYS) {
      expect(() => service.filePath('data', decodeURIComponent(key))).toThrow('keeps objects as plain files')
    }
  })
})

it('an upload in parts has its files in a folder of its own, whatever it is called', async () => {
  const before = readdirSync(homePaths(home).s3Meta, { recursive: true }).length
  for (const id of ['..', '../../data', '%2e%2e']) {
    const part = await send('PUT', `/data/key?partNumber=1&uploadId=${id}`, {}, 'x')
    expect(part.body).toContain('NoSuchUpload')
  }
  expect(readdirSync(homePaths(home).s3Meta, { recursive: true })).toHaveLength(before)
})
