import { Worker } from 'node:worker_threads'
import { DayfoldError } from '../../core/errors.ts'
import type { NotRead, Reader } from '../read/reader.ts'
import { failureData, failureOf } from './failures.ts'
import { packStretches, type FromReader, type ToReader } from './reader-messages.ts'

export interface ReaderThreadsOptions {
  readonly threads: number
  /** The bundled `reader.mjs`. */
  readonly readerUrl: URL
  /** What it is started with. */
  readonly settings: unknown
  /** Asked for as threads need them. */
  readonly credentials: () => Promise<unknown>
  /** Aborted: no read is waited for any more. */
  readonly signal?: AbortSignal | undefined
}

/** Threads that read. */
export interface ReaderThreads extends Reader {
  close(): Promise<void>
}

interface Task {
  readonly bytes: number
  readonly resolve: (notRead: readonly NotRead[]) => void
  readonly reject: (error: Error) => void
}

interface Thread {
  readonly worker: Worker
  readonly tasks: Map<number, Task>
}

/**
 * Starts threads that read, each the tasks that it is given at once; the one with the fewest bytes to read gets the
 * next. Feature code runs in none of them: reads go on while it computes, and outlive it.
 */
export function readerThreads(options: ReaderThreadsOptions): ReaderThreads {
  const { signal } = options
  let id = 0
  let failure: Error | undefined
  let isClosed = false
  const threads = Array.from({ length: options.threads }, start)
  const onAbort = () => fail(signal!.reason as Error)
  if (signal?.aborted) onAbort()
  signal?.addEventListener('abort', onAbort, { once: true })

  return {
    fill: (stretches, buffer) =>
      new Promise((resolve, reject) => {
        if (failure) return reject(failure)
        const thread = idlest()
        const bytes = stretches.reduce((sum, stretch) => sum + stretch.bytes, 0)
        thread.tasks.set(++id, { bytes, resolve, reject })
        send(thread.worker, { type: 'read', id, buffer, ...packStretches(stretches) })
      }),
    close: async () => {
      isClosed = true
      signal?.removeEventListener('abort', onAbort)
      await Promise.all(threads.map(({ worker }) => worker.terminate()))
    },
  }

  function start(): Thread {
    const worker = new Worker(options.readerUrl, { workerData: options.settings })
    const thread: Thread = { worker, tasks: new Map() }
    worker.on('message', (message: FromReader) => receive(thread, message))
    worker.on('error', fail)
    worker.on('exit', (code) => {
      if (!isClosed) fail(ended(code))
    })
    return thread
  }

  function receive({ worker, tasks }: Thread, message: FromReader): void {
    if (message.type === 'ask') return answer(worker)
    const task = tasks.get(message.id)
    tasks.delete(message.id)
    if (message.type === 'read') task?.resolve(message.notRead)
    else task?.reject(failureOf(message))
  }

  function answer(worker: Worker): void {
    options.credentials().then(
      (credentials) => send(worker, { type: 'credentials', credentials }),
      (error: unknown) => send(worker, { type: 'credentials', failure: failureData(error) }),
    )
  }

  function idlest(): Thread {
    const load = ({ tasks }: Thread) => [...tasks.values()].reduce((sum, { bytes }) => sum + bytes, 0)
    return threads.reduce((best, thread) => (load(thread) < load(best) ? thread : best))
  }

  /** Gives up all reads, those to come too. */
  function fail(error: Error): void {
    failure ??= error
    for (const { tasks } of threads) {
      for (const { reject } of tasks.values()) reject(failure)
      tasks.clear()
    }
  }
}

const send = (worker: Worker, message: ToReader) => worker.postMessage(message)

function ended(code: number): DayfoldError {
  return new DayfoldError(
    'JobFailed',
    `The job: expected the thread that reads to last, found that it exited with code ${code}. Run the day again.`,
  )
}
