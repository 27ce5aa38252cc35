import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import { describe, expect, it } from 'vitest'
import { homePaths } from '../../home/paths.ts'
import { createSidecars, identityOf } from '../../s3/storage/sidecars.ts'
import { createTempFiles } from '../../s3/storage/temp-files.ts'
import { startS3, tempHome, type TestS3 } from '../support/start-s3.ts'

const head = (s3: TestS3, Key: string, Bucket = 'data') =>
  s3.client.send(new HeadObjectCommand({ Bucket, Key }))
const put = (s3: TestS3, Key: string, Body: string, generation: string) =>
  s3.client.send(new PutObjectCommand({ Bucket: 'data', Key, Body, Metadata: { generation } }))
const text = async (s3: TestS3, Key: string, Bucket = 'data') =>
  (await s3.client.send(new GetObjectCommand({ Bucket, Key }))).Body!.transformToString()
const keys = async (s3: TestS3, Bucket: string, Prefix = '') =>
  ((await s3.client.send(new ListObjectsV2Command({ Bucket, Prefix }))).Contents ?? []).map(({ Key }) => Key)

describe('a file that nobody put', () => {
  it('is an object whose ETag follows from its size and time', async () => {
    const s3 = await startS3()
    const path = homePaths(s3.home).object('data', 'dropped.jsonl')
    writeFileSync(path, '{}')
    utimesSync(path, 1_700_000_000, 1_700_000_000)
    const first = await head(s3, 'dropped.jsonl')
    expect(first.LastModified).toEqual(new Date(1_700_000_000_000))
    writeFileSync(path, '[]')
    const second = await head(s3, 'dropped.jsonl')
    expect(second.ETag).not.toBe(first.ETag)
    utimesSync(path, 1_700_000_000, 1_700_000_000)
    expect((await head(s3, 'dropped.jsonl')).ETag).toBe(first.ETag)
  })

  it('keeps its ETag when the folder is copied with its times', async () => {
    const s3 = await startS3()
    writeFileSync(homePaths(s3.home).object('data', 'dropped.jsonl'), '{}')
    const copy = tempHome()
    cpSync(s3.home, copy, { recursive: true, preserveTimestamps: true })
    const copied = await startS3(copy)
    expect((await head(copied, 'dropped.jsonl')).ETag).toBe((await head(s3, 'dropped.jsonl')).ETag)
  })

  it('that replaces an object by hand has nothing of it', async () => {
    const s3 = await startS3()
    const { ETag } = await put(s3, 'edited', 'before', '1')
    writeFileSync(homePaths(s3.home).object('data', 'edited'), 'after!')
    const found = await head(s3, 'edited')
    expect(found.ETag).not.toBe(ETag)
    expect(found.Metadata).toEqual({})
  })
})

describe('what is said about an object', () => {
  it('outlives the process', async () => {
    const s3 = await startS3()
    const { ETag } = await put(s3, 'manifest', 'bytes', '1')
    const again = await startS3(s3.home)
    expect(await head(again, 'manifest')).toMatchObject({ ETag, Metadata: { generation: '1' } })
  })

  it('is recognised in a copy of the folder, whatever its times', async () => {
    const s3 = await startS3()
    const { ETag } = await put(s3, 'deep/manifest', 'bytes', '1')
    const copy = tempHome()
    cpSync(s3.home, copy, { recursive: true })
    const copied = await startS3(copy)
    expect(await head(copied, 'deep/manifest')).toMatchObject({ ETag, Metadata: { generation: '1' } })
    await put(copied, 'deep/manifest', 'other bytes', '2')
    expect((await head(copied, 'deep/manifest')).Metadata).toEqual({ generation: '2' })
  })

  it('is that of the content in place, also when the writer died before the new one was put there', async () => {
    const s3 = await startS3()
    const { ETag } = await put(s3, 'manifest', 'first', '1')
    const path = homePaths(s3.home).object('data', 'manifest')
    // Do as commit does, up to the rename before which the process dies.
    const temp = createTempFiles(join(s3.home, 'other-temp'))
    const sidecars = createSidecars(homePaths(s3.home).s3Meta, temp.newFile)
    const old = sidecars.read('data', 'manifest', statSync(path), path)!
    const temporary = temp.newFile()
    writeFileSync(temporary, 'second')
    const next = { etag: 'next', crc32: 0, headers: { 'x-amz-meta-generation': '2' } }
    sidecars.write('data', 'manifest', [
      { ...old, file: identityOf(statSync(path)) },
      { ...next, file: identityOf(statSync(temporary)) },
    ])
    const killed = await startS3(s3.home)
    expect(await head(killed, 'manifest')).toMatchObject({ ETag, Metadata: { generation: '1' } })
    renameSync(temporary, path)
    expect(await head(killed, 'manifest')).toMatchObject({ ETag: '"next"', Metadata: { generation: '2' } })
    await put(killed, 'manifest', 'third', '3')
    expect((await head(killed, 'manifest')).Metadata).toEqual({ generation: '3' })
  })

  it('gives way where a killed writer left it without an object', async () => {
    const s3 = await startS3()
    mkdirSync(join(homePaths(s3.home).s3Meta, 'data/a/b'), { recursive: true })
    writeFileSync(join(homePaths(s3.home).s3Meta, 'data/a/b/c'), '[]')
    await put(s3, 'a/b', 'file', '1')
    expect((await head(s3, 'a/b')).Metadata).toEqual({ generation: '1' })
    writeFileSync(join(homePaths(s3.home).s3Meta, 'data/x'), '[]')
    await put(s3, 'x/y', 'file', '2')
    expect((await head(s3, 'x/y')).Metadata).toEqual({ generation: '2' })
  })
})

