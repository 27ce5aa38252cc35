import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** Names the folder of the program. */
export const PROGRAM = 'DAYFOLD_TEST_PROGRAM'

/** The container's program with the fixtures' registry, as the project `local` has bundled it. Not to be written to. */
export function useProgram(): { readonly folder: string; readonly workerUrl: URL } {
  const folder = process.env[PROGRAM]
  if (folder === undefined) throw new Error('Program: expected a test of the project local.')
  return { folder, workerUrl: pathToFileURL(join(folder, 'worker.mjs')) }
}
