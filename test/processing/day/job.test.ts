import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Deployment } from '../../../core/deployment.ts'
import { inputsDigest, type RawObject } from '../../../core/manifest.ts'
import type { Progress } from '../../../core/messages.ts'
import { encodeWorkOrder, type WorkOrder } from '../../../core/work-order.ts'
import { decodeReport, type JobReport } from '../../../core/job-report.ts'
import { createFaults } from '@dayfold/local-aws/faults'
import { startS3 } from '@dayfold/local-aws/test-support/start-s3'
import { LIMITS, runDay } from '../../support/processing/day.ts'
import { useProgram } from '../../support/processing/program.ts'
import { metadataOf, readWithHyparquet } from '../../support/processing/read-parquet.ts'

const program = useProgram()
const faults = createFaults()
const local = await startS3(undefined, { faults })
const root = mkdtempSync(join(tmpdir(), 'dayfold-ml-'))
afterAll(() => rmSync(root, { recursive: true }))
let featureVersion = ''
beforeAll(() => {
  const deployment = JSON.parse(readFileSync(join(program.folder, 'datasets.json'), 'utf8')) as Deployment
  featureVersion = deployment.datasets.find(({ name }) => name === 'listings')!.featureVersion
})

const line = (id: string, n: number) => `${JSON.stringify({ id, title: null, n })}\n`
const OBJECTS: Record<string, string | Buffer> = {
  'listings/a.jsonl': line('a1', 1) + line('a2', 666),
  'listings/b.jsonl.gz': gzipSync(line('b1', 3) + line('b2', 13)),
  'listings/c.jsonl': Array.from({ length: 500 }, (_, index) => line(`c${index}`, 1000 + index)).join(''),
}

async function putRaw(): Promise<RawObject[]> {
  const inputs: RawObject[] = []
  for (const [Key, Body] of Object.entries(OBJECTS)) {
    const { ETag } = await local.client.send(new PutObjectCommand({ Bucket: 'raw', Key, Body }))
    inputs.push({ key: Key, etag: ETag!.replaceAll('"', ''), size: Buffer.byteLength(Body) })
  }
  return inputs
}

async function get(key: string): Promise<Buffer> {
  const { Body } = await local.client.send(new GetObjectCommand({ Bucket: 'data', Key: key }))
  return Buffer.from(await Body!.transformToByteArray())
}

/** Stages a work order under the name of its attempt. */
async function putOrder(attempt: string, overrides: Partial<WorkOrder>): Promise<string> {
  const order: WorkOrder = {
    kind: 'rebuild',
    dataset: 'listings',
    date: '2024-01-31',
    execution: { arn: 'arn', name: 'run' },
    attempt,
    why: 'asked for',
    featureVersion,
    generation: 3,
    base: 2,
    rawBucket: 'raw',
    dataBucket: 'data',
    staging: `staging/listings/day_partition=2024-01-31/${attempt}/`,
    inputs: [],
    parts: [],
    limits: LIMITS,
    progressKey: `runs/run/progress/listings/${attempt}.json`,
    startedAt: '2024-02-01T00:00:00.000Z',
    ...overrides,
  }
  const Key = `runs/run/orders/${attempt}.json.gz`
  await local.client.send(new PutObjectCommand({ Bucket: 'data', Key, Body: encodeWorkOrder(order) }))
  return Key
}

const ENVIRONMENT = { AWS_REGION: 'us-east-1', DATA_BUCKET: 'data' }

function start(args: readonly string[], environment: Record<string, string> = ENVIRONMENT) {
  return spawn(process.execPath, [join(program.folder, 'main.mjs'), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      AWS_ENDPOINT_URL: local.url,
      AWS_ACCESS_KEY_ID: 'JOB',
      AWS_SECRET_ACCESS_KEY: 'secret',
      DAYFOLD_ML_ROOT: root,
      ...environment,
    },
  })
}

/** Runs the bundled program to its end. */
async function run(args: readonly string[], environment?: Record<string, string>) {
  rmSync(join(root, 'output'), { recursive: true, force: true })
  const child = start(args, environment)
  let log = ''
  child.stdout.on('data', (text: Buffer) => (log += text.toString()))
  const [code] = (await once(child, 'close')) as [number | null]
  const file = join(root, 'output/message')
  return { code, log, message: existsSync(file) ? readFileSync(file, 'utf8') : undefined }
}

