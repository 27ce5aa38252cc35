import { randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { LocalAwsError } from '../errors.ts'
import { readJsonFile, type DocumentKind } from './json-file.ts'
import { homePaths } from './paths.ts'

/**
 * The process that has locked a home. It writes these facts as JSON to its lock file, where waiting processes read
 * them.
 */
export interface HomeHolder {
  readonly pid: number
  /**
   * Start time of the process, in ticks since the machine's start, or null if unknown. It tells this process from a
   * later one with the same id.
   */
  readonly born: string | null
  /** ISO time at which the home was locked. If the lock file is unreadable, a text that says why, and what to do. */
  readonly since: string
  /** Purpose of the process, for people who wait for it. */
  readonly purpose: string
}

/** Options of {@link acquireHomeLock}. */
export interface HomeLockOptions {
  /** Purpose of this process, shown to people whose process waits for it. */
  readonly purpose: string
  /** Called when the wait for a holder begins, once per holder. @default no call */
  readonly onWait?: (holder: HomeHolder) => void
  /** Ends the wait. @default it lasts until the home is free */
  readonly signal?: AbortSignal
  /** Milliseconds between two attempts to lock, on average. @default 200 */
  readonly pollMilliseconds?: number
}

/** A lock on a home, held by this process until it is released or the process ends. */
export interface HomeLock {
  /** Lets other processes lock the home. */
  release(): Promise<void>
}

/**
 * Locks a home, so that only one process at a time runs on it; waits while another process holds it. Locks of dead
 * processes are ignored and removed.
 *
 * Every contender writes a file of its own, then reads the others. If two write at the same time, at least one sees the
 * other, removes its own file and tries again later. So no contender ever deletes the file of a living process, which
 * could happen with a single lock file that two contenders find stale at the same time.
 *
 * @throws the signal's reason if it aborts first
 */
export async function acquireHomeLock(home: string, options: HomeLockOptions): Promise<HomeLock> {
  const { purpose, onWait, signal, pollMilliseconds = 200 } = options
  const folder = homePaths(home).locks
  await mkdir(folder, { recursive: true })
  const name = `${process.pid}-${randomBytes(6).toString('hex')}.json`
  let announced: string | undefined
  for (;;) {
    signal?.throwIfAborted()
    const other = (await livingHolder(folder, name)) ?? (await tryTaking(folder, name, purpose))
    if (!other) return { release: () => rm(join(folder, name), { force: true }) }
    if (announced !== other.name) onWait?.(other.holder)
    announced = other.name
    // The pause varies, or two that stepped back would meet again.
    await sleep(pollMilliseconds * (0.5 + Math.random()), undefined, { ...(signal && { signal }) })
  }
}

interface Found {
  readonly name: string
  readonly holder: HomeHolder
}

/** Returns the holder that it stepped back for; undefined if it took the lock. */
async function tryTaking(folder: string, name: string, purpose: string): Promise<Found | undefined> {
  const holder: HomeHolder = {
    pid: process.pid,
    born: await birth(process.pid),
    since: new Date().toISOString(),
    purpose,
  }
  // The file is complete from the moment that it has its final name.
  const draft = join(folder, `${name}.draft`)
  await writeFile(draft, JSON.stringify(holder))
  await rename(draft, join(folder, name))
  const other = await livingHolder(folder, name)
  if (other) await rm(join(folder, name), { force: true })
  return other
}

/** Returns a living holder other than the owner of `own`, and removes what dead ones left. */
async function livingHolder(folder: string, own: string): Promise<Found | undefined> {
  for (const name of await readdir(folder)) {
    if (name === own || !name.endsWith('.json')) continue
    const holder = await readHolder(folder, name)
    // Gone meanwhile; its owner may write it again.
    if (!holder) continue
    if (holder !== 'nobody' && (await isAlive(holder))) return { name, holder }
    await rm(join(folder, name), { force: true })
  }
  return undefined
}

const KIND: DocumentKind = {
  what: 'who holds the home',
  members: ['pid', 'born', 'since'],
  remedy: 'It holds nothing else.',
}

/** Returns `nobody` for an unreadable file that names no other process; undefined if it is gone. */
async function readHolder(folder: string, name: string): Promise<HomeHolder | 'nobody' | undefined> {
  const path = join(folder, name)
  try {
    return await readJsonFile<HomeHolder>(path, KIND)
  } catch (error) {
    if (!(error instanceof LocalAwsError)) throw error
    // Its name still says who wrote it.
    const pid = Number(/^(\d+)-/.exec(name)?.[1] ?? 0)
    if (pid === 0 || pid === process.pid) return 'nobody'
    const since = `an unknown time (${error.message} Delete the file unless process ${pid} is a run.)`
    return { pid, born: null, since, purpose: 'unknown' }
  }
}

async function isAlive({ pid, born }: HomeHolder): Promise<boolean> {
  try {
    process.kill(pid, 0)
  } catch (error) {
    // EPERM: the process lives, but belongs to another user.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
  }
  const now = await birth(pid)
  return born === null || now === null || now === born
}

/** Ticks from the machine's start to the process's: field 22 of /proc/PID/stat, see proc(5). Null on other systems. */
async function birth(pid: number): Promise<string | null> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'latin1')
    // The program's name, in parentheses, may itself contain spaces and parentheses.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null
  } catch {
    return null
  }
}
