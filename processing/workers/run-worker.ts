import type { MessagePort } from 'node:worker_threads'
import { crashNotes } from '../crashes/crash-notes.ts'
import { columnSpecs, DEFAULT_BATCH, findDataset, type Dataset } from '../dataset.ts'
import type { Extraction } from '../records/line-reader.ts'
import { shardReader } from '../records/shard-reader.ts'
import { POSITION, type ShardResult, type ShardTask, type WorkerSettings } from '../read/shard.ts'
import { failureData, type FailureData } from './failures.ts'
import { setUp, type BytesOf } from './set-up.ts'
import { sharedFiles, type ShareAnswer, type ShareRequest } from './shared-bytes.ts'

/** Messages of a worker to the main thread: the result of a shard, the failure of the job, or a request in between. */
export type WorkerMessage = ShardResult | ({ readonly type: 'failed' } & FailureData) | ShareRequest
/** Messages of the main thread to a worker. */
export type ToWorker = ShardTask | ShareAnswer

/**
 * Takes shards from `port`, one after the other, and answers each with its result, or with the error that must fail the
 * job.
 */
export function startWorker(port: MessagePort, settings: WorkerSettings, datasets: readonly Dataset[]): void {
  let reading: Promise<(task: ShardTask) => Promise<ShardResult>> | undefined
  let last: Promise<void> = Promise.resolve()
  const shared = sharedFiles((request) => send(port, request))
  port.on('message', (task: ToWorker) => {
    if (task.type === 'shared') return shared.answered(task)
    reading ??= openReader(settings, datasets, shared.bytesOf)
    last = last.then(async () => {
      try {
        const read = await reading!
        const result = await read(task)
        send(
          port,
          result,
          result.chunks.map((chunk) => chunk.buffer),
        )
      } catch (error) {
        send(port, { type: 'failed', ...failureData(error) })
      }
    })
  })
}

async function openReader(
  { notes, ...settings }: WorkerSettings,
  datasets: readonly Dataset[],
  bytesOf: BytesOf,
) {
  const dataset = findDataset(datasets, settings.dataset)
  const context = await setUp(dataset, bytesOf)
  const position = new Int32Array(settings.position)
  position[POSITION.line] = 0
  return shardReader({
    ...settings,
    columns: columnSpecs(dataset),
    checks: dataset.checks,
    ...extractionOf(dataset),
    context,
    position,
    ...(notes && { notes: crashNotes(notes) }),
  })
}

function extractionOf({ extract, extractBatch, batch = DEFAULT_BATCH }: Dataset): Extraction {
  return (extractBatch ? { extractBatch, batch } : { extract }) as Extraction
}

function send(port: MessagePort, message: WorkerMessage, transfer: ArrayBuffer[] = []): void {
  port.postMessage(message, transfer)
}
