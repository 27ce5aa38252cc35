import { readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { DayfoldError } from '../core/errors.ts'

/** A folder shown in the raw bucket. */
export interface RawMount {
  readonly prefix: string
  readonly dir: string
}

const YEAR = /^\d{4}$/

/**
 * What `--raw DIR` shows: the folder itself, where it holds years, as the raw data of the one named dataset; else each
 * of its folders as the raw data of the dataset of that name.
 *
 * @throws DayfoldError InvalidInput for a folder that is neither, or one of years without exactly one dataset
 */
export function rawMounts(raw: string | undefined, datasets: readonly string[] = []): RawMount[] {
  if (raw === undefined) return []
  const dir = resolve(raw)
  const folders = foldersOf(dir)
  if (!folders.some((name) => YEAR.test(name))) {
    if (folders.length > 0) return folders.map((name) => ({ prefix: name, dir: join(dir, name) }))
    throw invalid(dir, 'found no folders in it')
  }
  const [prefix, ...others] = datasets
  if (prefix !== undefined && others.length === 0) return [{ prefix, dir }]
  throw new DayfoldError(
    'InvalidInput',
    `--raw ${dir}: it holds years, so expected exactly one --dataset that they belong to, found ${datasets.length}.`,
  )
}

function foldersOf(dir: string): string[] {
  try {
    return readdirSync(dir, { withFileTypes: true })
      .filter((entry) => (entry.isDirectory() || entry.isSymbolicLink()) && !entry.name.startsWith('.'))
      .map(({ name }) => name)
  } catch {
    throw invalid(dir, 'found no such folder')
  }
}

function invalid(dir: string, found: string): DayfoldError {
  return new DayfoldError(
    'InvalidInput',
    `--raw ${dir}: expected a folder that holds YYYY/MM/DD, or folders named after datasets that do; ${found}.`,
  )
}
