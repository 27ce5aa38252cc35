import { Worker } from 'node:worker_threads'
import { DayfoldError, OwnError } from '../../core/errors.ts'
import type { NotePlace } from '../crashes/crash-notes.ts'
import {
  POSITION,
  POSITION_BYTES,
  SETTING_UP,
  type ShardResult,
  type ShardTask,
  type WorkerSettings,
} from '../read/shard.ts'
import { outlineOf } from '../records/outline.ts'
import { failureOf } from './failures.ts'
import { LOOK_MILLISECONDS, watchRecords, type RecordWatch, type SlowRecord } from './record-watch.ts'
import type { WorkerMessage } from './run-worker.ts'
import { sharer } from './shared-bytes.ts'

/** Maximum number of shards per worker: one in progress and one that waits, so that it is never idle. */
const SHARDS_A_WORKER = 2
/** Milliseconds after which a setup is slow. */
const SLOW_SETUP_MILLISECONDS = 5000

/** Program of the workers, their settings, and limits of their work. */
export interface WorkerPoolOptions {
  /** Maximum number of workers. Each is started when there is work for it. */
  readonly workers: number
  /** URL of the bundled `worker.mjs`. */
  readonly workerUrl: URL
  readonly settings: Omit<WorkerSettings, 'position' | 'notes'>
  /** Maximum size of a worker's old heap, in MiB. */
  readonly heapMegabytes: number
  /** Returns the key of an input, for messages. */
  readonly nameOf: (input: number) => string
  /** File in which workers note what they process, in case the process crashes. @default none */
  readonly notes?: Omit<NotePlace, 'slot'> | undefined
  /** Indexes of shards that may only run while no other shard does. @default none */
  readonly alone?: ReadonlySet<number> | undefined
  /** Seconds after which a record is treated as if it had killed its worker. */
  readonly recordSeconds: number
  /** Called once for each record that takes longer than a second, while it is being processed. @default not called */
  readonly onSlowRecord?: ((place: SlowRecord) => void) | undefined
  /** Called once if `setup` takes several seconds, with the seconds so far. @default not called */
  readonly onSlowSetup?: ((seconds: number) => void) | undefined
  /** A shard fails when this many workers have died on it. */
  readonly deaths: number
  /** Memory of chunks that are written, for later ones. Taken from here as shards are given to workers. @default none */
  readonly spare?: SharedArrayBuffer[]
}

/** Worker threads that process shards. */
export interface WorkerPool {
  /** Starts that many workers before there is work for them, but no more than the pool may have. */
  prepare(workers: number): void
  /**
   * Processes a shard on the next free worker. A worker that dies is replaced and its shard run again, until the
   * allowed number of workers has died on it.
   *
   * @throws DayfoldError WorkerDied, naming the object and line, or `setup` if the worker had not come further
   */
  run(task: ShardTask): Promise<ShardResult>
  /** Ends the workers. */
  close(): Promise<void>
}

interface Job {
  readonly task: ShardTask
  readonly resolve: (result: ShardResult) => void
  readonly reject: (error: Error) => void
  deaths: number
}

interface Member {
  readonly worker: Worker
  readonly watch: RecordWatch
  readonly position: Int32Array
  /** In the order in which the worker takes them. */
  readonly jobs: Job[]
  readonly slot: number
  readonly exited: Promise<void>
}

