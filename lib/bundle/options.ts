import { realpathSync } from 'node:fs'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { BuildFailure, BuildOptions, Plugin } from 'esbuild'
import { DayfoldError } from '../../core/errors.ts'

/** The folder that holds `processing/`, `lambda/` and `node_modules/`; in the package, that of what is compiled. */
export const PROJECT_ROOT = realpathSync(fileURLToPath(new URL('../..', import.meta.url)))
/** What a module of Dayfold's own ends in: `.ts`, or `.js` in the package. */
const EXTENSION = extname(fileURLToPath(import.meta.url))
/** The module `<name>` of Dayfold's own, such as `processing/main`. */
export const ownModule = (name: string) => join(PROJECT_ROOT, `${name}${EXTENSION}`)
/** The registry that is deployed unless another one is named. */
export const DEFAULT_REGISTRY = ownModule('processing/datasets/index')
/** What dataset modules import, also as `dayfold`. */
export const DATASET_API = ownModule('processing/dataset')

/**
 * What every bundle shares. The result depends on the sources alone: no tsconfig.json is read, and minified output
 * holds no paths.
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
  // ES modules first: they shake better than CommonJS.
  mainFields: ['module', 'main'],
  // A registry outside the project finds packages in its own folder first, then in the project's.
  nodePaths: [join(PROJECT_ROOT, 'node_modules')],
  absWorkingDir: PROJECT_ROOT,
  tsconfigRaw: {},
} as const satisfies BuildOptions

/** For bundles that run: CommonJS packages inside an ES module call `require` for Node's own modules. */
export const RUNNABLE_OPTIONS = {
  ...SHARED_OPTIONS,
  outExtension: { '.js': '.mjs' },
  banner: {
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
  },
} as const satisfies BuildOptions

/** Resolves `dayfold` to the project's own dataset.ts, and `virtual:datasets` to the registry. */
export function programImports(registry: string): Plugin {
  return {
    name: 'program-imports',
    setup(build) {
      build.onResolve({ filter: /^dayfold$/ }, () => ({ path: DATASET_API }))
      build.onResolve({ filter: /^virtual:datasets$/ }, () => ({ path: registry }))
    },
  }
}

/** Keeps dataset.ts out of a bundle, however it is imported: always as the external `dayfold`. */
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
 * The error for a bundle that could not be built.
 *
 * @param subject what was bundled
 */
export function bundleError(subject: string, cause: unknown): DayfoldError {
  const [first] = (cause as Partial<BuildFailure>).errors ?? []
  const place = first?.location ? ` (${first.location.file}:${first.location.line})` : ''
  const problem = first ? `${first.text}${place}` : cause instanceof Error ? cause.message : String(cause)
  return new DayfoldError(
    'InvalidDataset',
    `${subject}: expected modules that can be bundled, found: ${problem}`,
    { cause },
  )
}
