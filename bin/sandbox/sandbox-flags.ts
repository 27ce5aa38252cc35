import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { NODE_FLAGS } from '../../processing/crashes/node-flags.ts'

/** From this release of Node on its permission model has its name. https://nodejs.org/api/permissions.html */
const STABLE_PERMISSION = 23

export interface SandboxFlagsOptions {
  /** Folder of the program. */
  readonly program: string
  /** Folders whose packages the program may load, their own and those above them. */
  readonly modules: readonly string[]
  /** Files and folders that it may read, and folders that it may write to. */
  readonly read: readonly string[]
  readonly write: readonly string[]
}

/**
 * Flags of Node under which feature code finds no more files than in the image: its program, packages and what it works
 * on. They hold for all threads of the process.
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

/** Where Node looks for the packages of a module in that folder. */
function packageFolders(folder: string): string[] {
  const own = join(folder, 'node_modules')
  const above = dirname(folder) === folder ? [] : packageFolders(dirname(folder))
  return existsSync(own) ? [own, ...above] : above
}