const argsOf = (order: string, version = featureVersion) => [
  '--work-order',
  order,
  '--feature-version',
  version,
]

async function reportOf(attempt: string): Promise<JobReport> {
  const key = `staging/listings/day_partition=2024-01-31/${attempt}/report.json.gz`
  return decodeReport(await get(key), key)
}

test('the program stages parts, rejects and a report that adds up', async () => {
  const inputs = await putRaw()
  const result = await run(argsOf(await putOrder('one', { inputs })))
  expect(result).toMatchObject({ code: 0, message: undefined })
  const report = await reportOf('one')
  expect(report).toMatchObject({ kind: 'rebuild', attempt: 'one', featureVersion, reencodedValues: 0 })
  expect(inputsDigest(report.inputs)).toBe(inputsDigest(inputs))
  expect(report.totals).toMatchObject({
    files: 3,
    records: 504,
    kept: 502,
    dropped: 1,
    rejected: 1,
    rows: 502,
    parts: 1,
  })
  expect(report.parts[0]!.key).toBe(
    'staging/listings/day_partition=2024-01-31/one/parts/part-00003-one-00000.parquet',
  )
  const bytes = await get(report.parts[0]!.key)
  expect(bytes.length).toBe(report.parts[0]!.bytes)
  expect(await readWithHyparquet([bytes])).toHaveLength(502)
  const rejects = gunzipSync(await get(report.rejects[0]!.key)).toString()
  expect(JSON.parse(rejects)).toMatchObject({ source: 'listings/a.jsonl', line: 2, reason: 'extract-error' })
  const first = { source: 'listings/a.jsonl', line: 2 }
  expect(report.rejectedFor).toMatchObject([{ reason: 'extract-error', records: 1, first }])
  const progress = JSON.parse((await get('runs/run/progress/listings/one.json')).toString()) as Progress
  expect(progress).toMatchObject({
    phase: 'done',
    files: { done: 3, total: 3 },
    records: 504,
    rows: 502,
    rejected: 1,
  })
  expect(progress.bytes.done).toBe(progress.bytes.total)
  expect(
    result.log
      .trimEnd()
      .split('\n')
      .map((text) => (JSON.parse(text) as { message: string }).message),
  ).toContain('staged')
})

test('a consolidation makes one part of many and copies every value', async () => {
  const limits = { ...LIMITS, partRows: 100, rowGroupRows: 50 }
  const day = await runDay(program.workerUrl, 'listings', OBJECTS, { limits, shardBytes: 3000 })
  const parts = []
  for (const { name, rows, bytes } of day.parts) {
    const key = `processed/listings/day_partition=2024-01-31/${name}`
    await local.client.send(
      new PutObjectCommand({ Bucket: 'data', Key: key, Body: day.files.get(`parts/${name}`) }),
    )
    parts.push({ key, rows, bytes })
  }
  expect(parts.length).toBeGreaterThan(4)
  expect(await run(argsOf(await putOrder('merge', { kind: 'consolidate', parts })))).toMatchObject({
    code: 0,
  })
  const report = await reportOf('merge')
  expect(report).toMatchObject({ kind: 'consolidate', inputs: [], encodedValues: 0, reencodedValues: 0 })
  expect(report.totals).toMatchObject({ rows: 502, parts: 1 })
  const merged = await get(report.parts[0]!.key)
  expect(await readWithHyparquet([merged])).toEqual(await readWithHyparquet(day.parquet))
  expect(metadataOf(merged).row_groups).toHaveLength(1)
})

test('a failure leaves its reason where Processing looks for it', async () => {
  const inputs = await putRaw()
  const changed = inputs.map((input) => ({ ...input, etag: '0123' }))
  const result = await run(argsOf(await putOrder('changed', { inputs: changed })))
  expect(result.code).toBe(1)
  expect(result.message).toMatch(/^RawObjectChanged: listings\/a\.jsonl: expected the object that was listed/)
  const { Contents } = await local.client.send(
    new ListObjectsV2Command({ Bucket: 'data', Prefix: 'staging/' }),
  )
  expect(Contents!.filter(({ Key }) => Key!.includes('/changed/'))).toEqual([])
})

