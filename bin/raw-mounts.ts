import { existsSync, readdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { TargetDataset } from '../client/target.ts'
import { DayfoldError } from '../core/errors.ts'
import { folderPatterns } from '../core/raw-layout.ts'
import { DEFAULT_READ_SETTINGS } from '../core/read-settings.ts'

/** A local folder whose files appear below a prefix of the local raw bucket. */
export interface RawMount {
  /** Prefix in the raw bucket, without a slash at the end. */
  readonly prefix: string
  /** Path of the folder. */
  readonly dir: string
}

/** Maximum number of folders that an error names. */
const MAX_NAMED = 5

/** Name and raw data location of a dataset. */
type Dataset = Pick<TargetDataset, 'name' | 'rawPrefix' | 'rawLayout'>

/**
 * Returns the folders that `--raw DIR` shows as raw data, with their prefixes in the raw bucket; none without `--raw`.
 * If DIR contains days in a dataset's layout, it is the raw data of the one named dataset. Otherwise each folder in it
 * is the raw data of the dataset with its name, or the beginning of a raw prefix.
 *
 * @param asked names given with `--dataset`
 * @param datasets datasets of the deployment
 * @throws DayfoldError InvalidInput for a missing or empty folder, or if DIR contains days and not exactly one dataset
 *   is named
 */
export function rawMounts(
  raw: string | undefined,
  asked: readonly string[] = [],
  datasets: readonly Dataset[] = [],
): RawMount[] {
  if (raw === undefined) return []
  const dir = resolve(raw)
  if (!existsSync(dir)) throw invalid(dir, 'found no such folder')
  const folders = foldersOf(dir)
  const named = asked.length === 0 ? datasets : datasets.filter(({ name }) => asked.includes(name))
  if (!named.some((dataset) => beginsLikeDays(folders, dataset))) {
    if (folders.length > 0)
      return folders.map((name) => ({ prefix: prefixOfFolder(name, datasets), dir: join(dir, name) }))
    throw invalid(dir, 'found no folders in it')
  }
  if (asked.length === 1) {
    const prefix = prefixOf(named[0]!)
    // With an empty raw prefix, the days are the bucket's top folders.
    if (prefix === '') return folders.map((name) => ({ prefix: name, dir: join(dir, name) }))
    return [{ prefix, dir }]
  }
  throw new DayfoldError(
    'InvalidInput',
    `--raw ${dir}: it holds days, so expected exactly one --dataset that they belong to, found ${asked.length}.`,
  )
}

/** A folder with the name of a dataset is that dataset's raw data, unless a raw prefix begins with it. */
function prefixOfFolder(name: string, datasets: readonly Dataset[]): string {
  if (datasets.some((dataset) => `${prefixOf(dataset)}/`.startsWith(`${name}/`))) return name
  const called = datasets.find((dataset) => dataset.name === name)
  return (called && prefixOf(called)) || name
}

function beginsLikeDays(folders: readonly string[], { rawLayout }: Dataset): boolean {
  const [first] = folderPatterns(layoutOf(rawLayout))
  return folders.some((name) => first!.test(name))
}

/**
 * Checks that the folders of `--raw` contain a day of at least one dataset. Without the check, a misspelt folder would
 * look like an empty one. Does nothing without folders.
 *
 * @param datasets datasets on which the execution is to work
 * @throws DayfoldError InvalidInput naming the folders that were expected and found
 */
export function checkMounts(mounts: readonly RawMount[], datasets: readonly Dataset[]): void {
  if (mounts.length === 0) return
  const shown = datasets.flatMap((dataset) =>
    folderShownAs(prefixOf(dataset), mounts).map((dir) => ({ dir, layout: layoutOf(dataset.rawLayout) })),
  )
  if (shown.some(({ dir, layout }) => holdsDay([dir], folderPatterns(layout)))) return
  if (shown.length > 0) {
    const found = shown
      .slice(0, MAX_NAMED)
      .map(({ dir, layout }) => firstBelow(dir, layout.split('/').length))
    const expected = [...new Set(shown.map(({ layout }) => layout))].join(' or ')
    throw new DayfoldError('InvalidInput', `--raw: expected folders ${expected}, found ${found.join(', ')}.`)
  }
  const found = mounts.slice(0, MAX_NAMED).map(({ dir }) => dir)
  const more = mounts.length > MAX_NAMED ? ` and ${mounts.length - MAX_NAMED} more` : ''
  const expected = datasets.flatMap(expectedFolders).join(' or ')
  throw new DayfoldError(
    'InvalidInput',
    `--raw: expected ${expected} in it, found ${found.join(', ')}${more}.`,
  )
}

/** Possible names of a dataset's day folders, below the mounts. */
function expectedFolders(dataset: Dataset): string[] {
  const names = [...new Set([dataset.name, prefixOf(dataset)])].filter((name) => name !== '')
  return names.map((name) => `${name}/${layoutOf(dataset.rawLayout)}`)
}

const prefixOf = ({ name, rawPrefix = name }: Dataset) => rawPrefix
const layoutOf = (rawLayout = DEFAULT_READ_SETTINGS.rawLayout) => rawLayout

/** Returns the local folder of a raw prefix; none if it is not mounted. */
function folderShownAs(prefix: string, mounts: readonly RawMount[]): string[] {
  if (prefix === '') return [...new Set(mounts.map(({ dir }) => dirname(dir)))]
  const mount = mounts.find((candidate) => `${prefix}/`.startsWith(`${candidate.prefix}/`))
  if (!mount) return []
  const dir = join(mount.dir, prefix.slice(mount.prefix.length))
  return existsSync(dir) ? [dir] : []
}

function holdsDay(dirs: readonly string[], [pattern, ...deeper]: readonly RegExp[]): boolean {
  if (!pattern) return dirs.length > 0
  return dirs.some((dir) => {
    const below = foldersOf(dir).filter((name) => pattern.test(name))
    return holdsDay(
      below.map((name) => join(dir, name)),
      deeper,
    )
  })
}

/** Returns the first folder below `dir`, at most `depth` levels deep. */
function firstBelow(dir: string, depth: number): string {
  const [first] = foldersOf(dir)
  return first === undefined || depth === 0 ? dir : firstBelow(join(dir, first), depth - 1)
}

/** Lists the names of the folders in a folder, in order; none if it is a file. */
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
    `--raw ${dir}: expected a folder that holds the days of a dataset, such as YYYY/MM/DD, or folders named after ` +
      `datasets or their rawPrefix that do; ${found}.`,
  )
}
