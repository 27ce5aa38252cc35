import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'

/** Folder for the temporary files of this process, such as bodies that are still arriving. */
export interface TempFiles {
  /** Path of the folder. */
  readonly dir: string
  /** Returns the path for a new file in the folder, which was not returned before. */
  readonly newFile: () => string
}

const mine = new Set<string>()

/** Creates a new folder for temporary files below `parent`, and removes the folders of processes that have ended. */
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
 * Returns the current time of the file system, in milliseconds since 1970, such that files written before this call are
 * older and files written after it are not. The file system's clock has coarser ticks than the machine's, so the time
 * is read from a new file.
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
