import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'

/**
 * Makes a folder that other processes may be making too: it appears as a whole, and the first one stays. Does nothing
 * if it exists.
 *
 * @param make fills an empty folder, which then gets the name
 * @throws what `make` throws, unless the folder has appeared meanwhile
 */
export async function makeFolder(folder: string, make: (temporary: string) => Promise<void>): Promise<void> {
  if (existsSync(folder)) return
  mkdirSync(dirname(folder), { recursive: true })
  const temporary = mkdtempSync(join(dirname(folder), '.new-'))
  try {
    await make(temporary)
    renameSync(temporary, folder)
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true })
    if (!existsSync(folder)) throw error
  }
}
