import { readFileSync } from 'node:fs'
import { join, relative, resolve, sep } from 'node:path'
import { writeJsonFile } from '@dayfold/local-aws/json-file'
import type { CommonFlags } from './options.ts'

/** File in the home that names the folder of raw files of the newest run. */
const FILE = 'last-raw.json'

/** Notes in the home which folder a run gets as `--raw`. */
export const noteRaw = (home: string, raw: string): Promise<void> =>
  writeJsonFile(join(home, FILE), { folder: resolve(raw) })

/**
 * Returns the folder that the newest run with `--raw` got, relative to the working directory if it lies below it;
 * undefined if there was none. A run that misses it takes days with raw files for empty ones.
 */
export function lastRaw(home: string): string | undefined {
  let folder: unknown
  try {
    ;({ folder } = JSON.parse(readFileSync(join(home, FILE), 'utf8')) as { folder?: unknown })
  } catch {
    // No run has noted one.
    return undefined
  }
  if (typeof folder !== 'string') return undefined
  const below = relative('.', folder)
  return below === '..' || below.startsWith(`..${sep}`) ? folder : below || '.'
}

/**
 * Returns flags with which commands are printed that work on the same days again: on this machine they name the folder
 * of raw files that the newest run had, unless the flags name one.
 */
export function withLastRaw<F extends CommonFlags>(flags: F): F {
  const raw = flags.target === 'local' && flags.raw === undefined ? lastRaw(flags.home) : undefined
  return raw === undefined ? flags : { ...flags, raw }
}
