import { randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { LocalAwsError } from '../errors.ts'
import { readJsonFile, type DocumentKind } from './json-file.ts'
import { homePaths } from './paths.ts'

/** Who holds a home. */
export interface HomeHolder {
  readonly pid: number
  /** When the process was born, in the operating system's own count: tells apart processes that had the same id. */
  readonly born: string | null
  /** ISO time at which the home was taken, or why that is not known and what to do. */
  readonly since: string
  /** What the process does, for people who wait for it. */
  readonly purpose: string
}

export interface HomeLockOptions {
  readonly purpose: string
  /** Called once for every other holder that is waited for. */
  readonly onWait?: (holder: HomeHolder) => void
  readonly signal?: AbortSignal
  /** @default 200 */
  readonly pollMilliseconds?: number
}

export interface HomeLock {
  release(): Promise<void>
}

/**
 * Takes a home for one process, waiting for whoever has it. The lock of a process that died counts for nothing.
 *
 * Every contender writes a file of its own, then looks at the others': of two that write at once, at least one sees
 * the other, and who sees a living other steps back. Nobody ever deletes a file that a living process relies on, which
 * is where one lock file for all goes wrong when two find it stale at the same time.
 *
 * @throws the signal's reason when it aborts meanwhile
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
    // Not the same pause for all, or two that stepped back would meet again.
    await sleep(pollMilliseconds * (0.5 + Math.random()), undefined, { ...(signal && { signal }) })
  }
}

interface Found {
  readonly name: string
  readonly holder: HomeHolder
}

/** Whom it stepped back for; undefined when the lock is taken. */
async function tryTaking(folder: string, name: string, purpose: string): Promise<Found | undefined> {
  const holder: HomeHolder = {
    pid: process.pid,
    born: await birth(process.pid),
    since: new Date().toISOString(),
    purpose,
  }
  // Under its final name it is whole from the first moment.
  const draft = join(folder, `${name}.draft`)
  await writeFile(draft, JSON.stringify(holder))
  await rename(draft, join(folder, name))
  const other = await livingHolder(folder, name)
  if (other) await rm(join(folder, name), { force: true })
  return other
}

/** A living process other than the owner of `own`; what dead ones left is removed. */
async function livingHolder(folder: string, own: string): Promise<Found | undefined> {
  for (const name of await readdir(folder)) {
    if (name === own || !name.endsWith('.json')) continue
    const holder = await readHolder(folder, name)
    // Its owner may write it again.
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

/** `nobody` for a file that says nothing and is named after no other process; undefined when it is gone. */
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
    // EPERM: it lives, and is somebody else's.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
  }
  const now = await birth(pid)
  return born === null || now === null || now === born
}

/** Ticks from the machine's start to the process's: field 22 of /proc/PID/stat, see proc(5). Null elsewhere. */
async function birth(pid: number): Promise<string | null> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'latin1')
    // The name of the program, in brackets, may hold spaces and brackets itself.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null
  } catch {
    return null
  }
}
