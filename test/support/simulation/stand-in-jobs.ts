import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { S3Client } from '@aws-sdk/client-s3'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { putObject } from '../../../aws/write-objects.ts'
import type { Bucket } from '../../../aws/objects.ts'
import type { Target, TargetDataset } from '../../../client/target.ts'
import { ENGINE_VERSION } from '../../../core/engine.ts'
import { encodeReport } from '../../../core/job-report.ts'
import { partName, reportKey, stagedPartsPrefix } from '../../../core/layout.ts'
import { totalsOf, type Input, type RawObject, type StoredFile } from '../../../core/manifest.ts'
import type { WorkOrder } from '../../../core/work-order.ts'
import { readWorkOrder } from '../../../lambda/publishing/finished-work.ts'
import { parseArguments } from '../../../processing/day/arguments.ts'
import type { LocalAwsOptions } from '@dayfold/local-aws'
import type { VirtualClock } from '@dayfold/local-aws/virtual-clock'
import { courseOf, type JobCourse, type Weather } from './model.ts'
import { RECORDS_A_FILE } from './raw-days.ts'

type StandIn = NonNullable<LocalAwsOptions['standIn']>
type Job = Parameters<StandIn>[0]

/** A job that has ended. */
export interface EndedJob extends JobCourse {
  readonly instanceType: string
  readonly files: number
}

export interface StandInOptions {
  readonly clock: VirtualClock
  readonly weather: Weather
  readonly target: () => Pick<Target, 'dataBucket' | 'datasets'>
  readonly onEnd: (job: EndedJob) => void
}

/** Exit codes of the job's program. */
const FAILED = 1
const STOPPED = 130

/**
 * Returns jobs that take as long as measured ones, and leave equivalent output: parts with as many rows as there are
 * records, all alike, and a report.
 */
export function standInJobs(options: StandInOptions): StandIn {
  const tries = new Map<string, number>()
  async function run(job: Job, signal: AbortSignal): Promise<number> {
    const data = { s3: clientOf(job), name: options.target().dataBucket }
    const order = await readWorkOrder(
      data,
      parseArguments(job.request.AppSpecification.ContainerArguments ?? []).workOrder,
    )
    const day = `${order.dataset}/${order.date}`
    const before = tries.get(day) ?? 0
    tries.set(day, before + 1)
    const instanceType = job.request.ProcessingResources.ClusterConfig.InstanceType ?? ''
    const course = courseOf(order, instanceType, before, options.weather)
    const begun = options.clock.now()
    // If it is stopped, its time so far is billed.
    await options.clock.rest(1000 * course.seconds, signal).catch(() => undefined)
    const seconds = (options.clock.now() - begun) / 1000
    options.onEnd({ ...course, seconds, instanceType, files: order.inputs.length })
    if (signal.aborted) return STOPPED
    if (course.failure !== undefined) return await fail(job, course.failure)
    await stage(data, order, options)
    data.s3.destroy()
    return 0
  }
  return (job) => {
    const stop = new AbortController()
    const exited = run(job, stop.signal).catch((error: unknown) => fail(job, String(error)))
    return { pid: undefined, exited, stop: () => stop.abort(new Error('The job was stopped.')) }
  }
}

function clientOf({ environment }: Job): S3Client {
  return new S3Client({
    endpoint: environment['AWS_ENDPOINT_URL'],
    region: environment['AWS_REGION'],
    credentials: {
      accessKeyId: environment['AWS_ACCESS_KEY_ID']!,
      secretAccessKey: environment['AWS_SECRET_ACCESS_KEY']!,
    },
  })
}

/**
 * Returns a deployed dataset.
 *
 * @throws Error if there is none of that name
 */
export function datasetOf({ datasets }: Pick<Target, 'datasets'>, name: string): TargetDataset {
  const dataset = datasets.find((candidate) => candidate.name === name)
  if (dataset) return dataset
  const names = datasets.map((candidate) => candidate.name).join(', ')
  throw new Error(`Dataset: expected one of ${names}, found "${name}".`)
}

async function fail({ mlRoot }: Job, message: string): Promise<number> {
  await mkdir(join(mlRoot, 'output'), { recursive: true })
  await writeFile(join(mlRoot, 'output', 'message'), message)
  return FAILED
}

async function stage(data: Bucket, order: WorkOrder, { clock, target }: StandInOptions): Promise<void> {
  const inputs = order.inputs.map(inputOf)
  const rows =
    order.kind === 'consolidate'
      ? order.parts.reduce((sum, part) => sum + part.rows, 0)
      : inputs.reduce((sum, { kept }) => sum + kept, 0)
  const parts: StoredFile[] = []
  for (let left = rows; left > 0; left -= order.limits.partRows) {
    const body = parquetOf(Math.min(left, order.limits.partRows), datasetOf(target(), order.dataset))
    const key = stagedPartsPrefix(order.staging) + partName(order.generation, order.attempt, parts.length)
    await putObject(data, key, body)
    parts.push({ key, rows: Math.min(left, order.limits.partRows), bytes: body.length })
  }
  const { kind, date, attempt, featureVersion } = order
  const report = encodeReport({
    kind,
    dataset: order.dataset,
    date,
    attempt,
    featureVersion,
    inputs,
    parts,
    rejects: [],
    totals: totalsOf(inputs, parts),
    engine: ENGINE_VERSION,
    reencodedValues: 0,
    encodedValues: 0,
    phaseSeconds: {},
    startedAt: order.startedAt,
    finishedAt: new Date(clock.now()).toISOString(),
  })
  await putObject(data, reportKey(order.staging), report)
}

const inputOf = ({ key, etag, size }: RawObject): Input => ({
  key,
  etag,
  size,
  records: RECORDS_A_FILE,
  kept: RECORDS_A_FILE,
  dropped: 0,
  rejected: 0,
  bytes: { read: size, rejected: 0, unread: 0, decoded: size },
})

const parquetFiles = new Map<string, Uint8Array>()

/** Makes a Parquet file of `rows` rows, in which a text column of the dataset is empty and all others are missing. */
function parquetOf(rows: number, { name, columns }: TargetDataset): Uint8Array {
  const column = columns.find(({ kind }) => kind === 'string')
  if (!column) throw new Error(`Dataset ${name}: expected a string column, found none.`)
  const known = parquetFiles.get(`${column.name} ${rows}`)
  if (known) return known
  const data = new Array<string>(rows).fill('')
  const file = new Uint8Array(
    parquetWriteBuffer({ columnData: [{ name: column.name, data, type: 'STRING' }] }),
  )
  parquetFiles.set(`${column.name} ${rows}`, file)
  return file
}
