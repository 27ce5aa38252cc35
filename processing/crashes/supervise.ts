import { fork, type ChildProcess } from 'node:child_process'
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { CRASHES, MAX_CRASHES, readCrashNotes, type Crash } from './crash-notes.ts'
import { NODE_FLAGS } from './node-flags.ts'
import { watchPrinted } from './printed.ts'

/**
 * Exit codes that the job sets itself: done, failed, stopped by SIGINT, stopped by SIGTERM. Any other end is a crash.
 */
const OWN_CODES: readonly (number | null)[] = [0, 1, 130, 143]
const STOPS = ['SIGINT', 'SIGTERM'] as const
/** File descriptor of the log, this process's and the job's. */
const STDOUT_FD = 1
/** Longest wait for the job's output after its end: the streams stay open if a process that it started prints on. */
const PRINTED_MILLISECONDS = 1000

/** The job's program, and the parts of the supervisor's process that {@link supervise} uses. */
export interface SuperviseOptions {
  /** URL of the bundled `job.mjs`. */
  readonly job: URL
  /** Arguments of the job's program. */
  readonly args: readonly string[]
  /** Environment of the job's process, to which the supervisor adds `TZ` and the crashes so far. */
  readonly environment: NodeJS.ProcessEnv
  /** Flags of Node for the job's process alone. */
  readonly nodeFlags: readonly string[]
  /** Folder where the crash notes are created; nothing remains there. */
  readonly temporaryFolder: string
  /** Emitter of SIGINT and SIGTERM, which are passed on to the job. */
  readonly signals: NodeJS.EventEmitter
  /** Called with each line of the supervisor's own log, a JSON document. */
  readonly log: (line: object) => void
  /**
   * Called with the bytes that the job's process prints to standard output and standard error. They may be raw data.
   */
  readonly onPrinted: (bytes: Buffer) => void
}

/** End of the job. */
export interface Ending {
  /** The job's own exit code; 128 + the number of the signal that stopped it; or 1 if it kept crashing. */
  readonly code: number
  /** Exit message for a job that could not write its own. @default the job has written it */
  readonly message?: string
}

/**
 * Runs the job in a process of its own and waits for its end. After a crash it starts a second process, which runs the
 * shards that were being processed one by one and notes each line: so another crash tells which record it was. A third
 * process only reports this and fails.
 */
export async function supervise(options: SuperviseOptions): Promise<Ending> {
  const notes = openNotes(options.temporaryFolder)
  const crashes: Crash[] = []
  let child: ChildProcess | undefined
  let stopped: NodeJS.Signals | undefined
  const stop = (signal: NodeJS.Signals) => {
    stopped = signal
    child?.kill(signal)
  }
  for (const signal of STOPS) options.signals.on(signal, stop)
  try {
    while (!stopped && crashes.length <= MAX_CRASHES) {
      ftruncateSync(notes)
      child = start(options, notes, crashes)
      const { code, signal } = await ended(child, options)
      if (OWN_CODES.includes(code)) return { code: code! }
      if (stopped) break
      const crash = { cause: signal ?? `exit code ${code}`, positions: readCrashNotes(notes) }
      crashes.push(crash)
      options.log({ message: 'crashed', ...crash })
    }
  } finally {
    for (const signal of STOPS) options.signals.off(signal, stop)
    closeSync(notes)
  }
  if (stopped) {
    const message = `The job was stopped by ${stopped}; nothing was published.`
    return { code: 128 + constants.signals[stopped], message }
  }
  const causes = crashes.map(({ cause }) => cause).join(', ')
  return {
    code: 1,
    message: `JobFailed: The job: expected it to end by itself, found that it was ended by ${causes}.`,
  }
}

/** Opens a file without a name, so that nothing is left however this process ends. */
function openNotes(temporaryFolder: string): number {
  const folder = mkdtempSync(join(temporaryFolder, 'dayfold-'))
  try {
    return openSync(join(folder, 'notes'), 'w+')
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/**
 * Starts the job. Feature code runs in UTC wherever it is started, so that a time without a zone is the same instant
 * everywhere. The notes become NOTES_FD and this process's standard output LOG_FD. The IPC channel tells the job when
 * its supervisor is gone.
 */
function start(
  { job, args, environment, nodeFlags }: SuperviseOptions,
  notes: number,
  crashes: readonly Crash[],
) {
  return fork(job, args, {
    execArgv: [...process.execArgv, ...NODE_FLAGS, ...nodeFlags],
    env: { ...environment, TZ: 'UTC', [CRASHES]: JSON.stringify(crashes) },
    stdio: ['ignore', 'pipe', 'pipe', notes, 'ipc', STDOUT_FD],
  })
}

interface End {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** Waits for the end of the job, and logs how many lines it printed beside its log. */
async function ended(child: ChildProcess, { log, onPrinted }: SuperviseOptions): Promise<End> {
  const printing = [child.stdout!, child.stderr!]
  const printed = watchPrinted(printing, onPrinted)
  const closed = new Promise<void>((resolve) => void child.once('close', () => resolve()))
  const end = await new Promise<End>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => resolve({ code, signal }))
  })
  await Promise.race([closed, sleep(PRINTED_MILLISECONDS, undefined, { ref: false })])
  for (const stream of printing) stream.destroy()
  if (printed.lines > 0) log({ message: 'printed', lines: printed.lines })
  return end
}
