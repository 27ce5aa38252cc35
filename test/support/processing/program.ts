import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** Environment variable with the folder of the program. */
export const PROGRAM = 'DAYFOLD_TEST_PROGRAM'

/** Returns the container's program with the fixtures' registry, as the setup has bundled it. Read-only. */
export function useProgram(): { readonly folder: string; readonly workerUrl: URL } {
  const folder = process.env[PROGRAM]
  if (folder === undefined) throw new Error('Program: expected a test of the project local.')
  return { folder, workerUrl: pathToFileURL(join(folder, 'worker.mjs')) }
}
