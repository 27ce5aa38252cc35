import { realpathSync } from 'node:fs'
import { extname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { BuildFailure, BuildOptions, Location, Plugin } from 'esbuild'
import { DayfoldError } from '../../core/errors.ts'

/**
 * Real path of the folder that holds `processing/`, `lambda/` and `node_modules/`. In the published package, it is the
 * folder of the compiled modules.
 */
export const PROJECT_ROOT = realpathSync(fileURLToPath(new URL('../..', import.meta.url)))
/** Extension of Dayfold's own modules: `.ts`, or `.js` in the published package. */
const EXTENSION = extname(fileURLToPath(import.meta.url))
/** Returns the path of one of Dayfold's own modules by its name, such as `processing/main`. */
export const ownModule = (name: string) => join(PROJECT_ROOT, `${name}${EXTENSION}`)
/** Path of the registry (the module that lists the datasets) that is deployed unless another one is named. */
export const DEFAULT_REGISTRY = ownModule('processing/datasets/index')
/** Path of the module with `defineDataset` and its helpers, which dataset modules may also import as `dayfold`. */
export const DATASET_API = ownModule('processing/dataset')

/**
 * Options of esbuild for every bundle. The result depends on the sources alone: no tsconfig.json is read, and minified
 * output contains no paths.
 */
export const SHARED_OPTIONS = {
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  minify: true,
  charset: 'utf8',
  legalComments: 'none',
  logLevel: 'silent',
  metafile: true,
  // ES modules first: unused code is removed from them better than from CommonJS.
  mainFields: ['module', 'main'],
  // A registry outside the project finds packages in its own folder first, then in the project's.
  nodePaths: [join(PROJECT_ROOT, 'node_modules')],
  absWorkingDir: PROJECT_ROOT,
  tsconfigRaw: {},
} as const satisfies BuildOptions

/** Options of esbuild for bundles that run, with a `require` for CommonJS packages that load Node's own modules. */
export const RUNNABLE_OPTIONS = {
  ...SHARED_OPTIONS,
  outExtension: { '.js': '.mjs' },
  banner: {
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
  },
} as const satisfies BuildOptions

/**
 * Returns the esbuild plugin that resolves `dayfold` to the project's own dataset.ts, and `virtual:datasets` to the
 * registry.
 */
export function programImports(registry: string): Plugin {
  return {
    name: 'program-imports',
    setup(build) {
      build.onResolve({ filter: /^dayfold$/ }, () => ({ path: DATASET_API }))
      build.onResolve({ filter: /^virtual:datasets$/ }, () => ({ path: registry }))
    },
  }
}

/**
 * Returns the esbuild plugin that keeps dataset.ts out of a bundle, however it is imported: the bundle always imports
 * it as `dayfold`.
 */
export function externalDatasetApi(): Plugin {
  const external = { path: 'dayfold', external: true }
  return {
    name: 'external-dataset-api',
    setup(build) {
      build.onResolve({ filter: /^dayfold$/ }, () => external)
      build.onResolve({ filter: /(^|[\\/])dataset(\.[jt]s)?$/ }, async (found) => {
        if (found.pluginData === external) return undefined
        const { importer, kind, resolveDir, path } = found
        const resolved = await build.resolve(path, { importer, kind, resolveDir, pluginData: external })
        return resolved.path === DATASET_API ? external : undefined
      })
    },
  }
}

/**
 * Returns the error for a bundle that esbuild could not build, naming the first problem and its line.
 *
 * @param subject name of the bundle, the start of the message
 * @param home folder that the place in the sources is told from
 */
export function bundleError(subject: string, cause: unknown, home = PROJECT_ROOT): DayfoldError {
  const [first] = (cause as Partial<BuildFailure>).errors ?? []
  const place = first?.location ? ` (${placeOf(first.location, home)})` : ''
  const problem = first ? `${first.text}${place}` : cause instanceof Error ? cause.message : String(cause)
  return new DayfoldError(
    'InvalidDataset',
    `${subject}: expected modules that can be bundled, found: ${problem}`,
    { cause },
  )
}

/** esbuild counts columns from 0, and names files from the project's folder. */
function placeOf({ file, line, column }: Location, home: string): string {
  return `${relative(home, resolve(PROJECT_ROOT, file))}:${line}:${column + 1}`
}
