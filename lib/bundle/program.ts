import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { build, type Metafile } from 'esbuild'
import { DEPLOYMENT_FILE, type Deployment } from '../../core/deployment.ts'
import {
  bundleError,
  DEFAULT_REGISTRY,
  ownModule,
  programImports,
  PROJECT_ROOT,
  RUNNABLE_OPTIONS,
} from './options.ts'
import { defaultDeployment } from '../deployment.ts'
import { copyAssets } from './assets.ts'
import { writeImageFiles } from './image-files.ts'
import { linkPackages, namedPackage } from './packages.ts'
import { readableMaps } from './readable-maps.ts'
import { readRegistry, registryFile, type Registry } from './registry.ts'

/** The one package of the engine that cannot be bundled. */
const ENGINE_PACKAGE = 'snappy'

/** Datasets for which {@link bundleProgram} bundles the jobs' program, and where it writes it. */
export interface BundleProgramOptions {
  /** Folder to write to. */
  readonly outDir: string
  /**
   * Path of the module that exports `datasets`, the list of all datasets.
   * @default processing/datasets/index.ts
   */
  readonly registry?: string
  /**
   * Content of `datasets.json`.
   * @default the registry's datasets with default settings
   */
  readonly deployment?: Deployment
  /**
   * Contents of the registry, if they have been read already.
   * @default it is read
   */
  readonly contents?: Registry
  /**
   * True links the packages installed on this machine into the folder, so that the program can run here.
   * @default false: the image installs them
   */
  readonly runsHere?: boolean
}

/**
 * Writes the program of the jobs: `main.mjs`, `job.mjs`, `worker.mjs`, `reader.mjs`, a source map for each,
 * `datasets.json`, the assets and the files that the image is built from. The folder is the build context of the image.
 * With `runsHere`, `node main.mjs` runs it.
 *
 * @throws DayfoldError InvalidDataset if the registry cannot be bundled, or its assets or packages are refused
 */
export async function bundleProgram(options: BundleProgramOptions): Promise<void> {
  const registry = registryFile(options.registry ?? DEFAULT_REGISTRY)
  const contents = options.contents ?? (await readRegistry(registry))
  const deployment = options.deployment ?? defaultDeployment(contents.datasets)
  const { outDir } = options
  mkdirSync(outDir, { recursive: true })
  await buildPrograms(['main', 'job', 'worker', 'reader'], outDir, registry, contents)
  writeFileSync(join(outDir, DEPLOYMENT_FILE), JSON.stringify(deployment))
  writeImageFiles(outDir, contents)
  copyAssets(outDir, contents.assets)
  if (options.runsHere) linkProgram(outDir, contents)
}

/** True if the image built from a bundled program installs packages of datasets, not only the engine's own. */
export function installsPackages(folder: string): boolean {
  const { dependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>
  }
  return Object.keys(dependencies).some((name) => name !== ENGINE_PACKAGE)
}

/**
 * Links the packages installed on this machine into the folder of a bundled program, so that the program can run here.
 */
export function linkProgram(folder: string, { packages }: Registry): void {
  const others = packages.filter(({ name }) => name !== ENGINE_PACKAGE)
  linkPackages(folder, [namedPackage(ENGINE_PACKAGE, PROJECT_ROOT), ...others])
}

/**
 * Writes the program of the command `try`: `try.mjs` and the image's own `worker.mjs`, with assets and packages.
 * Returns the paths of all bundled modules that belong to no package.
 *
 * @throws DayfoldError InvalidDataset if the registry cannot be bundled, or its assets or packages are refused
 */
export async function bundleTry(outDir: string, registry: string): Promise<string[]> {
  const file = registryFile(registry)
  const contents = await readRegistry(file)
  const { inputs } = await buildPrograms(['try', 'worker'], outDir, file, contents)
  copyAssets(outDir, contents.assets)
  linkProgram(outDir, contents)
  const modules = Object.keys(inputs).filter((path) => !path.includes('node_modules/'))
  return modules.map((path) => resolve(PROJECT_ROOT, path))
}

async function buildPrograms(
  names: readonly string[],
  outdir: string,
  registry: string,
  { packages }: Registry,
): Promise<Metafile> {
  try {
    const { metafile } = await build({
      ...RUNNABLE_OPTIONS,
      entryPoints: names.map((name) => ownModule(`processing/${name}`)),
      outdir,
      // A native addon cannot be bundled: the image installs it.
      external: [ENGINE_PACKAGE, ...packages.map(({ name }) => name)],
      plugins: [programImports(registry), readableMaps(registry)],
    })
    return metafile
  } catch (cause) {
    throw bundleError(`Program with registry ${registry}`, cause, dirname(registry))
  }
}
