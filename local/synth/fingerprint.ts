import { createHash } from 'node:crypto'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join, sep } from 'node:path'
import { hashFile } from '../../lib/bundle/hash-file.ts'
import { featureVersions } from '../../lib/bundle/registry.ts'
import { scanRegistry } from '../../lib/bundle/scan-registry.ts'

export interface FingerprintOptions {
  readonly projectRoot: string
  readonly context: Readonly<Record<string, unknown>>
  /** Absolute path of the module that exports `datasets`. */
  readonly registry: string
}

/** Folders and files that synth reads; packages are covered by the lock file. */
const SOURCES = [
  'bin/app.ts',
  'lib',
  'lambda',
  'aws',
  'processing',
  'core',
  'cdk.json',
  'package.json',
  'package-lock.json',
]

/**
 * A digest of all that synth reads: 16 hexadecimal digits, the same in every folder.
 *
 * @throws DayfoldError InvalidDataset when the registry imports something that is not there
 */
export async function fingerprint({ projectRoot, context, registry }: FingerprintOptions): Promise<string> {
  const own = SOURCES.flatMap((source) => filesUnder(join(projectRoot, source)))
  const covered = new Set(own)
  const isElsewhere = !covered.has(registry)
  const imported = isElsewhere ? await elsewhere(registry, projectRoot) : []
  const files = [...own, ...imported.filter((file) => !covered.has(file))]
  const hash = createHash('sha256').update(JSON.stringify([process.version, context]))
  for (const file of files.sort()) {
    const name = file.startsWith(projectRoot + sep) ? file.slice(projectRoot.length) : file
    hashFile(hash.update(`\0${name}\0`), file)
  }
  // Assets and locked versions are in them.
  if (isElsewhere) hash.update(JSON.stringify(await featureVersions(registry)))
  return hash.digest('hex').slice(0, 16)
}

function filesUnder(path: string): string[] {
  const found = statSync(path, { throwIfNoEntry: false })
  if (!found?.isDirectory()) return found ? [path] : []
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.name !== 'node_modules')
    .flatMap((entry) => (entry.isDirectory() ? filesUnder(join(path, entry.name)) : [join(path, entry.name)]))
}

/** What of a registry elsewhere synth reads, but for the project's own packages. */
async function elsewhere(registry: string, projectRoot: string): Promise<readonly string[]> {
  const packages = join(projectRoot, 'node_modules') + sep
  const { files } = await scanRegistry(registry)
  return files.filter((file) => !file.startsWith(packages) && existsSync(file))
}
