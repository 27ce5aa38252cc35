import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { build, type BuildOptions, type Metafile, type Plugin } from 'esbuild'
import { bundleError, DATASET_API, programImports, PROJECT_ROOT, SHARED_OPTIONS } from './options.ts'
import { unbundledPackages, type Package } from './packages.ts'

/** Facts about a registry that its sources tell, before its code runs. */
export interface ScannedRegistry {
  /** Absolute paths of all files in a bundle of it, packages included. */
  readonly files: readonly string[]
  /** Absolute paths of the modules that it imports directly and that belong to no package. */
  readonly modules: readonly string[]
  /** Packages that cannot be bundled because they look for files beside their code. */
  readonly packages: readonly Package[]
  /** Names of packages that seem to be in the `packages` of some dataset. Comments and other code may add names. */
  readonly named: readonly string[]
  /** True if some dataset may have assets. */
  readonly saysAssets: boolean
}

/**
 * Examines the sources of a registry without running them.
 *
 * @param named names of packages that are not bundled; default: those that datasets seem to name
 * @throws DayfoldError InvalidDataset if the registry cannot be bundled
 */
export async function scanRegistry(registry: string, named?: readonly string[]): Promise<ScannedRegistry> {
  const own = await bundleMetafile(registry, { packages: 'external' })
  const texts = Object.keys(own.inputs)
    .map((path) => resolve(PROJECT_ROOT, path))
    .filter((path) => path !== DATASET_API)
    .map((path) => readFileSync(path, 'utf8'))
  const seeming = texts.flatMap(namedIn)
  const external = [...(named ?? seeming)]
  const { inputs } = await bundleMetafile(registry, { external, plugins: [lenient()] })
  return {
    files: Object.keys(inputs).map((path) => resolve(PROJECT_ROOT, path)),
    modules: importedModules(inputs, registry),
    packages: unbundledPackages(inputs),
    named: seeming,
    saysAssets: texts.some((text) => text.includes('assets')),
  }
}

async function bundleMetafile(
  registry: string,
  { plugins = [], ...options }: Pick<BuildOptions, 'packages' | 'external' | 'plugins'>,
): Promise<Metafile> {
  try {
    const { metafile } = await build({
      ...SHARED_OPTIONS,
      ...options,
      entryPoints: [registry],
      write: false,
      minify: false,
      loader: { '.node': 'empty', '.wasm': 'empty' },
      plugins: [programImports(registry), ...plugins],
    })
    return metafile
  } catch (cause) {
    throw bundleError(`Registry ${registry}`, cause, dirname(registry))
  }
}

/** Lets packages import missing files: native packages name the files of all platforms. */
function lenient(): Plugin {
  const asked = {}
  return {
    name: 'lenient',
    setup(build) {
      build.onResolve({ filter: /.*/ }, async ({ path, importer, kind, resolveDir, pluginData }) => {
        if (pluginData === asked || !importer.includes('node_modules')) return undefined
        const found = await build.resolve(path, { importer, kind, resolveDir, pluginData: asked })
        return found.errors.length > 0 ? { path, external: true } : undefined
      })
    },
  }
}

function importedModules(inputs: Metafile['inputs'], registry: string): string[] {
  const own = Object.entries(inputs).find(([path]) => resolve(PROJECT_ROOT, path) === registry)
  const files = own?.[1].imports.filter(({ external, path }) => !external && !path.includes('node_modules/'))
  return [...new Set(files?.map(({ path }) => resolve(PROJECT_ROOT, path)))].filter(
    (path) => path !== DATASET_API,
  )
}

const NAMED = /\bpackages['"]?\s*:\s*\[([^\]]*)\]/g

/** Finds names in what may be a dataset's `packages`; they have to be known before the dataset can be loaded. */
function namedIn(text: string): string[] {
  if (!text.includes('defineDataset')) return []
  const lists = [...text.matchAll(NAMED)].map(([, list]) => list!)
  return lists.flatMap((list) => [...list.matchAll(/['"]([^'"]+)['"]/g)].map(([, name]) => name!))
}
