import type { ServerResponse } from 'node:http'
import { pathToFileURL } from 'node:url'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import { expect, onTestFinished, test } from 'vitest'
import { startS3 } from '@dayfold/local-aws/test-support/start-s3'
import type { RawObject } from '../../../core/manifest.ts'
import { readHere, type Reader, type Stretch } from '../../../processing/read/reader.ts'
import { failureOf } from '../../../processing/day/failure.ts'
import { openSource, type ReaderProgram } from '../../../processing/day/open-source.ts'
import { s3Client } from '../../../processing/s3/client.ts'
import { rateMemory } from '../../../processing/s3/adaptive-rate.ts'
import { s3Source } from '../../../processing/s3/s3-source.ts'
import { readerThreads, type ReaderThreadsOptions } from '../../../processing/workers/reader-threads.ts'
import { runDay } from '../../support/processing/day.ts'
import { useProgram } from '../../support/processing/program.ts'
import { serve, serveReads, SLOW_DOWN } from '../../support/processing/serve.ts'

const program = useProgram()
const readerUrl = pathToFileURL(join(program.folder, 'reader.mjs'))
const CREDENTIALS = { accessKeyId: 'TEST', secretAccessKey: 'secret' }
const credentials = () => Promise.resolve(CREDENTIALS)
const local = await startS3()

type Overrides = Partial<ReaderThreadsOptions> & {
  readonly endpoint?: string
  readonly retrySeconds?: number
}

function startThreads({ endpoint = local.url, retrySeconds, ...options }: Overrides = {}) {
  const settings = { region: 'us-east-1', endpoint, bucket: 'raw', retrySeconds, rate: rateMemory() }
  const reader = readerThreads({ threads: 2, readerUrl, settings, credentials, ...options })
  onTestFinished(() => reader.close())
  return reader
}

async function put(objects: Readonly<Record<string, string | Buffer>>): Promise<RawObject[]> {
  const inputs: RawObject[] = []
  for (const key of Object.keys(objects).sort()) {
    const Body = objects[key]!
    const { ETag } = await local.client.send(new PutObjectCommand({ Bucket: 'raw', Key: key, Body }))
    inputs.push({ key, etag: ETag!.replaceAll('"', ''), size: Buffer.byteLength(Body) })
  }
  return inputs
}

const BODY = Buffer.from('{"a":1}\n')
const stretchOf = (key: string): Stretch => ({
  object: { key, etag: 'e', size: BODY.length },
  ...{ start: 0, bytes: BODY.length, at: 0 },
})
const bufferOf = (bytes: number) => new SharedArrayBuffer(bytes)

const lines = (name: string, count: number) =>
  Array.from({ length: count }, (_, n) => `${JSON.stringify({ id: `${name}${n}`, title: null, n })}\n`).join(
    '',
  )

test('a day is the same as in the thread that orders, whatever it is made of and however many threads read', async () => {
  const objects = {
    'a.jsonl': lines('a', 50),
    'b-large.jsonl': `${lines('b', 700)}${JSON.stringify({ id: 'b', title: 'x'.repeat(9000), n: 1 })}\n${lines('c', 3)}`,
    'c.jsonl.gz': gzipSync(lines('c', 20)),
    'd-large.jsonl.gz': Buffer.concat([gzipSync(lines('d', 1500), { level: 1 }), gzipSync(lines('e', 1500))]),
    'e-broken.jsonl.gz': gzipSync(lines('f', 1500), { level: 1 }).subarray(0, -400),
    'f.jsonl': `${lines('g', 1)}no record\n`,
    'g.jsonl': '',
    'h.jsonl': lines('h', 2),
    'ha-plain.jsonl.gz': lines('plain', 400),
  }
  const listed = await put(objects)
  const gone = { key: 'i-gone.jsonl', etag: 'e', size: 5 }
  const inputs = listed.map((input) => (input.key === 'h.jsonl' ? { ...input, etag: 'other' } : input))
  const s3 = s3Client({ region: 'us-east-1', endpoint: local.url, credentials })
  onTestFinished(() => s3.close())
  const options = { inputs: [...inputs, gone], unreadable: 'skip', shardBytes: 4000, workers: 2 } as const
  const here = await runDay(program.workerUrl, 'listings', {}, { ...options, source: s3Source(s3, 'raw') })
  expect(here.inputs.filter(({ unread }) => unread !== undefined).map(({ key }) => key)).toEqual([
    'e-broken.jsonl.gz',
    'h.jsonl',
    'i-gone.jsonl',
  ])
  for (const threads of [1, 3]) {
    const source = startThreads({ threads })
    const there = await runDay(program.workerUrl, 'listings', {}, { ...options, source })
    expect(there.files).toEqual(here.files)
    expect(there.inputs).toEqual(here.inputs)
  }
  await expect(
    runDay(program.workerUrl, 'listings', {}, { ...options, unreadable: 'fail', source: startThreads() }),
  ).rejects.toMatchObject({ code: 'RawObjectChanged', context: { key: 'h.jsonl', etag: 'other' } })
})

test('threads share what they learn of the rate that S3 allows', async () => {
  const { endpoint, counts } = await serveReads(300, BODY)
  const reader = startThreads({ endpoint, threads: 4 })
  const reads = Array.from({ length: 60 }, (_, read) => {
    const stretches = Array.from({ length: 15 }, (_, index) => stretchOf(`${read}-${index}`))
    return reader.fill(stretches, bufferOf(BODY.length))
  })
  expect((await Promise.all(reads)).flat()).toEqual([])
  expect(counts.served).toBe(900)
  expect(counts.refused).toBeLessThan(2 * counts.served)
}, 60_000)

