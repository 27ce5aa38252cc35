import { deployedDataset, type Deployment } from '../../core/deployment.ts'
import { ENGINE_VERSION } from '../../core/engine.ts'
import { DayfoldError } from '../../core/errors.ts'
import {
  reportKey,
  sketchName,
  stagedPartsPrefix,
  stagedRejectsPrefix,
  stagedSketchesPrefix,
} from '../../core/layout.ts'
import { totalsOf, type StoredFile } from '../../core/manifest.ts'
import type { Progress } from '../../core/messages.ts'
import type { WorkOrder } from '../../core/work-order.ts'
import { encodeSketch } from '../../core/sketches/day-sketch.ts'
import { encodeReport, type JobReport } from '../../core/job-report.ts'
import { MAX_CRASHES, type ProcessNotes } from '../crashes/crash-notes.ts'
import { crashed } from '../crashes/crashed.ts'
import type { S3 } from '../s3/client.ts'
import { s3Parts } from '../s3/s3-parts.ts'
import { s3Sink } from '../s3/s3-sink.ts'
import type { ProcessedDay } from '../write/merge-results.ts'
import { newTally, type Tally } from '../write/tally.ts'
import type { SlowRecord } from '../workers/record-watch.ts'
import { readWorkOrder, type JobArguments } from './arguments.ts'
import { consolidateDay } from './consolidate-day.ts'
import { openSource, type ReaderProgram } from './open-source.ts'
import { processDay } from './process-day.ts'
import { reportProgress, type ProgressReporter } from './progress.ts'

/**
 * Raw bytes that justify a worker. Starting one and compiling its code costs about 0.2 s of CPU time, which a day that
 * grows by little every three hours would pay each time.
 */
const BYTES_WORTH_A_WORKER = 128 * 1024 * 1024

/** Arguments and bundle of a job, and the clients, clock and limits that it uses. */
export interface JobOptions {
  readonly args: JobArguments
  /** Name of the bucket with the work order. */
  readonly dataBucket: string
  /** Client for the data bucket, and for a small day's raw objects. */
  readonly s3: S3
  /** Columns, settings and feature versions of the datasets, which the bundle was deployed with. */
  readonly deployment: Deployment
  /** URL of the bundled `worker.mjs`. */
  readonly workerUrl: URL
  /** Program of the reader threads. @default the main thread reads raw objects */
  readonly readers?: ReaderProgram | undefined
  /** Maximum number of worker threads for a dataset that does not set it. A small job starts fewer. */
  readonly workers: number
  /** Bytes per uploaded part. @default 16 MiB */
  readonly uploadBytes?: number | undefined
  /** Seconds between two reports of progress. */
  readonly progressSeconds: number
  /** Returns the current time. */
  readonly now: () => Date
  /** Called with each line of the log, a JSON document. */
  readonly log: (line: object) => void
  /** Crash notes of this process, and crashes of earlier attempts. @default no notes */
  readonly notes?: ProcessNotes
  /** When it is aborted, the job fails. */
  readonly signal?: AbortSignal
}

/**
 * Carries out a work order: stages parts, reject files and a sketch, and last of all the report. Writes nothing but
 * these and its progress, so a job that dies has published nothing.
 *
 * @throws DayfoldError FeatureVersionMismatch if the state machine was deployed with another version of the code;
 * WorkerDied if the job has crashed as often as it may
 */
export async function runJob(options: JobOptions): Promise<JobReport> {
  const { args, dataBucket, s3, deployment, now, log, progressSeconds } = options
  const startedAt = now().toISOString()
  const order = await readWorkOrder(s3, dataBucket, args.workOrder)
  const { featureVersion } = deployedDataset(deployment, order.dataset)
  checkVersion(args.featureVersion, featureVersion, order)
  const tally = newTally()
  const objects =
    order.kind === 'consolidate'
      ? order.parts.map(({ bytes }) => bytes)
      : order.inputs.map(({ size }) => size)
  const progress = reportProgress({
    dataset: order.dataset,
    date: order.date,
    tally,
    total: { files: objects.length, bytes: objects.reduce((sum, bytes) => sum + bytes, 0) },
    everySeconds: progressSeconds,
    publish: (snapshot: Progress) => {
      log({ message: 'progress', ...snapshot })
      return s3.put(order.dataBucket, order.progressKey, Buffer.from(JSON.stringify(snapshot)))
    },
    now,
  })
  try {
    const done = await work(order, options, tally, progress)
    progress.phase = 'staging'
    const sketches = order.kind === 'consolidate' ? [] : [await stageSketch(order, done, s3)]
    const report = makeReport(
      order,
      { ...done, sketches },
      { featureVersion, startedAt, finishedAt: now().toISOString() },
    )
    await s3.put(order.dataBucket, reportKey(order.staging), encodeReport(report))
    log({ message: 'staged', ...report, inputs: report.inputs.length })
    await progress.end('done')
    return report
  } catch (error) {
    await progress.end('failed')
    throw error
  }
}

