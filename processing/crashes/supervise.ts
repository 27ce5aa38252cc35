import { fork, type ChildProcess } from 'node:child_process'
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { CRASHES, MAX_CRASHES, readCrashNotes, type Crash } from './crash-notes.ts'
import { NODE_FLAGS } from './node-flags.ts'
import { watchPrinted } from './printed.ts'

/** Exit codes that the job gives itself: done, failed, stopped by SIGINT, by SIGTERM. Any other end is a crash. */
const OWN_CODES: readonly (number | null)[] = [0, 1, 130, 143]
const STOPS = ['SIGINT', 'SIGTERM'] as const
/** Where this process's log goes, and the job's. */
const STDOUT_FD = 1
/** What the job has printed is there when it ends, unless a process that it started prints on. */
const PRINTED_MILLISECONDS = 1000

export interface SuperviseOptions {
  /** The bundled `job.mjs`. */
  readonly job: URL
  readonly args: readonly string[]
  readonly environment: NodeJS.ProcessEnv
  /** Folder for the notes; nothing stays there. */
  readonly temporaryFolder: string
  /** Source of SIGINT and SIGTERM, which are passed on. */
  readonly signals: NodeJS.EventEmitter
  /** Takes a line of the log, which is a JSON document. */
  readonly log: (line: object) => void
  /** Takes what the job's process prints beside its log, which may hold raw data. */
  readonly onPrinted: (bytes: Buffer) => void
}

/** How the job has ended: its own code, or 128 and the signal; `message` where it could not leave its own. */
export interface Ending {
  readonly code: number
  readonly message?: string
}

/**
 * Runs the job in a process of its own, and once more when it crashes: then slowly around the shards that were in
 * work, so that it is known which record was, if it crashes again. A third process says so and fails.
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

/** A file without a name, so that nothing is left however this process ends. */
function openNotes(temporaryFolder: string): number {
  const folder = mkdtempSync(join(temporaryFolder, 'dayfold-'))
  try {
    return openSync(join(folder, 'notes'), 'w+')
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/**
 * Feature code runs in UTC, whatever starts it: a time without a zone is the same instant everywhere. The notes become
 * NOTES_FD and this process's standard output LOG_FD. The channel is how the job learns that its supervisor is gone.
 */
function start({ job, args, environment }: SuperviseOptions, notes: number, crashes: readonly Crash[]) {
  return fork(job, args, {
    execArgv: [...process.execArgv, ...NODE_FLAGS],
    env: { ...environment, TZ: 'UTC', [CRASHES]: JSON.stringify(crashes) },
    stdio: ['ignore', 'pipe', 'pipe', notes, 'ipc', STDOUT_FD],
  })
}

interface End {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** How the job has ended. Tells how many lines it has printed beside its log. */
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