/** Opens a pool of worker threads. Shards are begun in the order in which they are given. */
export function workerPool(options: WorkerPoolOptions): WorkerPool {
  const members = new Set<Member>()
  let waiting: Job[] = []
  let isClosed = false
  const share = sharer()
  let setupSince: number | undefined
  let isSetupTold = false
  /** Chunks of the last shard, at least one: the next shard takes as much spare memory along. */
  let chunksAShard = 1
  const looking = setInterval(() => {
    for (const member of members) {
      if (member.jobs.length === 0) continue
      if (isSettingUp(member.position)) lookAtSetup()
      else member.watch.look()
    }
  }, LOOK_MILLISECONDS).unref()

  return {
    prepare: (workers) => {
      while (members.size < Math.min(workers, options.workers)) start()
    },
    run: (task) =>
      new Promise((resolve, reject) => {
        waiting.push({ task, resolve, reject, deaths: 0 })
        dispatch()
      }),
    close: async () => {
      isClosed = true
      clearInterval(looking)
      await Promise.all([...members].map(({ worker }) => worker.terminate()))
    },
  }

  function dispatch(): void {
    while (waiting.length > 0 && mayRun(waiting[0]!)) {
      const member = leastLoaded()
      if (!member) return
      const job = waiting.shift()!
      member.jobs.push(job)
      member.worker.postMessage({ ...job.task, spare: options.spare?.splice(0, chunksAShard) })
    }
  }

  function mayRun(next: Job): boolean {
    const { alone } = options
    if (!alone?.size) return true
    const running = [...members].flatMap(({ jobs }) => jobs)
    return running.length === 0 || ![next, ...running].some(({ task }) => alone.has(task.id))
  }

  /**
   * Returns the member with the fewest shards, or a new one rather than let a shard wait; undefined if all have enough.
   */
  function leastLoaded(): Member | undefined {
    const [best] = [...members].sort((left, right) => left.jobs.length - right.jobs.length)
    if (best?.jobs.length === 0) return best
    if (members.size < options.workers) return start()
    return best && best.jobs.length < SHARDS_A_WORKER ? best : undefined
  }

  /** Reports a slow setup once: workers set up side by side. */
  function lookAtSetup(): void {
    setupSince ??= performance.now()
    if (isSetupTold || performance.now() - setupSince < SLOW_SETUP_MILLISECONDS) return
    isSetupTold = true
    options.onSlowSetup?.(SLOW_SETUP_MILLISECONDS / 1000)
  }

  function start(): Member {
    const position = new SharedArrayBuffer(POSITION_BYTES)
    new Int32Array(position)[POSITION.line] = SETTING_UP
    const slot = freeSlot()
    const notes = options.notes && { ...options.notes, slot }
    const worker = new Worker(options.workerUrl, {
      // Feature code prints to stderr of this process, never among its results.
      stdout: true,
      stderr: true,
      workerData: { ...options.settings, position, ...(notes && { notes }) } satisfies WorkerSettings,
      resourceLimits: { maxOldGenerationSizeMb: options.heapMegabytes },
    })
    for (const printed of [worker.stdout, worker.stderr])
      printed.on('data', (chunk: Buffer) => process.stderr.write(chunk))
    let cause: Error | undefined
    const exited = new Promise<void>((resolve) => {
      worker.on('exit', (code) => {
        members.delete(member)
        if (!isClosed) replaceDead(member, cause ?? new OwnError(`it exited with code ${code}`))
        resolve()
      })
    })
    const watch = watchRecords(new Int32Array(position), {
      seconds: options.recordSeconds,
      onSlow: ({ input, line }) => options.onSlowRecord?.({ key: options.nameOf(input), line }),
      onEndless: (error) => {
        cause = error
        void worker.terminate()
      },
    })
    const member: Member = { worker, watch, position: new Int32Array(position), jobs: [], slot, exited }
    members.add(member)
    worker.on('error', (error: Error) => {
      cause = error
    })
    worker.on('message', (message: WorkerMessage) => {
      if (message.type === 'share') {
        void share(message).then((answer) => worker.postMessage(answer))
        return
      }
      const job = member.jobs.shift()!
      if (message.type === 'result') {
        chunksAShard = Math.max(1, message.chunks.length)
        job.resolve(message)
      } else job.reject(failureOf(message))
      dispatch()
    })
    return member
  }

  function freeSlot(): number {
    const taken = new Set([...members].map(({ slot }) => slot))
    let slot = 0
    while (taken.has(slot)) slot++
    return slot
  }

  /** Gives the shards of a dead worker to others. Only the one that it was working on is to blame. */
  function replaceDead(member: Member, cause: Error): void {
    const [blamed, ...others] = member.jobs
    waiting = [...others, ...waiting]
    if (blamed) {
      blamed.deaths++
      if (blamed.deaths < options.deaths) waiting.unshift(blamed)
      else blamed.reject(died(member.position, cause))
    }
    dispatch()
  }

  function died(position: Int32Array, cause: Error): DayfoldError {
    const found = `found that ${options.deaths === 1 ? 'one' : options.deaths} died`
    if (isSettingUp(position)) {
      const { dataset } = options.settings
      const message = `Dataset "${dataset}": expected a worker to survive setup, ${found}: ${endOf(cause)}.`
      return new DayfoldError('WorkerDied', `${message} Look at what its module and setup load.`, { cause })
    }
    const [input, line] = [position[POSITION.input]!, position[POSITION.line]!]
    const name = options.nameOf(input)
    const where = line > 0 ? ` near line ${line}` : ''
    const code =
      position[POSITION.batch]! > 0
        ? 'extractBatch does with the records from there on'
        : 'extract does with that record'
    return new DayfoldError(
      'WorkerDied',
      `${name}: expected a worker to survive it, ${found}${where}: ${endOf(cause)}. ` +
        `Look at what ${code}.`,
      { cause, context: { key: name, line } },
    )
  }
}

const isSettingUp = (position: Int32Array) => position[POSITION.line] === SETTING_UP

/** Describes the death of a worker. An uncaught error may hold anybody's data, so only its outline is given. */
function endOf(cause: Error & { readonly code?: unknown }): string {
  if (cause instanceof OwnError) return cause.message
  return cause.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'its heap had no memory left' : outlineOf(cause)
}
