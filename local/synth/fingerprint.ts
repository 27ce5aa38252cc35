import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, resolve, sep } from 'node:path'
import { build } from 'esbuild'
import { bundleError, programImports, SHARED_OPTIONS } from '../../lib/bundle/options.ts'

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
  const imported = covered.has(registry) ? [] : await importsOf(registry, projectRoot)
  const files = [...own, ...imported.filter((file) => !covered.has(file))]
  const hash = createHash('sha256').update(JSON.stringify([process.version, context]))
  for (const file of files.sort()) {
    const name = file.startsWith(projectRoot + sep) ? file.slice(projectRoot.length) : file
    hash.update(`\0${name}\0`).update(readFileSync(file))
  }
  return hash.digest('hex').slice(0, 16)
}

function filesUnder(path: string): string[] {
  const found = statSync(path, { throwIfNoEntry: false })
  if (!found?.isDirectory()) return found ? [path] : []
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.name !== 'node_modules')
    .flatMap((entry) => (entry.isDirectory() ? filesUnder(join(path, entry.name)) : [join(path, entry.name)]))
}

/** The registry and every file that it imports, but for the project's own packages. */
async function importsOf(registry: string, projectRoot: string): Promise<string[]> {
  try {
    const { metafile } = await build({
      ...SHARED_OPTIONS,
      entryPoints: [registry],
      plugins: [programImports(registry)],
      external: ['snappy'],
      minify: false,
      write: false,
    })
    const packages = join(projectRoot, 'node_modules') + sep
    return Object.keys(metafile.inputs)
      .map((input) => resolve(SHARED_OPTIONS.absWorkingDir, input))
      .filter((file) => !file.startsWith(packages) && existsSync(file))
  } catch (cause) {
    throw bundleError(`Registry ${registry}`, cause)
  }
}
