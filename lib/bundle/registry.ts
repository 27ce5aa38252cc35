import { createHash } from 'node:crypto'
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build, type Metafile } from 'esbuild'
import type { Check } from '../../core/checks.ts'
import type { ColumnSpec } from '../../core/columns.ts'
import { DayfoldError } from '../../core/errors.ts'
import { readSettings, type ReadSettings } from '../../core/read-settings.ts'
import { runSettings, type RunSettings } from '../../core/run-settings.ts'
import { columnSpecs, isDataset, type Dataset } from '../../processing/dataset.ts'
import {
  bundleError,
  DATASET_API,
  externalDatasetApi,
  programImports,
  PROJECT_ROOT,
  RUNNABLE_OPTIONS,
  SHARED_OPTIONS,
} from './options.ts'
import { withoutSettings } from './without-settings.ts'

/** A dataset as its module says. */
export interface DescribedDataset extends ReadSettings, RunSettings {
  readonly name: string
  readonly columns: readonly ColumnSpec[]
  /** @default none */
  readonly checks?: readonly Check[]
  /** The first 16 hex digits of the SHA-256 of the dataset's minified bundle, its settings left out. */
  readonly featureVersion: string
}

/**
 * The datasets of a registry, in its order.
 *
 * The feature version of a dataset follows from the module that the registry imports it from and from what that
 * module imports, but not from the engine, from other datasets, from the folder, or from the settings that stand in the
 * call of `defineDataset`. A dataset that the registry
 * itself makes is versioned with the whole registry.
 *
 * @param registry path of a module that exports `datasets`, an array of what `defineDataset` returns
 * @throws DayfoldError InvalidDataset when it cannot be bundled or loaded, exports no such array, or names repeat
 */
export async function describeDatasets(registry: string): Promise<DescribedDataset[]> {
  const file = registryFile(registry)
  const modules = await importedModules(file)
  const loaded = await load(file, modules)
  const datasets = checkRegistry(loaded.datasets, file)
  const definers = datasets.map(
    (dataset) => modules[loaded.modules.findIndex((m) => Object.values(m).includes(dataset))],
  )
  const versions = await moduleVersions([...new Set(definers.map((module) => module ?? file))], file)
  return datasets.map((dataset, index) => ({
    name: dataset.name,
    columns: columnSpecs(dataset),
    ...readSettings(dataset),
    ...runSettings(dataset),
    ...(dataset.checks && { checks: dataset.checks }),
    featureVersion: versions.get(definers[index] ?? file)!,
  }))
}

/** The feature version of every dataset of a registry, by name. See {@link describeDatasets}. */
export async function featureVersions(registry: string): Promise<Record<string, string>> {
  const datasets = await describeDatasets(registry)
  return Object.fromEntries(datasets.map(({ name, featureVersion }) => [name, featureVersion]))
}

/**
 * The real path of a registry, relative paths from the working directory.
 *
 * @throws DayfoldError InvalidDataset when there is no such file
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

/** The modules of the registry's own, not packages, that the registry imports. */
async function importedModules(registry: string): Promise<string[]> {
  const metafile = await bundleMetafile(registry)
  const imports = inputOf(metafile, registry)?.imports ?? []
  const files = imports.filter(({ external, path }) => !external && !path.includes('node_modules/'))
  return [...new Set(files.map(({ path }) => resolve(PROJECT_ROOT, path)))].filter(
    (path) => path !== DATASET_API,
  )
}

async function bundleMetafile(registry: string): Promise<Metafile> {
  try {
    const plugins = [programImports(registry)]
    return (await build({ ...SHARED_OPTIONS, entryPoints: [registry], write: false, plugins })).metafile
  } catch (cause) {
    throw bundleError(`Registry ${registry}`, cause)
  }
}

function inputOf(metafile: Metafile, file: string): Metafile['inputs'][string] | undefined {
  return Object.entries(metafile.inputs).find(([path]) => resolve(PROJECT_ROOT, path) === file)?.[1]
}

interface LoadedRegistry {
  readonly datasets: unknown
  /** The exports of each imported module, in the order asked for. */
  readonly modules: readonly Record<string, unknown>[]
}

/** Runs the registry together with its modules in one bundle, so that identity tells which module made a dataset. */
async function load(registry: string, modules: readonly string[]): Promise<LoadedRegistry> {
  const contents = [
    `import * as registry from ${JSON.stringify(registry)}`,
    ...modules.map((module, index) => `import * as m${index} from ${JSON.stringify(module)}`),
    'export const datasets = Reflect.get(registry, "datasets")',
    `export const modules = [${modules.map((_, index) => `m${index}`).join()}]`,
  ].join('\n')
  const folder = mkdtempSync(join(tmpdir(), 'dayfold-registry-'))
  try {
    const outfile = join(folder, 'registry.mjs')
    const stdin = { contents, resolveDir: dirname(registry), loader: 'js' } as const
    const plugins = [programImports(registry)]
    const { outputFiles } = await build({ ...RUNNABLE_OPTIONS, stdin, outfile, write: false, plugins })
    writeFileSync(outfile, outputFiles[0]!.contents)
    return (await import(pathToFileURL(outfile).href)) as LoadedRegistry
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause)
    throw new DayfoldError(
      'InvalidDataset',
      `Registry ${registry}: expected modules that load, found: ${problem}`,
      { cause },
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function checkRegistry(datasets: unknown, registry: string): Dataset[] {
  const subject = `Registry ${registry}`
  if (!Array.isArray(datasets) || datasets.length === 0) {
    const found =
      datasets === undefined ? 'no such export' : Array.isArray(datasets) ? 'an empty array' : typeof datasets
    throw new DayfoldError(
      'InvalidDataset',
      `${subject}: expected an export "datasets", an array of at least one dataset, found ${found}.`,
    )
  }
  const seen = new Set<string>()
  for (const [index, dataset] of datasets.entries()) {
    if (!isDataset(dataset)) {
      throw new DayfoldError(
        'InvalidDataset',
        `${subject}: datasets[${index}]: expected what defineDataset returns, found ${typeof dataset}.`,
      )
    }
    if (seen.has(dataset.name)) {
      throw new DayfoldError(
        'InvalidDataset',
        `${subject}: expected every name once, found two datasets named "${dataset.name}". Rename one.`,
      )
    }
    seen.add(dataset.name)
  }
  return datasets as Dataset[]
}

/** The version of each module: a digest of its own bundle, the engine and the settings left out. */
async function moduleVersions(modules: readonly string[], registry: string): Promise<Map<string, string>> {
  const entryPoints = modules.map((module, index) => ({ in: module, out: String(index) }))
  try {
    const plugins = [externalDatasetApi(), withoutSettings()]
    const outdir = join(PROJECT_ROOT, 'build')
    const { outputFiles } = await build({ ...SHARED_OPTIONS, entryPoints, outdir, write: false, plugins })
    const byName = new Map(outputFiles.map((file) => [file.path, file.contents]))
    return new Map(modules.map((module, index) => [module, digest(byName.get(join(outdir, `${index}.js`))!)]))
  } catch (cause) {
    throw bundleError(`Registry ${registry}`, cause)
  }
}

function digest(bundle: Uint8Array): string {
  return createHash('sha256').update(bundle).digest('hex').slice(0, 16)
}
