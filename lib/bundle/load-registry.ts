import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { DayfoldError } from '../../core/errors.ts'
import { isDataset, type Dataset } from '../../processing/dataset.ts'
import { placeFinder } from '../../processing/records/places.ts'
import { programImports, RUNNABLE_OPTIONS } from './options.ts'
import { linkPackages, namedPackage, singlePackages, type Package } from './packages.ts'
import { readableMaps } from './readable-maps.ts'
import { scanRegistry } from './scan-registry.ts'

/** Datasets of a registry after its code has run, with the modules and packages that they come from. */
export interface LoadedRegistry {
  readonly datasets: readonly Dataset[]
  /**
   * For each dataset, in their order, the module from which the registry imports it; the registry itself if it imports
   * the dataset from no module.
   */
  readonly definers: readonly string[]
  /** All packages that are not bundled, both `found` and `named` ones, sorted by name. */
  readonly packages: readonly Package[]
  /** Packages that the bundler found to look for files beside their code. */
  readonly found: readonly Package[]
  /** Packages that datasets name in `packages`, by the module from which the registry imports the datasets. */
  readonly named: ReadonlyMap<string, readonly Package[]>
}

/**
 * Runs the code of a registry to get its datasets, and finds the packages that are not bundled. The names of packages
 * in datasets are certain only once the registry is loaded: if they differ from those that the scan found, it is loaded
 * once more.
 *
 * @param names names of packages that datasets are known to name; default: those that the scan finds
 * @throws DayfoldError InvalidDataset if it cannot be bundled or loaded, exports no datasets, or names repeat
 */
export async function loadRegistry(registry: string, names?: readonly string[]): Promise<LoadedRegistry> {
  const { modules, packages: found, named: seeming } = await scanRegistry(registry, names)
  const known = names ?? seeming
  const external = known.map((name) => namedPackage(name, dirname(registry)))
  const loaded = await load(registry, modules, singlePackages([...found, ...external]))
  const datasets = checkRegistry(loaded.datasets, registry)
  const definers = datasets.map(
    (dataset) => modules[loaded.modules.findIndex((m) => Object.values(m).includes(dataset))] ?? registry,
  )
  const said = [...new Set(datasets.flatMap(({ packages = [] }) => packages))]
  if (names === undefined && !isSame(said, known)) return loadRegistry(registry, said)
  const named = new Map<string, readonly Package[]>()
  for (const [index, { packages = [] }] of datasets.entries()) {
    const definer = definers[index]!
    const of = packages.map((name) => namedPackage(name, dirname(definer)))
    named.set(definer, singlePackages([...(named.get(definer) ?? []), ...of]))
  }
  return {
    datasets,
    definers,
    packages: singlePackages([...found, ...[...named.values()].flat()]),
    found,
    named,
  }
}

const isSame = (left: readonly string[], right: readonly string[]) =>
  left.every((name) => right.includes(name)) && right.every((name) => left.includes(name))

interface LoadedModules {
  readonly datasets: unknown
  /** Exports of each imported module, in the order asked for. */
  readonly modules: readonly Record<string, unknown>[]
}

/** Runs the registry and its modules in one bundle, so that identity shows which module made a dataset. */
async function load(
  registry: string,
  modules: readonly string[],
  packages: readonly Package[],
): Promise<LoadedModules> {
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
    const plugins = [programImports(registry), readableMaps(registry)]
    const external = packages.map(({ name }) => name)
    const { outputFiles } = await build({
      ...RUNNABLE_OPTIONS,
      stdin,
      outfile,
      external,
      write: false,
      plugins,
    })
    for (const { path, contents: bytes } of outputFiles) writeFileSync(path, bytes)
    linkPackages(folder, packages)
    return await contained(async () => (await import(pathToFileURL(outfile).href)) as LoadedModules)
  } catch (cause) {
    const place = cause instanceof Error && placeFinder(`${pathToFileURL(folder).href}/`)(String(cause.stack))
    const found = cause instanceof Error ? cause.message : String(cause)
    const problem = place ? `${found} (${place})` : found
    throw new DayfoldError(
      'InvalidDataset',
      `Registry ${registry}: expected modules that load, found: ${problem}`,
      { cause },
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * Sends what modules print while they load to standard error, because standard output is for the command's result, and
 * refuses `process.exit`, which would end the command as if it had succeeded.
 */
async function contained<T>(work: () => Promise<T>): Promise<T> {
  const { stdout, stderr } = process
  const write = stdout.write.bind(stdout)
  const exit = process.exit.bind(process)
  stdout.write = stderr.write.bind(stderr)
  process.exit = (code) => {
    throw new Error(`process.exit(${code ?? ''}) while a module loads`)
  }
  try {
    return await work()
  } finally {
    stdout.write = write
    process.exit = exit
  }
}

function checkRegistry(datasets: unknown, registry: string): readonly Dataset[] {
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