function checkVersion(expected: string, found: string, { dataset }: WorkOrder): void {
  if (expected === found) return
  throw new DayfoldError(
    'FeatureVersionMismatch',
    `Dataset "${dataset}": expected feature code ${expected}, as the state machine was deployed with, found ${found} ` +
      'in the image. Deploy again, so that both are of one version.',
    { context: { dataset, expected, found } },
  )
}

async function work(
  order: WorkOrder,
  options: JobOptions,
  tally: Tally,
  progress: ProgressReporter,
): Promise<ProcessedDay> {
  const { s3, uploadBytes, workerUrl, readers, notes, signal } = options
  const { dataset, generation, attempt, limits, dataBucket, staging, inputs } = order
  if (notes && notes.crashes.length >= MAX_CRASHES) throw crashed(inputs, notes.crashes)
  const deployed = deployedDataset(options.deployment, dataset)
  const { columns, unreadable, recordTimeoutSeconds: recordSeconds } = deployed
  let upload = 0
  const onUpload = (seconds: number) => void (upload += seconds)
  const sink = s3Sink({ s3, bucket: dataBucket, staging, uploadBytes, onUpload })
  const shared = { columns, generation, attempt, limits, sink, tally, ...(signal && { signal }) }
  const isMerge = order.kind === 'consolidate'
  progress.phase = isMerge ? 'merging' : 'reading'
  const workers = workersFor(order, deployed.workers ?? options.workers)
  const onSlowRecord = (place: SlowRecord) => options.log({ message: 'slow record', ...place })
  const settings = { unreadable, recordSeconds, onSlowRecord }
  const opened = isMerge ? undefined : openSource(order, { s3, readers, workers, signal })
  try {
    const done = opened
      ? await processDay({ ...shared, ...settings, ...opened, dataset, inputs, workers, workerUrl, notes })
      : await consolidateDay({ ...shared, parts: s3Parts(s3, dataBucket, order.parts) })
    return { ...done, phaseSeconds: { ...done.phaseSeconds, upload } }
  } finally {
    await opened?.close()
  }
}

function workersFor({ inputs }: WorkOrder, most: number): number {
  const bytes = inputs.reduce((sum, { size }) => sum + size, 0)
  return Math.min(most, Math.ceil(bytes / BYTES_WORTH_A_WORKER) || 1)
}

async function stageSketch(order: WorkOrder, { sketch }: ProcessedDay, s3: S3): Promise<StoredFile> {
  const key = stagedSketchesPrefix(order.staging) + sketchName(order.generation, order.attempt)
  const bytes = encodeSketch(sketch)
  await s3.put(order.dataBucket, key, bytes)
  return { key, rows: sketch.rows, bytes: bytes.length }
}

function makeReport(
  { kind, dataset, date, attempt, staging }: WorkOrder,
  done: ProcessedDay & Pick<JobReport, 'sketches'>,
  facts: Pick<JobReport, 'featureVersion' | 'startedAt' | 'finishedAt'>,
): JobReport {
  const stored = (prefix: string, files: ProcessedDay['rejects']): StoredFile[] =>
    files.map(({ name, rows, bytes }) => ({ key: `${prefix}${name}`, rows, bytes }))
  const parts = stored(stagedPartsPrefix(staging), done.parts)
  return {
    kind,
    dataset,
    date,
    attempt,
    ...facts,
    inputs: done.inputs,
    parts,
    rejects: stored(stagedRejectsPrefix(staging), done.rejects),
    sketches: done.sketches ?? [],
    rejectedFor: done.rejectedFor,
    totals: totalsOf(done.inputs, parts),
    engine: ENGINE_VERSION,
    encodedValues: done.encodedValues,
    reencodedValues: done.reencodedValues,
    phaseSeconds: done.phaseSeconds,
  }
}
