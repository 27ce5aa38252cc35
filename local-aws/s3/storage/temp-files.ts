import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'

/** Files on their way into the tree, in a folder of this process. */
export interface TempFiles {
  readonly dir: string
  /** Returns a path that was not used before. */
  readonly newFile: () => string
}

const mine = new Set<string>()

/** Creates a folder for temporary files below `parent`, and removes those of dead processes. */
export function createTempFiles(parent: string): TempFiles {
  mkdirSync(parent, { recursive: true })
  for (const name of readdirSync(parent)) {
    if (!isAlive(name)) rmSync(join(parent, name), { recursive: true, force: true })
  }
  const dir = mkdtempSync(join(parent, `${process.pid}-`))
  mine.add(basename(dir))
  let count = 0
  return { dir, newFile: () => `${dir}/${(count += 1)}` }
}

function isAlive(folder: string): boolean {
  const pid = Number.parseInt(folder, 10)
  if (pid === process.pid) return mine.has(folder)
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/**
 * Returns the time of the file system's own clock, in milliseconds: files written before this call are older, files
 * written after it are not. That clock ticks more coarsely than the system's, so it has to be asked.
 */
export function fileSystemNow(temp: TempFiles): number {
  const path = temp.newFile()
  const touch = () => {
    writeFileSync(path, 'x')
    return statSync(path).mtimeMs
  }
  const first = touch()
  let now = first
  while (now <= first) {
    now = touch()
  }
  rmSync(path)
  return now
}
