import { existsSync, openSync, writeSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Target, TargetDataset } from '../client/target.ts'
import { DayfoldError } from '../core/errors.ts'
import { homePaths } from '@dayfold/local-aws/home'
import type { HomeHolder } from '@dayfold/local-aws/home-lock'
import { interruptSignal } from './interrupt.ts'
import type { CommonFlags } from './options.ts'
import type { RawMount } from './raw-mounts.ts'

/** A target that is open for use. It must be closed afterwards. */
export interface Session {
  /** The deployment, as clients reach it. */
  readonly target: Target
  /** Seconds between two snapshots of an execution. */
  readonly pollSeconds: number
  /** Folder of the local target's state; undefined on AWS. */
  readonly home: string | undefined
  /** Ends the local services, if there are any, and lets other processes use the folder. */
  close(): Promise<void>
}

/** Intended use of a target, and callbacks while it is opened. */
export interface SessionOptions {
  /**
   * `run` may change the target; on this machine, only one process can do so at a time. `read` only reads, at any time.
   */
  readonly mode: 'run' | 'read'
  /** Returns the folders to show as raw data. @default none */
  readonly mounts?: (datasets: readonly TargetDataset[]) => readonly RawMount[]
  /** Called with a line to show about preparations and waits. */
  readonly note: (line: string) => void
  /** Ends the waiting for another process. @default nothing ends it */
  readonly signal?: AbortSignal
}

const PROJECT_ROOT = fileURLToPath(new URL('..', import.meta.url))
/** File in the home with everything that functions and jobs of the newest run printed. */
const LOG_FILE = 'run.log'
const LOCAL_POLL_SECONDS = 0.25
const AWS_POLL_SECONDS = 5

/**
 * Opens the target that the flags name, an account or this machine. It must be closed, or local processes go on.
 *
 * @throws DayfoldError InvalidInput for a missing stack or region, or if a folder to read holds no state
 * @throws DayfoldError InvalidConfiguration, InvalidDataset if synth fails
 */
export function openSession(flags: CommonFlags, options: SessionOptions): Promise<Session> {
  return flags.target === 'aws' ? openAws(flags) : openLocal(flags, options)
}

/** Exit code of a command that was ended by Ctrl-C, as a shell has it. */
export const INTERRUPTED = 130

/**
 * Runs work that Ctrl-C may end through its signal. The process's exit code becomes {@link INTERRUPTED} then, and the
 * error is dropped.
 */
export async function orInterrupted(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const signal = interruptSignal()
  try {
    await work(signal)
  } catch (error) {
    if (!signal.aborted) throw error
    process.exitCode = INTERRUPTED
  }
}

/**
 * Opens a session. If the signal aborts meanwhile, prints a note, closes the session, sets the exit code {@link
 * INTERRUPTED} and returns undefined.
 */
export async function openUnlessInterrupted(
  open: () => Promise<Session>,
  { note, signal }: Required<Pick<SessionOptions, 'note' | 'signal'>>,
): Promise<Session | undefined> {
  try {
    const session = await open()
    if (!signal.aborted) return session
    await session.close()
  } catch (error) {
    if (!signal.aborted) throw error
  }
  note('Stopped. Nothing was begun: run again when you like.')
  process.exitCode = INTERRUPTED
  return undefined
}

// Imported here, because --help and the local target do not need it.
async function openAws(flags: CommonFlags): Promise<Session> {
  const { awsTarget } = await import('../client/aws-target.ts')
  const region = flags.region === undefined ? {} : { region: flags.region }
  const target = await awsTarget({ stack: flags.stack!, ...region })
  return { target, pollSeconds: AWS_POLL_SECONDS, home: undefined, close: () => Promise.resolve() }
}

async function openLocal(flags: CommonFlags, options: SessionOptions): Promise<Session> {
  const home = resolve(flags.home)
  if (options.mode === 'read') checkHome(home)
  const lock = options.mode === 'run' ? await lockHome(home, options) : undefined
  try {
    if (options.mode === 'run') options.note('Preparing the app.')
    const { deployLocally } = await import('../local/deploy.ts')
    const aws = await deployLocally({
      projectRoot: PROJECT_ROOT,
      home,
      mode: options.mode,
      context: { ...flags.context },
      log: options.mode === 'run' ? logFile(home) : () => undefined,
      ...(options.mounts && { mounts: options.mounts }),
      ...(flags.datasets !== undefined && { registry: resolve(flags.datasets) }),
    })
    const close = async () => {
      await aws.close()
      await lock?.release()
    }
    return { target: aws.target, pollSeconds: LOCAL_POLL_SECONDS, home, close }
  } catch (error) {
    await lock?.release()
    throw error
  }
}

/** Reading must not create an empty home. */
function checkHome(home: string): void {
  if (existsSync(homePaths(home).s3)) return
  const found = existsSync(home) ? 'a folder that is none' : 'no such folder'
  throw new DayfoldError(
    'InvalidInput',
    `--home ${home}: expected the home of an earlier run, found ${found}. ` +
      'Start with: npm run -s dayfold -- run --from … --to …',
  )
}

/** The output of functions and jobs goes to a file, because it would drown the progress. A new run overwrites it. */
function logFile(home: string): (line: string) => void {
  const file = openSync(join(home, LOG_FILE), 'w')
  return (line) => void writeSync(file, `${line}\n`)
}

async function lockHome(home: string, { note, signal }: SessionOptions) {
  const { acquireHomeLock } = await import('@dayfold/local-aws/home-lock')
  const onWait = (holder: HomeHolder) =>
    note(`Waiting for process ${holder.pid}, which has worked on ${home} since ${holder.since}.`)
  return acquireHomeLock(home, { purpose: 'run', onWait, ...(signal && { signal }) })
}
