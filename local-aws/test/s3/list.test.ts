import { mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  ListObjectsV2Command,
  paginateListObjectsV2,
  PutObjectCommand,
  type ListObjectsV2CommandInput,
} from '@aws-sdk/client-s3'
import { describe, expect, it } from 'vitest'
import { homePaths } from '../../home/paths.ts'
import { startS3 } from '../support/start-s3.ts'

const { client, home, service } = await startS3()

function drop(bucket: string, key: string, text = key): string {
  const path = homePaths(home).object(bucket, key)
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, text)
  return path
}
const list = (input: Omit<ListObjectsV2CommandInput, 'Bucket'> & { Bucket?: string }) =>
  client.send(new ListObjectsV2Command({ Bucket: 'data', ...input }))
async function allKeys(input: Omit<ListObjectsV2CommandInput, 'Bucket'> & { Bucket?: string }) {
  const keys: string[] = []
  for await (const page of paginateListObjectsV2({ client }, { Bucket: 'data', ...input })) {
    keys.push(...(page.Contents ?? []).map((object) => object.Key!))
    keys.push(...(page.CommonPrefixes ?? []).map((prefix) => prefix.Prefix!))
  }
  return keys
}

describe('a listing', () => {
  it('is in the order of UTF-8 bytes over whole keys', async () => {
    const keys = [
      'o/a',
      'o/a-b',
      'o/a.b',
      'o/a0',
      'o/b/c',
      'o/b-',
      'o/b0',
      'o/～',
      'o/😀',
      'o/é',
      'o/Z',
      'o/z/😀',
      'o/z/～',
    ]
    for (const key of keys) drop('data', key)
    const sorted = [...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    expect(sorted.indexOf('o/～')).toBeLessThan(sorted.indexOf('o/😀'))
    expect(await allKeys({ Prefix: 'o/' })).toEqual(sorted)
    for (const MaxKeys of [1, 2, 5]) expect(await allKeys({ Prefix: 'o/', MaxKeys })).toEqual(sorted)
    for (const [index, key] of sorted.entries()) {
      expect(await allKeys({ Prefix: 'o/', StartAfter: key })).toEqual(sorted.slice(index + 1))
    }
  })

  it('holds size, ETag and time of each object', async () => {
    const { ETag } = await client.send(
      new PutObjectCommand({ Bucket: 'data', Key: 'one/object', Body: 'four' }),
    )
    const page = await list({ Prefix: 'one/' })
    expect(page).toMatchObject({
      KeyCount: 1,
      IsTruncated: false,
      Name: 'data',
      Prefix: 'one/',
      MaxKeys: 1000,
    })
    expect(page.Contents).toMatchObject([{ Key: 'one/object', Size: 4, ETag, StorageClass: 'STANDARD' }])
    expect(page.Contents![0]!.LastModified).toBeInstanceOf(Date)
  })

  it('takes a prefix that ends within a name', async () => {
    for (const key of ['p/ab', 'p/abc/d', 'p/ac', 'p/b']) drop('data', key)
    expect(await allKeys({ Prefix: 'p/a' })).toEqual(['p/ab', 'p/abc/d', 'p/ac'])
    expect(await allKeys({ Prefix: 'p/abc' })).toEqual(['p/abc/d'])
    expect(await allKeys({ Prefix: 'p/abc/d' })).toEqual(['p/abc/d'])
    expect(await allKeys({ Prefix: 'p/x' })).toEqual([])
    expect(await allKeys({ Prefix: 'p/ab/' })).toEqual([])
    expect(await allKeys({ Prefix: '../' })).toEqual([])
  })

  it('with a delimiter shows folders once, and no empty ones', async () => {
    for (const key of ['d/1/a', 'd/1/b', 'd/2/x/y', 'd/3', 'd/3-']) drop('data', key)
    mkdirSync(homePaths(home).object('data', 'd/empty/deeper'), { recursive: true })
    const page = await list({ Prefix: 'd/', Delimiter: '/' })
    expect(page.CommonPrefixes).toEqual([{ Prefix: 'd/1/' }, { Prefix: 'd/2/' }])
    expect(page.Contents!.map((object) => object.Key)).toEqual(['d/3', 'd/3-'])
    expect(page.KeyCount).toBe(4)
    expect(await allKeys({ Prefix: 'd/', Delimiter: '/', MaxKeys: 1 })).toEqual([
      'd/1/',
      'd/2/',
      'd/3',
      'd/3-',
    ])
    expect(await allKeys({ Prefix: 'd/', Delimiter: '/', StartAfter: 'd/1/a' })).toEqual([
      'd/3',
      'd/3-',
      'd/1/',
      'd/2/',
    ])
    expect(await allKeys({ Prefix: 'd/', Delimiter: '/', StartAfter: 'd/1/b' })).toEqual([
      'd/3',
      'd/3-',
      'd/2/',
    ])
  })

  it('brings unusual keys through, encoded or not', async () => {
    const keys = ['u/\tline\nreturn\r.', 'u/&<>\'"+%20 ', 'u/日本語😀'].sort()
    for (const key of keys) drop('data', key)
    expect(await allKeys({ Prefix: 'u/' })).toEqual(keys)
    const encoded = await list({ Prefix: 'u/', EncodingType: 'url' })
    expect(encoded.Contents!.map((object) => decodeURIComponent(object.Key!))).toEqual(keys)
    expect(encoded.EncodingType).toBe('url')
  })

  it('of 2,500 files takes three pages, and a page does not repeat when files come and go', async () => {
    const names = Array.from({ length: 2500 }, (_, index) => `many/${String(index).padStart(5, '0')}.jsonl`)
    for (const name of names) drop('raw', name, '')
    utimesSync(homePaths(home).object('raw', 'many'), 1_700_000_000, 1_700_000_000)
    const first = await list({ Bucket: 'raw', Prefix: 'many/' })
    expect(first).toMatchObject({ KeyCount: 1000, IsTruncated: true })
    drop('raw', 'many/00000a.jsonl', '')
    drop('raw', 'many/02400a.jsonl', '')
    const rest: string[] = []
    let token = first.NextContinuationToken
    while (token) {
      const page = await list({ Bucket: 'raw', Prefix: 'many/', ContinuationToken: token })
      rest.push(...page.Contents!.map((object) => object.Key!))
      token = page.NextContinuationToken
    }
    expect(rest).toEqual([...names.slice(1000), 'many/02400a.jsonl'].sort())
    expect(service.listObjects('raw', 'many/')).toHaveLength(2502)
  })

  it('refuses a token that is none', async () => {
    await expect(list({ ContinuationToken: 'not a token' })).rejects.toMatchObject({
      name: 'InvalidArgument',
    })
  })

  it('shows no temporary file and nothing but files', async () => {
    drop('data', 't/a')
    mkdirSync(homePaths(home).object('data', 't/folder'))
    expect(await allKeys({ Prefix: 't/' })).toEqual(['t/a'])
  })
})

describe('a listing of what is not there', () => {
  const keyOf = (index: number) => `day/${String(index).padStart(4, '0')} é`

  it('shows it in pages, after a key and below a prefix', async () => {
    const asked: string[] = []
    const { client } = await startS3(undefined, {
      listings: {
        *raw(prefix, after) {
          asked.push(prefix)
          for (let index = 0; index < 2500; index++) {
            const key = keyOf(index)
            if (key > after) yield { key, size: index, etag: 'e', lastModified: 0, meta: undefined }
          }
        },
      },
    })
    const found: { Key?: string | undefined; Size?: number | undefined }[] = []
    for await (const page of paginateListObjectsV2({ client }, { Bucket: 'raw', Prefix: 'day/' }))
      found.push(...(page.Contents ?? []))
    expect(found.map(({ Key }) => Key)).toEqual(Array.from({ length: 2500 }, (_, index) => keyOf(index)))
    expect(found[2499]).toMatchObject({ Size: 2499, ETag: '"e"', StorageClass: 'STANDARD' })
    expect(new Set(asked)).toEqual(new Set(['day/']))
    const rest = await client.send(new ListObjectsV2Command({ Bucket: 'raw', StartAfter: keyOf(2497) }))
    expect(rest.Contents).toHaveLength(2)
  })
})
