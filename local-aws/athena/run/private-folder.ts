import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Returns a function that creates a folder of this process's own below `root` when it is first called; it also removes
 * those of dead processes then.
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
