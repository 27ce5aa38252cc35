import { createHash } from 'node:crypto'
import { dirname, join } from 'node:path'
import { build } from 'esbuild'
import { assetsDigest, type Assets } from './assets.ts'
import type { LockEntries } from './lock-file.ts'
import { bundleError, externalDatasetApi, PROJECT_ROOT, SHARED_OPTIONS } from './options.ts'
import { packageNameIn, singlePackages, type Package } from './packages.ts'
import { withoutSettings } from './without-settings.ts'

/** A module that defines datasets. */
export interface DefiningModule {
  readonly path: string
  /** Packages that its datasets name. */
  readonly named: readonly Package[]
}

/** Modules to version, and packages to leave out of their bundles. */
export interface ModuleVersionsOptions {
  readonly modules: readonly DefiningModule[]
  /** Packages that are not bundled, whichever module imports them. */
  readonly unbundled: readonly Package[]
  /** Returns the lock entries that are installed for packages. */
  readonly lockedFor: (packages: readonly Package[]) => LockEntries
  /** Path of the registry, for messages. */
  readonly registry: string
}

/** Hexadecimal digits of a version. */
const DIGITS = 16

/**
 * Bundles each module to find out the basis of its datasets' versions: its own bundle without engine and settings, and
 * the packages that are installed for it.
 *
 * @throws DayfoldError InvalidDataset when one cannot be bundled
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

/** Basis of a feature version, beside the dataset's assets. */
export interface Version {
  readonly bundle: Uint8Array
  readonly installed: LockEntries
}

/** Returns the first 16 hexadecimal digits of the SHA-256 of everything that makes a dataset's rows. */
export function featureVersion({ bundle, installed }: Version, assets: Assets | undefined): string {
  const hash = createHash('sha256').update(bundle)
  const versions = Object.entries(installed).map(
    ([place, { version }]) => `\0package ${packageNameIn(place)}@${version}`,
  )
  for (const version of [...new Set(versions)].sort()) hash.update(version)
  if (assets) hash.update(`\0assets ${assetsDigest(assets)}`)
  return hash.digest('hex').slice(0, DIGITS)
}
