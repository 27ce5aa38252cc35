import { existsSync, realpathSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

/** Major version of Node from which the flag is `--permission`. https://nodejs.org/api/permissions.html */
const STABLE_PERMISSION = 23
/** Major version of Node from which calls to a network need a permission. */
const NETWORK_PERMISSION = 25

/** Paths that a sandboxed program may use. */
export interface SandboxFlagsOptions {
  /** Folder of the program. */
  readonly program: string
  /** Folders whose `node_modules` the program may load, including those of their parents. */
  readonly modules: readonly string[]
  /** Files and folders that the program may read beside these. @default none */
  readonly read?: readonly string[]
  /** Folders that it may read and write. */
  readonly write: readonly string[]
}

/**
 * Returns Node flags that limit feature code to the files that it has in the image: its program, packages and data.
 * They apply to all threads of the process, and refuse processes that it would start.
 */
export function sandboxFlags({ program, modules, read = [], write }: SandboxFlagsOptions): string[] {
  const major = Number(process.versions.node.split('.')[0])
  const packages = modules.flatMap(packageFolders)
  return [
    major < STABLE_PERMISSION ? '--experimental-permission' : '--permission',
    ...['--allow-worker', '--allow-addons', ...(major < NETWORK_PERMISSION ? [] : ['--allow-net'])],
    // Node warns of both, on what is the output of feature code.
    ...['ExperimentalWarning', 'SecurityWarning'].map((warning) => `--disable-warning=${warning}`),
    ...namesOf([program, ...packages, ...read, ...write]).map((path) => `--allow-fs-read=${path}`),
    ...namesOf(write).map((path) => `--allow-fs-write=${path}`),
  ]
}

/** Node compares names: where a link leads to a file, the program may use either. Node 20 dies of a name that repeats. */
const namesOf = (paths: readonly string[]) => [
  ...new Set(paths.flatMap((path) => [resolve(path), realpathSync(path)])),
]

/** Lists the folders in which Node looks for packages of a module in `folder`. */
function packageFolders(folder: string): string[] {
  const own = join(folder, 'node_modules')
  const above = dirname(folder) === folder ? [] : packageFolders(dirname(folder))
  return existsSync(own) ? [own, ...above] : above
}
