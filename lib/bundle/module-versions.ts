import { createHash } from 'node:crypto'
import { join } from 'node:path'
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

export interface ModuleVersionsOptions {
  readonly modules: readonly DefiningModule[]
  /** Packages that are not bundled, whoever imports them. */
  readonly unbundled: readonly Package[]
  /** What is installed for packages. */
  readonly lockedFor: (packages: readonly Package[]) => LockEntries
  /** For messages. */
  readonly registry: string
}

/** Digits of a version. */
const DIGITS = 16

/**
 * What the version of each module's datasets follows from: its own bundle, the engine and the settings left out, and
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

/** The versions of modules that name the same packages: another's are bundled. */
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
    throw bundleError(`Registry ${registry}`, cause)
  }
}

/** What a version follows from. */
export interface Version {
  readonly bundle: Uint8Array
  readonly installed: LockEntries
}

/** The first 16 hex digits of the SHA-256 of all that makes a dataset's rows. */
export function featureVersion({ bundle, installed }: Version, assets: Assets | undefined): string {
  const hash = createHash('sha256').update(bundle)
  const versions = Object.entries(installed).map(
    ([place, { version }]) => `\0package ${packageNameIn(place)}@${version}`,
  )
  for (const version of [...new Set(versions)].sort()) hash.update(version)
  if (assets) hash.update(`\0assets ${assetsDigest(assets)}`)
  return hash.digest('hex').slice(0, DIGITS)
}
