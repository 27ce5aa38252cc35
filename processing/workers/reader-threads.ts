import { Worker } from 'node:worker_threads'
import { DayfoldError } from '../../core/errors.ts'
import { HEADROOM } from '../read/buffer-pool.ts'
import type { Decoded, NotRead, Reader } from '../read/reader.ts'
import { failureData, failureOf } from './failures.ts'
import {
  packStretches,
  type FromReader,
  type NextTask,
  type ReadTask,
  type ToReader,
} from './reader-messages.ts'

/** Number of reader threads, their program and its settings. */
export interface ReaderThreadsOptions {
  /** Number of threads, at least 1. */
  readonly threads: number
  /** URL of the bundled `reader.mjs`. */
  readonly readerUrl: URL
  /** Plain data that each thread gets as its `workerData`. */
  readonly settings: unknown
  /** Returns credentials as plain data; called whenever a thread asks for them. */
  readonly credentials: () => Promise<unknown>
  /** When it is aborted, all reads fail. */
  readonly signal?: AbortSignal | undefined
}

/** A {@link Reader} that reads in threads of its own. Close it to end them. */
export interface ReaderThreads extends Reader {
  /** Ends the threads. */
  close(): Promise<void>
}

/** An answer that a thread owes. */
interface Task {
  readonly bytes: number
  readonly resolve: (answer: readonly NotRead[] | Decoded | undefined) => void
  readonly reject: (error: Error) => void
}

interface Thread {
  readonly worker: Worker
  readonly tasks: Map<number, Task>
  /** Bytes of the objects that it decodes. */
  decoding: number
}

/**
 * Starts threads that read raw objects while workers run feature code. A task goes to the thread that has the fewest
 * bytes to read; a thread works on all of its tasks at once. If a thread fails, so do all reads.
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
    fill: (stretches, buffer) => {
      const bytes = stretches.reduce((sum, stretch) => sum + stretch.bytes, 0)
      const message = { type: 'read', id: ++id, buffer, ...packStretches(stretches) } as const
      return owed(idlest(), message, bytes) as Promise<readonly NotRead[]>
    },
    async *decode(object, settings, take) {
      const thread = idlest()
      const task = ++id
      thread.decoding += object.size
      send(thread.worker, { type: 'decode', id: task, object, settings })
      try {
        for (let buffer: SharedArrayBuffer | undefined = take(); ;) {
          const decoded = (await owed(thread, { type: 'next', id: task, buffer }, 0)) as Decoded | undefined
          if (!decoded) return
          const { piece } = decoded
          const isUsed =
            piece && 'buffer' in piece && piece.buffer.byteLength === HEADROOM + settings.shardBytes
          buffer = isUsed ? take() : undefined
          yield withBuffer(decoded)
        }
      } finally {
        thread.decoding -= object.size
        send(thread.worker, { type: 'stop', id: task })
      }
    },
    close: async () => {
      isClosed = true
      signal?.removeEventListener('abort', onAbort)
      await Promise.all(threads.map(({ worker }) => worker.terminate()))
    },
  }

  function start(): Thread {
    const worker = new Worker(options.readerUrl, { workerData: options.settings })
    const thread: Thread = { worker, tasks: new Map(), decoding: 0 }
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
    if (message.type === 'failed') task?.reject(failureOf(message))
    else task?.resolve(message.type === 'read' ? message.notRead : message.decoded)
  }

  function owed({ worker, tasks }: Thread, message: ReadTask | NextTask, bytes: number) {
    return new Promise<Parameters<Task['resolve']>[0]>((resolve, reject) => {
      if (failure) return reject(failure)
      tasks.set(message.id, { bytes, resolve, reject })
      send(worker, message)
    })
  }

  function answer(worker: Worker): void {
    options.credentials().then(
      (credentials) => send(worker, { type: 'credentials', credentials }),
      (error: unknown) => send(worker, { type: 'credentials', failure: failureData(error) }),
    )
  }

  function idlest(): Thread {
    const load = ({ tasks, decoding }: Thread) =>
      [...tasks.values()].reduce((sum, { bytes }) => sum + bytes, decoding)
    return threads.reduce((best, thread) => (load(thread) < load(best) ? thread : best))
  }

  /** Fails all reads, also those to come. */
  function fail(error: Error): void {
    failure ??= error
    for (const { tasks } of threads) {
      for (const { reject } of tasks.values()) reject(failure)
      tasks.clear()
    }
  }
}

const send = (worker: Worker, message: ToReader) => worker.postMessage(message)

/** Restores the buffer that a message turned into an array. */
function withBuffer(decoded: Decoded): Decoded {
  const { piece } = decoded
  if (!piece || !('unread' in piece) || !piece.rest) return decoded
  return { ...decoded, piece: { ...piece, rest: Buffer.from(piece.rest) } }
}

function ended(code: number): DayfoldError {
  return new DayfoldError(
    'JobFailed',
    `The job: expected the thread that reads to last, found that it exited with code ${code}. Run the day again.`,
  )
}
