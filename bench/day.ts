import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { S3Client, paginateListObjectsV2 } from '@aws-sdk/client-s3'
import { deployedDataset, DEPLOYMENT_FILE, type Deployment } from '../core/deployment.ts'
import { DEFAULT_FILE_LIMITS } from '../core/file-limits.ts'
import { reportKey } from '../core/layout.ts'
import type { RawObject } from '../core/manifest.ts'
import { encodeWorkOrder, type WorkOrder } from '../core/work-order.ts'
import { decodeReport } from '../core/job-report.ts'
import { s3Client } from '../processing/s3/client.ts'
import { buildPrograms } from './build.ts'
import { generateDay } from '../test/support/generated/generate.ts'
import { measure } from './measure.ts'
import { OUT } from './options.ts'
import { runEngine } from './programs.ts'

export interface DayOptions {
  readonly records: number
  readonly files: number
  readonly workers: number
  readonly say: (line: string) => void
}

/** A day that was processed once. */
export interface DayRun {
  readonly source: 'files' | 's3'
  readonly wallSeconds: number
  readonly peakBytes: number
  readonly records: number
  readonly rows: number
  readonly rejected: number
  readonly rawBytes: number
  readonly bytes: number
  readonly parts: number
  readonly recordsPerSecond: number
  readonly phaseSeconds: Readonly<Record<string, number>>
}

const DATASET = 'listings'
const CREDENTIALS = { accessKeyId: 'BENCH', secretAccessKey: 'secret' }

/** The seed's day: through the container's program from the local S3, and through the engine from the file tree. */
export async function runDay({ records, files, workers, say }: DayOptions): Promise<DayRun[]> {
  const folder = await buildPrograms()
  say(`generating ${records} ${DATASET} in ${files} files`)
  const input = generateDay(join(OUT, 'input'), DATASET, records, files)
  const fromFiles = await runEngine(folder, {
    dataset: DATASET,
    input,
    output: join(OUT, 'day/files'),
    workers,
  })
  const { result } = fromFiles
  const days: DayRun[] = [
    {
      ...result,
      source: 'files',
      parts: result.parts,
      ...speed(fromFiles.wallSeconds, result.records),
      peakBytes: result.peakBytes,
    },
  ]
  say(`from files: ${fromFiles.wallSeconds.toFixed(1)} s`)
  days.push(await runFromS3(folder, input, workers))
  say(`from S3: ${days.at(-1)!.wallSeconds.toFixed(1)} s`)
  return days
}

async function runFromS3(folder: string, input: string, workers: number): Promise<DayRun> {
  const home = join(OUT, 'day/home')
  rmSync(home, { recursive: true, force: true })
  const server = spawn(process.execPath, [join(folder, 'run-s3.mjs'), home, input], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  try {
    const [line] = (await once(server.stdout, 'data')) as [Buffer]
    const url = line.toString().trim()
    const s3 = s3Client({
      region: 'us-east-1',
      endpoint: url,
      credentials: () => Promise.resolve(CREDENTIALS),
    })
    const begun = performance.now()
    const inputs = await listRaw(url)
    const listSeconds = (performance.now() - begun) / 1000
    const order = workOrder(folder, inputs)
    await s3.put('data', 'order', encodeWorkOrder(order))
    const args = [
      join(folder, 'main.mjs'),
      '--work-order',
      'order',
      '--feature-version',
      order.featureVersion,
    ]
    const measured = await measure(args, () => undefined, {
      AWS_REGION: 'us-east-1',
      DATA_BUCKET: 'data',
      AWS_ENDPOINT_URL: url,
      AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
      DAYFOLD_WORKERS: String(workers),
      DAYFOLD_ML_ROOT: home,
    })
    const key = reportKey(order.staging)
    const report = decodeReport(await s3.get({ bucket: 'data', key }), key)
    await s3.close()
    return {
      source: 's3',
      ...report.totals,
      ...speed(measured.wallSeconds, report.totals.records),
      peakBytes: measured.peakBytes,
      phaseSeconds: { list: listSeconds, ...report.phaseSeconds },
    }
  } finally {
    server.stdin.end()
    await once(server, 'close')
  }
}

function speed(wallSeconds: number, records: number) {
  return { wallSeconds, recordsPerSecond: records / wallSeconds }
}

async function listRaw(endpoint: string): Promise<RawObject[]> {
  const client = new S3Client({ endpoint, region: 'us-east-1', credentials: CREDENTIALS })
  const inputs: RawObject[] = []
  for await (const page of paginateListObjectsV2({ client }, { Bucket: 'raw', Prefix: 'day/' })) {
    for (const { Key, ETag, Size } of page.Contents ?? []) {
      if (Key!.endsWith('.jsonl')) inputs.push({ key: Key!, etag: ETag!.replaceAll('"', ''), size: Size! })
    }
  }
  client.destroy()
  return inputs
}

function workOrder(folder: string, inputs: readonly RawObject[]): WorkOrder {
  const deployment = JSON.parse(readFileSync(join(folder, DEPLOYMENT_FILE), 'utf8')) as Deployment
  return {
    kind: 'rebuild',
    dataset: DATASET,
    date: '2024-01-01',
    execution: { arn: 'bench', name: 'bench' },
    attempt: 'bench',
    why: 'bench',
    featureVersion: deployedDataset(deployment, DATASET).featureVersion,
    generation: 1,
    base: 0,
    rawBucket: 'raw',
    dataBucket: 'data',
    staging: 'staging/bench/',
    inputs,
    parts: [],
    limits: DEFAULT_FILE_LIMITS,
    progressKey: 'progress',
    startedAt: new Date().toISOString(),
  }
}
