import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Returns a function that resolves to a folder for the temporary files of this process, `<root>/<process id>`. Its
 * first call creates the folder and removes those of processes that have ended.
 */
export function privateFolder(root: string): () => Promise<string> {
  let made: Promise<string> | undefined
  const make = async () => {
    await mkdir(join(root, String(process.pid)), { recursive: true })
    const others = (await readdir(root)).filter((name) => /^\d+$/.test(name) && !isAlive(Number(name)))
    await Promise.all(others.map((name) => rm(join(root, name), { recursive: true, force: true })))
    return join(root, String(process.pid))
  }
  return () => (made ??= make())
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
