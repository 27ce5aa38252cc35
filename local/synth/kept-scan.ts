import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { writeJsonFile } from '@dayfold/local-aws/json-file'

/** Files that a registry is made of, and the versions that they give. */
export interface RegistryFiles {
  /** Real paths of all files in a bundle of it. */
  readonly files: readonly string[]
  /** Feature versions by dataset, which cover assets and locked packages; empty if no dataset has any of these. */
  readonly versions: Readonly<Record<string, string>>
  /** Paths of further files that the versions depend on: assets and lock files. */
  readonly others: readonly string[]
  /** Paths of folders in which a new file may change the versions. */
  readonly folders: readonly string[]
}

interface Kept {
  readonly version: number
  readonly found: RegistryFiles
  readonly stamp: string
}

/** Number of the kept documents' shape: another release's are not read. */
const VERSION = 2
/** A file that changed this shortly before a scan may change again without a newer time. */
const STABLE_AFTER_MS = 100

/**
 * Returns what `scan` finds, or what it found in an earlier process if nothing that it looks at has changed since: the
 * size, time and inode of each file, and the names in the folders of the registry's own files, where a new file may take
 * the place of another. A scan bundles the registry twice, which takes most of the time of a short command.
 *
 * @param folder where results are kept, one file per registry
 * @param packages files whose change stands for a change of installed packages
 */
export async function keptScan(
  { registry, folder, packages }: { registry: string; folder: string; packages: readonly string[] },
  scan: () => Promise<RegistryFiles>,
): Promise<RegistryFiles> {
  const path = join(folder, `${createHash('sha256').update(registry).digest('hex').slice(0, 16)}.json`)
  const kept = readKept(path)
  if (kept && stampOf(kept.found, packages) === kept.stamp) return kept.found
  const begunAt = Date.now()
  const found = await scan()
  const newest = Math.max(
    ...[...found.files, ...found.others].map(
      (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Infinity,
    ),
  )
  if (newest + STABLE_AFTER_MS < begunAt) {
    await writeJsonFile(path, { version: VERSION, found, stamp: stampOf(found, packages) } satisfies Kept)
  }
  return found
}

function readKept(path: string): Kept | undefined {
  try {
    const kept = JSON.parse(readFileSync(path, 'utf8')) as Kept
    return kept.version === VERSION ? kept : undefined
  } catch {
    // None yet, or one that cannot be read: the next scan writes it.
    return undefined
  }
}

function stampOf({ files, others, folders: watched }: RegistryFiles, packages: readonly string[]): string {
  const hash = createHash('sha256').update(process.version)
  const folders = new Set(watched)
  for (const file of [...files, ...others, ...packages]) {
    const stats = statSync(file, { bigint: true, throwIfNoEntry: false })
    hash.update(`\0${file}\0${stats ? `${stats.size} ${stats.mtimeNs} ${stats.ino}` : ''}`)
    if (!file.includes('/node_modules/')) folders.add(dirname(file))
  }
  for (const folder of folders)
    if (existsSync(folder)) hash.update(JSON.stringify(readdirSync(folder).sort()))
  return hash.digest('hex')
}
