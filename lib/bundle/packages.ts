import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, symlinkSync } from 'node:fs'
import { dirname, extname, join, resolve, sep } from 'node:path'
import type { Metafile } from 'esbuild'
import { DayfoldError } from '../../core/errors.ts'
import { PROJECT_ROOT } from './options.ts'

/** A package that is installed rather than bundled. */
export interface Package {
  readonly name: string
  /** Real path of where it is installed here. */
  readonly folder: string
  readonly version: string
  /** What a package.json says of it: its version, or another name with it. */
  readonly spec: string
}

/** The error for a package that cannot be installed in the image. */
export const refusal = (name: string, expected: string) =>
  new DayfoldError('InvalidDataset', `Package "${name}", which is not bundled: expected ${expected}.`)

/**
 * The packages among a bundle's inputs that look for files beside their code: those with a native addon, or with
 * WebAssembly that their code names.
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

/** How the names of a package's own files end. */
function endingsBelow(folder: string, endings = new Set<string>()): Set<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isDirectory()) endings.add(extname(entry.name))
    else if (entry.name !== 'node_modules') endingsBelow(join(folder, entry.name), endings)
  }
  return endings
}

const PACKAGE_FOLDER = /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/

/** The folder of the package that a file belongs to. */
const packageFolder = (file: string): string | undefined => PACKAGE_FOLDER.exec(file)?.[0]

/** The name of the package in what is imported, such as `@scope/name/file.js`, or in a place of a lock file. */
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
 * A package by its name, as modules in a folder find it: from there upwards, then in the project.
 *
 * @throws DayfoldError InvalidDataset when it is not installed
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
 * Packages without those that are named twice.
 *
 * @throws DayfoldError InvalidDataset for two copies of one
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

/** Lets the program in a folder, wherever that is, find packages where they are installed here. */
export function linkPackages(folder: string, packages: readonly Pick<Package, 'name' | 'folder'>[]): void {
  for (const { name, folder: installed } of packages) {
    const link = join(folder, 'node_modules', name)
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(installed, link, 'dir')
  }
}
