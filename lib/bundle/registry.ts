import { realpathSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { Check } from '../../core/checks.ts'
import type { ColumnSpec } from '../../core/columns.ts'
import { DayfoldError } from '../../core/errors.ts'
import { readSettings, type ReadSettings } from '../../core/read-settings.ts'
import { runSettings, type RunSettings } from '../../core/run-settings.ts'
import { columnSpecs } from '../../processing/dataset.ts'
import { assetsOf, type Assets } from './assets.ts'
import type { ImagePackages } from './image-files.ts'
import { loadRegistry, type LoadedRegistry } from './load-registry.ts'
import { lockedClosure, nearestLockFile, overridesOf, type LockEntries } from './lock-file.ts'
import { featureVersion, moduleVersions, type Version } from './module-versions.ts'
import type { Package } from './packages.ts'

/** A dataset as its module defines it, with the version of its feature code. */
export interface DescribedDataset extends ReadSettings, RunSettings {
  readonly name: string
  readonly columns: readonly ColumnSpec[]
  /** Conditions on a day's rows. @default none */
  readonly checks?: readonly Check[]
  /** Digest of everything that makes the dataset's rows, 16 hexadecimal digits: see {@link readRegistry}. */
  readonly featureVersion: string
}

/** Datasets of a registry (a module that lists datasets), with their assets and packages. */
export interface Registry extends ImagePackages {
  readonly datasets: readonly DescribedDataset[]
  /** Assets of those datasets that have any. */
  readonly assets: readonly Assets[]
  /** Path of the package-lock.json that locks the packages; undefined without any. */
  readonly lockFile: string | undefined
}

/**
 * Reads the datasets of a registry, in its order, with their assets and the packages that are not bundled.
 *
 * The feature version of a dataset depends on the module that the registry imports it from and everything that this
 * module imports, on its assets and on the versions of packages that are not bundled. It does not depend on the engine,
 * on other datasets, on the folder, or on settings in the call of `defineDataset`. A dataset made in the registry
 * itself is versioned with the whole registry.
 *
 * @param registry path of a module that exports `datasets`, an array of what `defineDataset` returns
 * @throws DayfoldError InvalidDataset if it cannot be bundled or loaded, exports no such array, names repeat, assets
 *   are not a folder of files, or a package cannot be installed in the image
 */
export async function readRegistry(registry: string): Promise<Registry> {
  const file = registryFile(registry)
  const loaded = await loadRegistry(file)
  const { datasets, definers, packages } = loaded
  const assets = datasets.flatMap((dataset, index) =>
    dataset.assets === undefined ? [] : [assetsOf(dataset.name, definers[index]!, dataset.assets)],
  )
  const lock = packages.length > 0 ? nearestLockFile(dirname(file), packages[0]!) : undefined
  const lockedFor = (of: readonly Package[]): LockEntries => (lock ? lockedClosure(lock, of) : {})
  const versions = await versionsOf(loaded, file, lockedFor)
  return {
    datasets: datasets.map((dataset, index) => ({
      name: dataset.name,
      columns: columnSpecs(dataset),
      ...readSettings(dataset),
      ...runSettings(dataset),
      ...(dataset.checks && { checks: dataset.checks }),
      featureVersion: featureVersion(
        versions.get(definers[index]!)!,
        assets.find((each) => each.dataset === dataset.name),
      ),
    })),
    assets,
    packages,
    locked: lockedFor(packages),
    overrides: lock ? overridesOf(lock) : {},
    lockFile: lock?.path,
  }
}

function versionsOf(
  { definers, found, named }: LoadedRegistry,
  registry: string,
  lockedFor: (packages: readonly Package[]) => LockEntries,
): Promise<Map<string, Version>> {
  const modules = [...new Set(definers)].map((path) => ({ path, named: named.get(path) ?? [] }))
  return moduleVersions({ modules, unbundled: found, lockedFor, registry })
}

/**
 * Reads the datasets of a registry, with their feature versions but without assets and packages. See {@link
 * readRegistry}.
 */
export async function describeDatasets(registry: string): Promise<readonly DescribedDataset[]> {
  return (await readRegistry(registry)).datasets
}

/** Returns the version of each dataset's feature code, by the dataset's name. See {@link readRegistry}. */
export function featureVersions(datasets: readonly DescribedDataset[]): Record<string, string> {
  return Object.fromEntries(datasets.map(({ name, featureVersion }) => [name, featureVersion]))
}

/**
 * Returns the real path of a registry (a module that lists datasets). A relative path is resolved against the working
 * directory.
 *
 * @throws DayfoldError InvalidDataset if there is no such file
 */
export function registryFile(registry: string): string {
  try {
    return realpathSync(resolve(registry))
  } catch (cause) {
    throw new DayfoldError('InvalidDataset', `Registry ${registry}: expected a module, found no such file.`, {
      cause,
    })
  }
}
