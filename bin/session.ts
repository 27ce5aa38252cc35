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

/** A target to work with, and what must be put away afterwards. */
export interface Session {
  readonly target: Target
  /** Seconds between two looks at an execution. */
  readonly pollSeconds: number
  /** Where the local target keeps its state; undefined on AWS. */
  readonly home: string | undefined
  close(): Promise<void>
}

export interface SessionOptions {
  /** `run` changes the target, one process at a time; `read` may go on beside it. */
  readonly mode: 'run' | 'read'
  /** What is shown as raw data. @default nothing */
  readonly mounts?: (datasets: readonly TargetDataset[]) => readonly RawMount[]
  /** A line about what is waited for. */
  readonly note: (line: string) => void
  readonly signal?: AbortSignal
}

const PROJECT_ROOT = fileURLToPath(new URL('..', import.meta.url))
/** In the home: what the functions and jobs of the newest run have printed. */
const LOG_FILE = 'run.log'
const LOCAL_POLL_SECONDS = 0.25
const AWS_POLL_SECONDS = 5

/**
 * Opens the target that the flags name. Close it, or its processes go on.
 *
 * @throws DayfoldError InvalidInput for a stack or region that is not there, or a home to read that is not one
 * @throws DayfoldError InvalidConfiguration, InvalidDataset when synth fails
 */
export function openSession(flags: CommonFlags, options: SessionOptions): Promise<Session> {
  return flags.target === 'aws' ? openAws(flags) : openLocal(flags, options)
}

/** The exit code of a shell for what SIGINT has ended. */
export const INTERRUPTED = 130

/** Does what Ctrl-C may end: the exit code says so then. */
export async function orInterrupted(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const signal = interruptSignal()
  try {
    await work(signal)
  } catch (error) {
    if (!signal.aborted) throw error
    process.exitCode = INTERRUPTED
  }
}

/** What `open` opens; undefined, after a word about it, when the signal aborts meanwhile. */
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

// Imported only when needed: --help and the other target do without.
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

/** Who only reads must not make an empty home, in which there is nothing to find. */
function checkHome(home: string): void {
  if (existsSync(homePaths(home).s3)) return
  const found = existsSync(home) ? 'a folder that is none' : 'no such folder'
  throw new DayfoldError(
    'InvalidInput',
    `--home ${home}: expected the home of an earlier run, found ${found}. ` +
      'Start with: npm run -s dayfold -- run --from … --to …',
  )
}

/** What functions and jobs print would drown the progress: it goes to a file, of the newest run alone. */
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
