import type { MessagePort } from 'node:worker_threads'
import { DayfoldError } from '../../core/errors.ts'
import { crashNotes } from '../crashes/crash-notes.ts'
import { columnSpecs, findDataset, type Dataset } from '../dataset.ts'
import { outlineOf } from '../records/outline.ts'
import { shardReader } from '../records/shard-reader.ts'
import type { ShardResult, ShardTask, WorkerSettings } from '../read/shard.ts'
import { failureData, type FailureData } from './failures.ts'

/** What a worker made of a shard, or why the job must fail. */
export type WorkerMessage = ShardResult | ({ readonly type: 'failed' } & FailureData)

/** Takes shards from `port`, one after the other, and answers each with its result, or with why the job must fail. */
export function startWorker(port: MessagePort, settings: WorkerSettings, datasets: readonly Dataset[]): void {
  let reading: Promise<(task: ShardTask) => Promise<ShardResult>> | undefined
  let last: Promise<void> = Promise.resolve()
  port.on('message', (task: ShardTask) => {
    reading ??= openReader(settings, datasets)
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

async function openReader({ notes, ...settings }: WorkerSettings, datasets: readonly Dataset[]) {
  const dataset = findDataset(datasets, settings.dataset)
  const context = await setUp(dataset)
  return shardReader({
    ...settings,
    columns: columnSpecs(dataset),
    checks: dataset.checks,
    extract: dataset.extract as (record: unknown, context: unknown) => unknown,
    context,
    position: new Int32Array(settings.position),
    ...(notes && { notes: crashNotes(notes) }),
  })
}

/**
 * What the dataset's `setup` returns.
 *
 * @throws DayfoldError InvalidDataset when it throws
 */
export async function setUp(dataset: Dataset): Promise<unknown> {
  try {
    return await dataset.setup?.()
  } catch (cause) {
    const problem = `Dataset "${dataset.name}": setup failed: ${outlineOf(cause)}`
    throw new DayfoldError('InvalidDataset', problem, { cause })
  }
}

function send(port: MessagePort, message: WorkerMessage, transfer: ArrayBuffer[] = []): void {
  port.postMessage(message, transfer)
}
