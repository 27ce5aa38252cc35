import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { DayfoldError } from '../core/errors.ts'

/** A folder shown in the raw bucket. */
export interface RawMount {
  readonly prefix: string
  readonly dir: string
}

const YEAR = /^\d{4}$/
const MONTH_OR_DAY = /^\d{2}$/
/** Folders that an error names. */
const MAX_NAMED = 5

/**
 * What `--raw DIR` shows: the folder itself, where it holds years, as the raw data of the one named dataset; else each
 * of its folders as the raw data of the dataset of that name.
 *
 * @throws DayfoldError InvalidInput for a folder that is neither, or one of years without exactly one dataset
 */
export function rawMounts(raw: string | undefined, datasets: readonly string[] = []): RawMount[] {
  if (raw === undefined) return []
  const dir = resolve(raw)
  if (!existsSync(dir)) throw invalid(dir, 'found no such folder')
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

/**
 * Checks that what is mounted holds a day of at least one dataset: a misspelt folder would be an empty one.
 *
 * @param prefixes raw prefixes of the datasets that are asked for
 * @throws DayfoldError InvalidInput naming the folders that were expected and those that were found
 */
export function checkMounts(mounts: readonly RawMount[], prefixes: readonly string[]): void {
  if (mounts.length === 0) return
  const shown = prefixes.flatMap((prefix) => folderShownAs(prefix, mounts))
  if (shown.some(holdsDay)) return
  if (shown.length > 0) {
    const found = shown.slice(0, MAX_NAMED).map((dir) => firstBelow(dir))
    throw new DayfoldError('InvalidInput', `--raw: expected folders YYYY/MM/DD, found ${found.join(', ')}.`)
  }
  const found = mounts.slice(0, MAX_NAMED).map(({ dir }) => dir)
  const more = mounts.length > MAX_NAMED ? ` and ${mounts.length - MAX_NAMED} more` : ''
  const expected = prefixes.map((prefix) => `${prefix}/YYYY/MM/DD`).join(' or ')
  throw new DayfoldError(
    'InvalidInput',
    `--raw: expected ${expected} in it, found ${found.join(', ')}${more}.`,
  )
}

/** The folder in which a raw prefix lies, where there is one. */
function folderShownAs(prefix: string, mounts: readonly RawMount[]): string[] {
  const mount = mounts.find((candidate) => `${prefix}/`.startsWith(`${candidate.prefix}/`))
  if (!mount) return []
  const dir = join(mount.dir, prefix.slice(mount.prefix.length))
  return existsSync(dir) ? [dir] : []
}

function holdsDay(dir: string): boolean {
  return below(dir, YEAR).some((year) =>
    below(year, MONTH_OR_DAY).some((month) => below(month, MONTH_OR_DAY).length > 0),
  )
}

const below = (dir: string, pattern: RegExp) =>
  foldersOf(dir)
    .filter((name) => pattern.test(name))
    .map((name) => join(dir, name))

/** A folder with what it holds first, as deep as days are. */
function firstBelow(dir: string, depth = 3): string {
  const [first] = foldersOf(dir)
  return first === undefined || depth === 0 ? dir : firstBelow(join(dir, first), depth - 1)
}

/** Names of the folders in a folder, in order; none where it is a file. */
function foldersOf(dir: string): string[] {
  try {
    return readdirSync(dir, { withFileTypes: true })
      .filter((entry) => (entry.isDirectory() || entry.isSymbolicLink()) && !entry.name.startsWith('.'))
      .map(({ name }) => name)
      .sort()
  } catch {
    return []
  }
}

function invalid(dir: string, found: string): DayfoldError {
  return new DayfoldError(
    'InvalidInput',
    `--raw ${dir}: expected a folder that holds YYYY/MM/DD, or folders named after datasets that do; ${found}.`,
  )
}