test('feature code of another version is refused', async () => {
  const result = await run(argsOf(await putOrder('version', { inputs: await putRaw() }), 'another'))
  expect(result.code).toBe(1)
  expect(result.message).toMatch(
    /^FeatureVersionMismatch: Dataset "listings": expected feature code another, .* found [0-9a-f]{16} in the image/,
  )
})

test.each([
  [['--work-order', 'x'], ENVIRONMENT, /^InvalidInput: Arguments: expected --work-order/],
  [
    ['--work-order', 'x', '--feature-version', 'y'],
    { AWS_REGION: 'us-east-1' },
    /^InvalidConfiguration: Environment of the job's container: expected AWS_REGION, DATA_BUCKET, found no DATA_BUCKET/,
  ],
  [['--no', 'x'], ENVIRONMENT, /--no/],
  [[], {}, /^InvalidConfiguration: Environment of the job's container: expected AWS_REGION/],
])('bad arguments %j are explained', async (args, environment, message) => {
  const result = await run(args, environment)
  expect(result.code).toBe(1)
  expect(result.message).toMatch(message)
})

test.each(['0', '2'])('with %s threads that read, parts and rejects have the same bytes', async (threads) => {
  const inputs = await putRaw()
  const attempt = `same${threads}`
  const environment = { ...ENVIRONMENT, DAYFOLD_READERS: threads }
  expect(await run(argsOf(await putOrder(attempt, { inputs })), environment)).toMatchObject({ code: 0 })
  const report = await reportOf(attempt)
  const day = await runDay(program.workerUrl, 'listings', OBJECTS)
  const written = await Promise.all([...report.parts, ...report.rejects].map(({ key }) => get(key)))
  expect(written).toEqual([...day.files.values()])
  expect(report.inputs.map(({ key, bytes }) => [key, bytes])).toEqual(
    day.inputs.map(({ key, bytes }) => [key, bytes]),
  )
})

test.each([
  ['SIGINT', 130, '0'],
  ['SIGTERM', 143, '0'],
  ['SIGTERM', 143, '2'],
] as const)('%s stops the program, and nothing is left but staging', async (signal, code, threads) => {
  const attempt = `${signal}${threads}`
  const key = `listings/${attempt}.jsonl`
  faults.add({ operation: 'GetObject', key, fault: { kind: 'delay', milliseconds: 60_000 } })
  const inputs = [...(await putRaw()), { key, etag: 'e', size: 1 }]
  const environment = { ...ENVIRONMENT, DAYFOLD_READERS: threads }
  const child = start(argsOf(await putOrder(attempt, { inputs })), environment)
  const [first] = (await once(child.stdout, 'data')) as [Buffer]
  expect(first.toString()).toContain('"progress"')
  child.kill(signal)
  const [found] = (await once(child, 'close')) as [number]
  expect(found).toBe(code)
  expect(readFileSync(join(root, 'output/message'), 'utf8')).toMatch(`The job was stopped by ${signal}`)
})

test('what a setup throws is told by class and place, and in full where a file of this machine is named for it', async () => {
  const inputs = await putRaw()
  const deployment = JSON.parse(readFileSync(join(program.folder, 'datasets.json'), 'utf8')) as Deployment
  const { featureVersion: version } = deployment.datasets.find(({ name }) => name === 'unready')!
  const order = await putOrder('unready', { dataset: 'unready', featureVersion: version, inputs })
  const printed = join(root, 'printed.log')
  const result = await run(argsOf(order, version), { ...ENVIRONMENT, DAYFOLD_PRINTED_TO: printed })
  expect(result.message).toMatch(
    /^InvalidDataset: Dataset "unready": setup failed: Error at registry\.ts:\d+:\d+$/,
  )
  expect(result.log).not.toContain('the model is not there')
  expect(result.log).toMatch(/"message":"printed","lines":\d+/)
  expect(readFileSync(printed, 'utf8')).toContain('the model is not there')
})
