import { createHash } from 'node:crypto'
import { dirname, join } from 'node:path'
import { build } from 'esbuild'
import { assetsDigest, type Assets } from './assets.ts'
import type { LockEntries } from './lock-file.ts'
import { bundleError, externalDatasetApi, PROJECT_ROOT, SHARED_OPTIONS } from './options.ts'
import { packageNameIn, singlePackages, type Package } from './packages.ts'
import { withoutSettings } from './without-settings.ts'

/** A module that defines datasets, from which their feature versions are computed. */
export interface DefiningModule {
  /** Path of the module. */
  readonly path: string
  /** Packages that its datasets name in `packages`. */
  readonly named: readonly Package[]
}

/** Modules whose code is to be versioned, and the packages that stay out of their bundles. */
export interface ModuleVersionsOptions {
  readonly modules: readonly DefiningModule[]
  /** Packages that are not bundled, whichever module imports them. */
  readonly unbundled: readonly Package[]
  /** Returns the entries in package-lock.json of packages and everything that they need. */
  readonly lockedFor: (packages: readonly Package[]) => LockEntries
  /** Path of the module that exports `datasets`, for messages. */
  readonly registry: string
}

/** Hexadecimal digits of a version. */
const DIGITS = 16

/**
 * Bundles each module, without the engine and without settings, to find out what the feature versions of its datasets
 * depend on. Returns that by the module's path.
 *
 * @throws DayfoldError InvalidDataset if one cannot be bundled
 */
export async function moduleVersions(options: ModuleVersionsOptions): Promise<Map<string, Version>> {
  const versions = new Map<string, Version>()
  const byNames = new Map<string, DefiningModule[]>()
  for (const module of options.modules) {
    const names = module.named.map(({ name }) => name).join()
    byNames.set(names, [...(byNames.get(names) ?? []), module])
  }
  for (const modules of byNames.values()) {
    for (const [path, version] of await bundledVersions(modules, options)) versions.set(path, version)
  }
  return versions
}

/** Bundles modules that name the same packages; those that only others name are bundled. */
async function bundledVersions(
  modules: readonly DefiningModule[],
  { unbundled, lockedFor, registry }: ModuleVersionsOptions,
): Promise<[path: string, version: Version][]> {
  const { named } = modules[0]!
  const packages = singlePackages([...unbundled, ...named])
  const entryPoints = modules.map(({ path }, index) => ({ in: path, out: String(index) }))
  const outdir = join(PROJECT_ROOT, 'build')
  try {
    const plugins = [externalDatasetApi(), withoutSettings()]
    const external = packages.map(({ name }) => name)
    const { outputFiles, metafile } = await build({
      ...SHARED_OPTIONS,
      ...{ entryPoints, outdir, external, plugins },
      write: false,
    })
    const byPath = new Map(outputFiles.map((file) => [file.path, file.contents]))
    return modules.map(({ path }, index) => {
      const file = join(outdir, `${index}.js`)
      const imported = metafile.outputs[`build/${index}.js`]!.imports.map((each) => packageNameIn(each.path))
      const used = packages.filter((each) => named.includes(each) || imported.includes(each.name))
      return [path, { bundle: byPath.get(file)!, installed: lockedFor(used) }]
    })
  } catch (cause) {
    throw bundleError(`Registry ${registry}`, cause, dirname(registry))
  }
}

/**
 * Code of a module that defines datasets, and the packages installed for it. A feature version is a digest of these and
 * the dataset's assets.
 */
export interface Version {
  /** Minified bundle of the module, without the engine and without settings. */
  readonly bundle: Uint8Array
  /** Entries in package-lock.json of the packages that are not bundled. */
  readonly installed: LockEntries
}

/**
 * Returns the version of a dataset's feature code: the first 16 hexadecimal digits of the SHA-256 of everything that
 * makes its rows.
 *
 * @param assets undefined if the dataset has none
 */
export function featureVersion({ bundle, installed }: Version, assets: Assets | undefined): string {
  const hash = createHash('sha256').update(bundle)
  const versions = Object.entries(installed).map(
    ([place, { version }]) => `\0package ${packageNameIn(place)}@${version}`,
  )
  for (const version of [...new Set(versions)].sort()) hash.update(version)
  if (assets) hash.update(`\0assets ${assetsDigest(assets)}`)
  return hash.digest('hex').slice(0, DIGITS)
}