test('an error names its object across threads, and its message is our own', async () => {
  const throttled = await serve((_, response) => void response.writeHead(503).end(SLOW_DOWN))
  const reading = startThreads({ endpoint: throttled, retrySeconds: 0.2 }).fill(
    [stretchOf('a.jsonl')],
    bufferOf(8),
  )
  await expect(reading).rejects.toMatchObject({
    code: 'S3Throttled',
    context: { object: 's3://raw/a.jsonl', status: 503 },
  })
  const silent = await serve((_, response) => void response.destroy())
  const cut = startThreads({ endpoint: silent, retrySeconds: 0.2 }).fill([stretchOf('b.jsonl')], bufferOf(8))
  const error: unknown = await cut.catch((caught: unknown) => caught)
  expect(failureOf(error).message).toMatch(/^b\.jsonl: /)
})

test('threads sign with the credentials of the thread that orders, and fail with what it fails with', async () => {
  const signers = new Set<string | undefined>()
  const endpoint = await serve(({ headers }, response) => {
    signers.add(/Credential=(\w+)/.exec(headers.authorization ?? '')?.[1])
    response.writeHead(200, { 'content-length': BODY.length }).end(BODY)
  })
  let asked = 0
  const counting = () => Promise.resolve({ accessKeyId: `KEY${++asked}`, secretAccessKey: 'secret' })
  const reader = startThreads({ endpoint, threads: 1, credentials: counting })
  const stretches = Array.from({ length: 20 }, (_, index) => stretchOf(`${index}`))
  expect(await reader.fill(stretches, bufferOf(BODY.length))).toEqual([])
  expect([...signers]).toEqual(['KEY1'])
  expect(asked).toBe(1)
  const none = startThreads({ credentials: () => Promise.reject(new Error('no role')) })
  await expect(none.fill([stretchOf('a.jsonl')], bufferOf(8))).rejects.toThrow('no role')
})

test('hundreds of small objects are asked for at once', async () => {
  const waiting: ServerResponse[] = []
  const endpoint = await serve((_, response) => {
    waiting.push(response)
    // No request is answered before 250 have arrived.
    if (waiting.length < 250) return
    for (const asked of waiting) {
      if (!asked.writableEnded) asked.writeHead(200, { 'content-length': BODY.length }).end(BODY)
    }
  })
  const s3 = s3Client({ region: 'us-east-1', endpoint, credentials })
  onTestFinished(() => s3.close())
  const settings = { region: 'us-east-1', endpoint }
  const readers: ReaderProgram = { url: readerUrl, settings, credentials, threads: 2 }
  const opened = openSource({ rawBucket: 'raw', inputs: [] }, { s3, readers, workers: 2 })
  onTestFinished(() => opened.close())
  const reader = opened.source as Reader
  const reads = Array.from({ length: 10 }, (_, read) => {
    const stretches = Array.from({ length: 25 }, (_, index) => stretchOf(`${read}-${index}`))
    return reader.fill(stretches, bufferOf(BODY.length))
  })
  expect((await Promise.all(reads)).flat()).toEqual([])
})

test('once the job is told to stop, no read is waited for', async () => {
  let onAsked = () => {}
  const asked = new Promise<void>((resolve) => (onAsked = resolve))
  const endpoint = await serve(() => onAsked())
  const stop = new AbortController()
  const reader = startThreads({ endpoint, signal: stop.signal })
  const reading = reader.fill([stretchOf('a.jsonl')], bufferOf(8))
  await asked
  stop.abort(new Error('stopped'))
  await expect(reading).rejects.toThrow('stopped')
  await expect(reader.fill([stretchOf('b.jsonl')], bufferOf(8))).rejects.toThrow('stopped')
})

test('a thread that ends fails the reads that it owes, and those to come', async () => {
  const ending = new URL(`data:text/javascript,setTimeout(() => process.exit(3), 50)`)
  const reader = startThreads({ readerUrl: ending })
  const reading = reader.fill([stretchOf('a.jsonl')], bufferOf(8))
  await expect(reading).rejects.toMatchObject({
    code: 'JobFailed',
    message: expect.stringContaining('code 3') as string,
  })
  await expect(reader.fill([stretchOf('b.jsonl')], bufferOf(8))).rejects.toMatchObject({ code: 'JobFailed' })
})

test('a small day is read in the thread that orders, a large one in threads', async () => {
  const s3 = s3Client({ region: 'us-east-1', endpoint: local.url, credentials })
  onTestFinished(() => s3.close())
  const readers: ReaderProgram = {
    url: readerUrl,
    settings: { region: 'us-east-1', endpoint: local.url },
    credentials,
  }
  const opened = (size: number) =>
    openSource({ rawBucket: 'raw', inputs: [{ key: 'a', etag: 'e', size }] }, { s3, readers, workers: 2 })
  for (const [size, isThreaded] of [
    [1e6, false],
    [1e9, true],
  ] as const) {
    const opening = opened(size)
    expect('fill' in opening.source).toBe(isThreaded)
    await opening.close()
  }
})

test('what a source gives at once is there, and what it does not have is told by its place', async () => {
  const reader = readHere({
    read: (_, start, target) => void target.fill(start),
  })
  const buffer = bufferOf(10)
  const object = { key: 'a', etag: 'e', size: 100 }
  const stretches = [
    { object, start: 7, bytes: 2, at: 1 },
    { object, start: 9, bytes: 3, at: 5 },
  ]
  expect(await reader.fill(stretches, buffer)).toEqual([])
  expect([...new Uint8Array(buffer)]).toEqual([0, 7, 7, 0, 0, 9, 9, 9, 0, 0])
})
