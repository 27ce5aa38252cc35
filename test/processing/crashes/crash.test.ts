import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import { afterAll, expect, test } from 'vitest'
import { deployedDataset, type Deployment } from '../../../core/deployment.ts'
import type { RawObject } from '../../../core/manifest.ts'
import { encodeWorkOrder, type WorkOrder } from '../../../core/work-order.ts'
import { createFaults } from '@dayfold/local-aws/faults'
import { startS3 } from '@dayfold/local-aws/test-support/start-s3'
import { LIMITS } from '../../support/processing/day.ts'
import { useProgram } from '../../support/processing/program.ts'
import { readWithHyparquet } from '../../support/processing/read-parquet.ts'

const program = useProgram()
const faults = createFaults()
const local = await startS3(undefined, { faults })
const root = mkdtempSync(join(tmpdir(), 'dayfold-crash-'))
afterAll(() => rmSync(root, { recursive: true }))

type Line = { id: number; signal?: string; marker?: string }

/** Starts the program on a day of objects. */
async function start(attempt: string, objects: Readonly<Record<string, readonly Line[]>>) {
  const inputs: RawObject[] = []
  for (const [name, lines] of Object.entries(objects)) {
    const [Key, Body] = [
      `crashing/${attempt}/${name}`,
      lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
    ]
    const { ETag } = await local.client.send(new PutObjectCommand({ Bucket: 'raw', Key, Body }))
    inputs.push({ key: Key, etag: ETag!.replaceAll('"', ''), size: Buffer.byteLength(Body) })
  }
  const deployment = JSON.parse(readFileSync(join(program.folder, 'datasets.json'), 'utf8')) as Deployment
  const { featureVersion } = deployedDataset(deployment, 'crashing')
  const order: WorkOrder = {
    kind: 'rebuild',
    dataset: 'crashing',
    date: '2024-01-31',
    execution: { arn: 'arn', name: 'run' },
    attempt,
    why: 'asked for',
    featureVersion,
    generation: 1,
    base: 0,
    rawBucket: 'raw',
    dataBucket: 'data',
    staging: `staging/${attempt}/`,
    inputs,
    parts: [],
    limits: LIMITS,
    progressKey: `progress/${attempt}.json`,
    startedAt: '2024-02-01T00:00:00.000Z',
  }
  const Key = `orders/${attempt}.json.gz`
  await local.client.send(new PutObjectCommand({ Bucket: 'data', Key, Body: encodeWorkOrder(order) }))
  const args = ['--work-order', Key, '--feature-version', featureVersion]
  const temporary = mkdtempSync(join(root, 'tmp-'))
  const child = spawn(process.execPath, [join(program.folder, 'main.mjs'), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      AWS_REGION: 'us-east-1',
      DATA_BUCKET: 'data',
      AWS_ENDPOINT_URL: local.url,
      AWS_ACCESS_KEY_ID: 'JOB',
      AWS_SECRET_ACCESS_KEY: 'secret',
      DAYFOLD_ML_ROOT: join(root, attempt),
      TMPDIR: temporary,
    },
  })
  return { child, temporary }
}

/** Runs the program to its end. */
async function run(attempt: string, objects: Readonly<Record<string, readonly Line[]>>) {
  const { child, temporary } = await start(attempt, objects)
  let log = ''
  child.stdout.on('data', (text: Buffer) => (log += text.toString()))
  const [code] = (await once(child, 'close')) as [number | null]
  const file = join(root, attempt, 'output/message')
  return {
    code,
    crashes: log.split('\n').filter((line) => line.includes('"crashed"')).length,
    message: existsSync(file) ? readFileSync(file, 'utf8') : undefined,
    left: readdirSync(temporary),
  }
}

test.each(['SIGSEGV', 'SIGABRT', 'SIGKILL'])(
  'a record that ends the process by %s twice fails the job with its place',
  async (signal) => {
    const objects = {
      'a.jsonl': [{ id: 1 }],
      'b.jsonl': [{ id: 2 }, { id: 3, signal }],
      'c.jsonl': [{ id: 4 }],
    }
    expect(await run(signal, objects)).toEqual({
      code: 1,
      crashes: 2,
      message: expect.stringContaining(
        `crashing/${signal}/b.jsonl near line 2: expected the process to survive it, ` +
          `found that 2 were ended (${signal}, ${signal})`,
      ) as string,
      left: [],
    })
  },
)

test('a process that crashes once is followed by one that does the work', async () => {
  const marker = join(root, 'marker')
  const result = await run('once', {
    'a.jsonl': [{ id: 1 }],
    'b.jsonl': [{ id: 2, signal: 'SIGSEGV', marker }, { id: 3 }],
  })
  expect(result).toEqual({ code: 0, crashes: 1, message: undefined, left: [] })
  const folder = join(local.home, 's3/data/staging/once/parts')
  const parts = readdirSync(folder).map((name) => readFileSync(join(folder, name)))
  expect(await readWithHyparquet(parts)).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }])
})

test('the job ends when its supervisor is killed', async () => {
  faults.add({
    operation: 'GetObject',
    key: 'crashing/orphan/a.jsonl',
    fault: { kind: 'delay', milliseconds: 60_000 },
  })
  const { child } = await start('orphan', { 'a.jsonl': [{ id: 1 }] })
  await once(child.stdout, 'data')
  child.kill('SIGKILL')
  // The output closes once the job, which holds its other end, has ended.
  await once(child, 'close')
  expect(child.signalCode).toBe('SIGKILL')
})
