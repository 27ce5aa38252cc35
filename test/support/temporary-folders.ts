import { mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const MEMORY = '/dev/shm'
/** Many times the bytes that tests ever need at once. */
const LEAST_FREE_BYTES = 4 * 2 ** 30

/**
 * Puts all temporary folders in a place of their own, which is removed after the last test. There are hundreds of them,
 * so that the place is in memory if the system has room for it.
 */
export default function placeTemporaryFolders(): () => void {
  const place = mkdtempSync(join(freeBytes(MEMORY) < LEAST_FREE_BYTES ? tmpdir() : MEMORY, 'dayfold-tests-'))
  process.env['TMPDIR'] = place
  return () => rmSync(place, { recursive: true, force: true })
}

function freeBytes(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder)
    return bavail * bsize
  } catch {
    return 0
  }
}
