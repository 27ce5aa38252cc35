import { createHash } from 'node:crypto'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { hashFile } from '../../lib/bundle/hash-file.ts'
import { featureVersions, readRegistry } from '../../lib/bundle/registry.ts'
import { scanRegistry } from '../../lib/bundle/scan-registry.ts'
import { keptScan, type RegistryFiles } from './kept-scan.ts'

/** Inputs of a synth: the project's folder, the CDK context and the datasets. */
export interface FingerprintOptions {
  readonly projectRoot: string
  readonly context: Readonly<Record<string, unknown>>
  /** Absolute path of the module that exports `datasets`. */
  readonly registry: string
}

/** Folder of the datasets that are deployed unless a registry is named. */
export const OWN_DATASETS = 'processing/datasets'
/** Folders and files of the project that synth reads; the lock file stands for all packages. */
export const SOURCES = [
  'bin/app.ts',
  'lib',
  'lambda',
  'report',
  'aws',
  'processing',
  'core',
  'cdk.json',
  'package.json',
  'package-lock.json',
]

/**
 * Returns a digest of everything that synth reads, by which an earlier result is found again: 16 hexadecimal digits,
 * the same wherever the project lies.
 *
 * @throws DayfoldError InvalidDataset if the registry imports a missing file
 */
export async function fingerprint({ projectRoot, context, registry }: FingerprintOptions): Promise<string> {
  const own = ownFiles(projectRoot)
  const covered = new Set(own)
  const { files: imported, versions } = covered.has(registry)
    ? { files: [], versions: {} }
    : await readElsewhere(registry, projectRoot)
  const files = [...own, ...imported.filter((file) => !covered.has(file))]
  return digest(projectRoot, [process.version, context, versions], files)
}

/**
 * Returns a digest of everything that synth reads but the datasets and the context, for what is made of it alone: 16
 * hexadecimal digits.
 */
export function programsFingerprint(projectRoot: string): string {
  const datasets = join(projectRoot, OWN_DATASETS) + sep
  return digest(
    projectRoot,
    [],
    ownFiles(projectRoot).filter((file) => !file.startsWith(datasets)),
  )
}

const ownFiles = (projectRoot: string) => SOURCES.flatMap((source) => filesUnder(join(projectRoot, source)))

function digest(projectRoot: string, values: readonly unknown[], files: readonly string[]): string {
  const hash = createHash('sha256').update(JSON.stringify(values))
  for (const file of [...files].sort()) {
    const name = file.startsWith(projectRoot + sep) ? file.slice(projectRoot.length) : file
    hashFile(hash.update(`\0${name}\0`), file)
  }
  return hash.digest('hex').slice(0, 16)
}

function filesUnder(path: string): string[] {
  const found = statSync(path, { throwIfNoEntry: false })
  // The app refuses anything else, such as a pipe.
  if (!found?.isDirectory()) return found?.isFile() ? [path] : []
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.name !== 'node_modules')
    .flatMap((entry) => filesUnder(join(path, entry.name)))
}

/** Lists the files that synth reads for a registry outside the project, except the project's own packages. */
async function readElsewhere(
  registry: string,
  projectRoot: string,
): Promise<Pick<RegistryFiles, 'files' | 'versions'>> {
  const ofProject = join(projectRoot, 'node_modules') + sep
  const { files, versions } = await keptScan(
    {
      registry,
      folder: join(projectRoot, 'build/scans'),
      packages: ['package-lock.json', 'node_modules/.package-lock.json'].map((file) =>
        join(projectRoot, file),
      ),
    },
    () => scan(registry),
  )
  return { files: files.filter((file) => !file.startsWith(ofProject) && existsSync(file)), versions }
}

async function scan(registry: string): Promise<RegistryFiles> {
  const { files, packages, named, saysAssets } = await scanRegistry(registry)
  if (!saysAssets && packages.length + named.length === 0)
    return { files, versions: {}, others: [], folders: [] }
  const { datasets, assets, lockFile: lock } = await readRegistry(registry)
  const assetFiles = assets.flatMap((each) => each.files.map((file) => join(each.folder, file)))
  return {
    files,
    versions: featureVersions(datasets),
    others: [...assetFiles, ...(lock ? [lock, join(dirname(lock), 'package.json')] : [])],
    folders: [
      ...assets.flatMap(({ folder, files: below }) => [
        folder,
        ...below.flatMap((file) => parents(folder, file)),
      ]),
      ...(lock ? parents(dirname(lock), relative(dirname(lock), registry)) : []),
    ],
  }
}

/** Lists the folders between a folder and a file below it. */
function parents(folder: string, file: string): string[] {
  const names = file.split(/[\\/]/).slice(0, -1)
  return names.map((_, index) => join(folder, ...names.slice(0, index + 1)))
}
