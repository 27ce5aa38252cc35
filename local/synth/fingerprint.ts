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
  const { files: imported, versions } = covered.has(registry)
    ? { files: [], versions: {} }
    : await readElsewhere(registry, projectRoot)
  const files = [...own, ...imported.filter((file) => !covered.has(file))]
  const hash = createHash('sha256').update(JSON.stringify([process.version, context, versions]))
  for (const file of files.sort()) {
    const name = file.startsWith(projectRoot + sep) ? file.slice(projectRoot.length) : file
    hashFile(hash.update(`\0${name}\0`), file)
  }
  return hash.digest('hex').slice(0, 16)
}

function filesUnder(path: string): string[] {
  const found = statSync(path, { throwIfNoEntry: false })
  // What is neither, such as a pipe, is refused by the app.
  if (!found?.isDirectory()) return found?.isFile() ? [path] : []
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.name !== 'node_modules')
    .flatMap((entry) => filesUnder(join(path, entry.name)))
}

/** What of a registry elsewhere synth reads, but for the project's own packages. */
async function readElsewhere(registry: string, projectRoot: string): Promise<ReadElsewhere> {
  const ofProject = join(projectRoot, 'node_modules') + sep
  const { files, packages, named, saysAssets } = await scanRegistry(registry)
  const bringsAlong = saysAssets || packages.length + named.length > 0
  return {
    files: files.filter((file) => !file.startsWith(ofProject) && existsSync(file)),
    versions: bringsAlong ? await featureVersions(registry) : {},
  }
}

interface ReadElsewhere {
  readonly files: readonly string[]
  /** Of datasets that may bring along what is not bundled: assets and locked versions are in them. */
  readonly versions: Readonly<Record<string, string>>
}