describe('temporary files', () => {
  it('of processes that are no more are removed, those of living ones are not', () => {
    const parent = join(tempHome(), 'temp')
    const dead = spawnSync(process.execPath, ['--version']).pid
    mkdirSync(join(parent, `${dead}-x`), { recursive: true })
    mkdirSync(join(parent, `${process.ppid}-x`))
    mkdirSync(join(parent, `${process.pid}-of-an-earlier-life`))
    const first = createTempFiles(parent)
    const second = createTempFiles(parent)
    const left = readdirSync(parent).map((name) => join(parent, name))
    expect(left.sort()).toEqual([join(parent, `${process.ppid}-x`), first.dir, second.dir].sort())
  })
})

describe('objects from before the start', () => {
  it('are reported older by as much as is asked for, later ones are not', async () => {
    const s3 = await startS3()
    const path = homePaths(s3.home).object('data', 'earlier')
    await put(s3, 'earlier', 'x', '1')
    const real = Math.floor(statSync(path).mtimeMs / 1000) * 1000
    const later = await startS3(s3.home, { ageEarlierObjectsSeconds: 7200 })
    const { ETag, LastModified } = await head(later, 'earlier')
    expect(Math.abs(LastModified!.getTime() - (real - 7_200_000))).toBeLessThanOrEqual(1000)
    expect(ETag).toBe((await head(s3, 'earlier')).ETag)
    await put(later, 'new', 'x', '1')
    const fresh = (await head(later, 'new')).LastModified!.getTime()
    expect(fresh).toBeGreaterThanOrEqual(real)
  })
})

describe('mounts', () => {
  const rawDay = (text: string) => {
    const dir = tempHome()
    mkdirSync(join(dir, '2024/01/01'), { recursive: true })
    writeFileSync(join(dir, '2024/01/01/a.jsonl'), text)
    return dir
  }

  it('show folders at prefixes, beside what is in the bucket', async () => {
    const jobs = rawDay('jobs')
    const clicks = rawDay('clicks')
    const s3 = await startS3(tempHome(), {
      mounts: [
        { bucket: 'raw', prefix: 'jobs', dir: jobs },
        { bucket: 'raw', prefix: 'events/clicks/', dir: clicks },
        { bucket: 'only-mounted', prefix: '', dir: jobs },
      ],
    })
    mkdirSync(homePaths(s3.home).object('raw', 'events/views'), { recursive: true })
    writeFileSync(homePaths(s3.home).object('raw', 'events/views/v'), '')
    expect(await keys(s3, 'raw')).toEqual([
      'events/clicks/2024/01/01/a.jsonl',
      'events/views/v',
      'jobs/2024/01/01/a.jsonl',
    ])
    expect(await keys(s3, 'raw', 'jobs/2024/01/')).toEqual(['jobs/2024/01/01/a.jsonl'])
    expect(await keys(s3, 'only-mounted')).toEqual(['2024/01/01/a.jsonl'])
    expect(await text(s3, 'jobs/2024/01/01/a.jsonl', 'raw')).toBe('jobs')
    expect(await text(s3, 'events/clicks/2024/01/01/a.jsonl', 'raw')).toBe('clicks')
    const listed = s3.service.listObjects('raw', 'jobs/')[0]!
    expect(`"${listed.etag}"`).toBe((await head(s3, 'jobs/2024/01/01/a.jsonl', 'raw')).ETag)
    expect(s3.service.filePath('raw', 'jobs/2024/01/01/a.jsonl')).toBe(join(jobs, '2024/01/01/a.jsonl'))
    expect(s3.service.filePath('raw', 'jobs/2024/')).toBe(join(jobs, '2024'))
    expect(existsSync(join(homePaths(s3.home).s3Meta, 'raw'))).toBe(false)
  })

  it('are read-only', async () => {
    const s3 = await startS3(tempHome(), { mounts: [{ bucket: 'raw', prefix: 'jobs', dir: rawDay('x') }] })
    const write = new PutObjectCommand({ Bucket: 'raw', Key: 'jobs/x', Body: 'x' })
    await expect(s3.client.send(write)).rejects.toMatchObject({ name: 'AccessDenied' })
    await s3.client.send(new PutObjectCommand({ Bucket: 'raw', Key: 'jobs2/x', Body: 'x' }))
  })

  it('follow links to files and folders, and leave out broken ones', async () => {
    const dir = rawDay('linked')
    const other = rawDay('other')
    symlinkSync(join(other, '2024/01/01'), join(dir, '2024/01/02'))
    symlinkSync(join(other, '2024/01/01/a.jsonl'), join(dir, '2024/01/01/b.jsonl'))
    symlinkSync(join(dir, 'nowhere'), join(dir, '2024/01/01/c.jsonl'))
    const s3 = await startS3(tempHome(), { mounts: [{ bucket: 'raw', prefix: '', dir }] })
    expect(await keys(s3, 'raw')).toEqual(['2024/01/01/a.jsonl', '2024/01/01/b.jsonl', '2024/01/02/a.jsonl'])
    expect(await text(s3, '2024/01/02/a.jsonl', 'raw')).toBe('other')
    rmSync(other, { recursive: true })
  })
})
