import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import type { ScannedRegistry } from '../../lib/bundle/scan-registry.ts'

/** Part of a scan that says which files a registry is made of. */
export type RegistryFiles = Pick<ScannedRegistry, 'files'> & {
  /** True if the registry may have assets or packages that are not bundled. */
  readonly bringsAlong: boolean
}

interface Kept {
  readonly found: RegistryFiles
  readonly stamp: string
}

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
  if (kept && stampOf([...kept.found.files, ...packages]) === kept.stamp) return kept.found
  const begunAt = Date.now()
  const found = await scan()
  const newest = Math.max(
    ...found.files.map((file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Infinity),
  )
  if (newest + STABLE_AFTER_MS < begunAt) {
    mkdirSync(folder, { recursive: true })
    const temporary = `${path}.${process.pid}.tmp`
    writeFileSync(
      temporary,
      JSON.stringify({ found, stamp: stampOf([...found.files, ...packages]) } satisfies Kept),
    )
    renameSync(temporary, path)
  }
  return found
}

function readKept(path: string): Kept | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Kept
  } catch {
    // None yet, or one that cannot be read: the next scan writes it.
    return undefined
  }
}

function stampOf(files: readonly string[]): string {
  const hash = createHash('sha256').update(process.version)
  const folders = new Set<string>()
  for (const file of files) {
    const stats = statSync(file, { bigint: true, throwIfNoEntry: false })
    hash.update(`\0${file}\0${stats ? `${stats.size} ${stats.mtimeNs} ${stats.ino}` : ''}`)
    if (!file.includes('/node_modules/')) folders.add(dirname(file))
  }
  for (const folder of folders)
    if (existsSync(folder)) hash.update(JSON.stringify(readdirSync(folder).sort()))
  return hash.digest('hex')
}
