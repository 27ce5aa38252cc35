import { parentPort, workerData } from 'node:worker_threads'
import { datasets } from 'virtual:datasets'
import { startWorker } from './workers/run-worker.ts'
import type { WorkerSettings } from './read/shard.ts'

startWorker(parentPort!, workerData as WorkerSettings, datasets)
