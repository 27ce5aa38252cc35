import { mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const MEMORY = '/dev/shm'
/** Many times what tests ever have at once. */
const LEAST_FREE_BYTES = 4 * 2 ** 30

/**
 * Gives all temporary folders a place of their own, which goes with the last test. They come and go by the hundred: the
 * place is in memory where the system has room for it.
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
