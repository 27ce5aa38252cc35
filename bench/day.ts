import { join } from 'node:path'
import { reportKey } from '../core/layout.ts'
import { encodeWorkOrder } from '../core/work-order.ts'
import { decodeReport } from '../core/job-report.ts'
import { s3Client } from '../processing/s3/client.ts'
import { buildPrograms } from './build.ts'
import { generateDay } from '../test/support/generated/generate.ts'
import { CREDENTIALS, listRaw, startLocalS3, workOrder } from './local-s3.ts'
import { measure } from './measure.ts'
import { OUT } from './options.ts'
import { runEngine } from './programs.ts'

/** Size of the day and number of workers. */
export interface DayOptions {
  readonly records: number
  readonly files: number
  readonly workers: number
  readonly say: (line: string) => void
}

/** Figures of one pass over a day. */
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

/**
 * Processes the original pipeline's day: through the container's program from the local S3, and through the engine from
 * files.
 */
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
  const { url, close } = await startLocalS3(folder, home, input)
  try {
    const s3 = s3Client({
      region: 'us-east-1',
      endpoint: url,
      credentials: () => Promise.resolve(CREDENTIALS),
    })
    const begun = performance.now()
    const inputs = await listRaw(url)
    const listSeconds = (performance.now() - begun) / 1000
    const order = workOrder(folder, DATASET, inputs)
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
    await close()
  }
}

function speed(wallSeconds: number, records: number) {
  return { wallSeconds, recordsPerSecond: records / wallSeconds }
}
