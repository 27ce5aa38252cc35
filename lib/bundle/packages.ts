import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, symlinkSync } from 'node:fs'
import { dirname, extname, join, resolve, sep } from 'node:path'
import type { Metafile } from 'esbuild'
import { DayfoldError } from '../../core/errors.ts'
import { PROJECT_ROOT } from './options.ts'

/** A package that the image installs because it cannot be bundled. */
export interface Package {
  readonly name: string
  /** Real path of its folder on this machine. */
  readonly folder: string
  readonly version: string
  /**
   * Value in package.json that installs it: its version, or an alias (`npm:…`) if it is installed under another name.
   */
  readonly spec: string
}

/**
 * Returns the error for a package that cannot be installed in the image.
 *
 * @param expected what the package would have to be, as the end of a sentence
 */
export const refusal = (name: string, expected: string) =>
  new DayfoldError('InvalidDataset', `Package "${name}", which is not bundled: expected ${expected}.`)

/**
 * Returns the packages in a bundle that cannot be bundled because they look for files beside their code: those with a
 * native addon, or with WebAssembly that their code names.
 *
 * @param inputs files of the bundle, from esbuild's metafile
 */
export function unbundledPackages(inputs: Metafile['inputs']): Package[] {
  const files = new Map<string, string[]>()
  const native = new Set<string>()
  for (const [path, { imports }] of Object.entries(inputs)) {
    const file = resolve(PROJECT_ROOT, path)
    const folder = packageFolder(file)
    if (folder === undefined) continue
    files.set(folder, [...(files.get(folder) ?? []), file])
    if (imports.some((each) => each.path.endsWith('.node'))) native.add(folder)
  }
  const found = [...files].filter(([folder, of]) => native.has(folder) || looksBeside(folder, of))
  return found.map(([folder]) => packageIn(folder))
}

function looksBeside(folder: string, files: readonly string[]): boolean {
  const endings = endingsBelow(folder)
  if (endings.has('.node') || endings.has('.gyp')) return true
  return endings.has('.wasm') && files.some((file) => readFileSync(file, 'utf8').includes('.wasm'))
}

/** Returns the extensions of a package's own files. */
function endingsBelow(folder: string, endings = new Set<string>()): Set<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isDirectory()) endings.add(extname(entry.name))
    else if (entry.name !== 'node_modules') endingsBelow(join(folder, entry.name), endings)
  }
  return endings
}

const PACKAGE_FOLDER = /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/

/** Returns the folder of the package that a file belongs to; undefined for a file outside node_modules. */
const packageFolder = (file: string): string | undefined => PACKAGE_FOLDER.exec(file)?.[0]

/**
 * Extracts the name of the package from an import such as `@scope/name/file.js`, or from a location such as
 * `node_modules/a/node_modules/b`.
 */
export function packageNameIn(path: string): string {
  const [first, second] = path.split('node_modules/').at(-1)!.split('/')
  return first!.startsWith('@') ? `${first}/${second}` : first!
}

function packageIn(folder: string): Package {
  const read = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Package
  const { version } = read
  const name = packageNameIn(folder.split(sep).join('/'))
  const spec = read.name === name ? version : `npm:${read.name}@${version}`
  return { name, version, spec, folder: realpathSync(folder) }
}

/**
 * Finds an installed package by name, as modules in a folder would: from there upwards, and then in the project.
 *
 * @param from folder
 * @throws DayfoldError InvalidDataset if it is not installed
 */
export function namedPackage(name: string, from: string): Package {
  for (let at = from; ; at = dirname(at)) {
    const folder = join(at, 'node_modules', name)
    if (existsSync(join(folder, 'package.json'))) return packageIn(folder)
    if (at === dirname(at)) break
  }
  const folder = join(PROJECT_ROOT, 'node_modules', name)
  if (existsSync(join(folder, 'package.json'))) return packageIn(folder)
  throw refusal(
    name,
    `it to be installed at or above ${from}, found none. Run npm install --save-exact ${name} there`,
  )
}

/**
 * Removes duplicates from a list of packages and sorts it by name.
 *
 * @throws DayfoldError InvalidDataset if a package is installed in two folders
 */
export function singlePackages(packages: readonly Package[]): Package[] {
  const byName = new Map<string, Package>()
  for (const each of packages) {
    const other = byName.get(each.name) ?? each
    byName.set(each.name, other)
    if (other.folder !== each.folder)
      throw refusal(
        each.name,
        `one copy of it, found two, ${other.folder} and ${each.folder}. Run npm dedupe`,
      )
  }
  return [...byName.values()].sort((left, right) => (left.name < right.name ? -1 : 1))
}

/** Links packages into a folder's `node_modules`, so that the program in it finds those installed on this machine. */
export function linkPackages(folder: string, packages: readonly Pick<Package, 'name' | 'folder'>[]): void {
  for (const { name, folder: installed } of packages) {
    const link = join(folder, 'node_modules', name)
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(installed, link, 'dir')
  }
}
