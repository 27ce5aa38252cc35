import { mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { join } from 'node:path'

const MEMORY = '/dev/shm'
/** Many times what tests ever have at once. */
const LEAST_FREE_BYTES = 4 * 2 ** 30

/** Temporary folders, which come and go by the hundred, are made in memory where the system has such a place. */
export default function keepHomesInMemory(): (() => void) | undefined {
  if (freeBytes() < LEAST_FREE_BYTES) return undefined
  const folder = mkdtempSync(join(MEMORY, 'dayfold-tests-'))
  process.env['TMPDIR'] = folder
  return () => rmSync(folder, { recursive: true, force: true })
}

function freeBytes(): number {
  try {
    const { bavail, bsize } = statfsSync(MEMORY)
    return bavail * bsize
  } catch {
    return 0
  }
}
