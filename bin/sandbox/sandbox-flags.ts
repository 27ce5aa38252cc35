import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { NODE_FLAGS } from '../../processing/crashes/node-flags.ts'

/** Major version of Node from which the flag is `--permission`. https://nodejs.org/api/permissions.html */
const STABLE_PERMISSION = 23

/** Paths that a sandboxed program may use. */
export interface SandboxFlagsOptions {
  /** Folder of the program. */
  readonly program: string
  /** Folders whose `node_modules` the program may load, including those of their parents. */
  readonly modules: readonly string[]
  /** Files and folders that the program may read; `write` are folders that it may write to. */
  readonly read: readonly string[]
  readonly write: readonly string[]
}

/**
 * Returns Node flags that limit feature code to the files that it has in the image: its program, packages and data.
 * They apply to all threads of the process.
 */
export function sandboxFlags({ program, modules, read, write }: SandboxFlagsOptions): string[] {
  const [major] = process.versions.node.split('.')
  const packages = [...new Set(modules.flatMap(packageFolders))]
  return [
    ...NODE_FLAGS,
    Number(major) < STABLE_PERMISSION ? '--experimental-permission' : '--permission',
    '--allow-worker',
    '--allow-addons',
    ...[program, ...packages, ...read, ...write].map((path) => `--allow-fs-read=${path}`),
    ...write.map((path) => `--allow-fs-write=${path}`),
  ]
}

/** Lists the folders in which Node looks for packages of a module in `folder`. */
function packageFolders(folder: string): string[] {
  const own = join(folder, 'node_modules')
  const above = dirname(folder) === folder ? [] : packageFolders(dirname(folder))
  return existsSync(own) ? [own, ...above] : above
}
