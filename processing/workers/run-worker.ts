import type { MessagePort } from 'node:worker_threads'
import { crashNotes } from '../crashes/crash-notes.ts'
import { columnSpecs, DEFAULT_BATCH, findDataset, type Dataset } from '../dataset.ts'
import type { Extraction } from '../records/line-reader.ts'
import { shardReader } from '../records/shard-reader.ts'
import { POSITION, type ShardResult, type ShardTask, type WorkerSettings } from '../read/shard.ts'
import { failureData, type FailureData } from './failures.ts'
import { setUp, type BytesOf } from './set-up.ts'
import { sharedFiles, type ShareAnswer, type ShareRequest } from './shared-bytes.ts'

/**
 * Messages of a worker to the main thread: the result of a shard; an error that fails the job; or a request for a
 * file's bytes.
 */
export type WorkerMessage = ShardResult | ({ readonly type: 'failed' } & FailureData) | ShareRequest
/** Messages of the main thread to a worker: a shard to process, or a file's bytes. */
export type ToWorker = ShardTask | ShareAnswer

/**
 * Runs a worker thread: processes the shards that arrive on `port`, one after the other, and answers each with its
 * result or with an error that fails the job. Sets the dataset up before the first shard.
 *
 * @param datasets all datasets of the bundle
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
        send(port, await read(task))
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

function send(port: MessagePort, message: WorkerMessage): void {
  port.postMessage(message)
}
