import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { refusal, type Package } from './packages.ts'

/** A package's entry in package-lock.json, as far as it matters for the image. */
export interface LockEntry {
  readonly version?: string
  /** URL or path that the package was installed from. */
  readonly resolved?: string
  /** True for a link to a folder of a workspace. */
  readonly link?: boolean
  /** True if the installation may go on without the package. */
  readonly optional?: boolean
  /** Required packages, with the versions that suit. */
  readonly dependencies?: Readonly<Record<string, string>>
  /** Packages without which the package works too. */
  readonly optionalDependencies?: Readonly<Record<string, string>>
  /** Packages that its user must install. */
  readonly peerDependencies?: Readonly<Record<string, string>>
  /** Peer dependencies that may be missing, by name. */
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>
}

/** Entries of a package-lock.json, by location such as `node_modules/a/node_modules/b`. */
export type LockEntries = Readonly<Record<string, LockEntry>>

/** Path and entries of a package-lock.json. */
export interface LockFile {
  readonly path: string
  readonly entries: LockEntries
}

/**
 * Reads the package-lock.json in a folder, or else the nearest one above it. The message of an error names the package
 * that needs it.
 *
 * @throws DayfoldError InvalidDataset if there is none, or npm 6 or older wrote it
 */
export function nearestLockFile(folder: string, { name }: Package): LockFile {
  for (let at = folder; ; at = dirname(at)) {
    const path = join(at, 'package-lock.json')
    if (existsSync(path)) return readLockFile(path, name)
    if (at !== dirname(at)) continue
    throw refusal(
      name,
      `a package-lock.json at or above ${folder}, whose versions are installed in the image, found none. ` +
        'Run npm install --package-lock-only where its package.json is',
    )
  }
}

function readLockFile(path: string, name: string): LockFile {
  const { packages } = JSON.parse(readFileSync(path, 'utf8')) as { packages?: LockEntries }
  if (packages) return { path, entries: packages }
  throw refusal(name, `${path} of npm 7 or newer, found an older one. Run npm install again`)
}

/**
 * Overrides of a package.json, by name or `name@range`: a version, or overrides below that package.
 * https://docs.npmjs.com/cli/v11/configuring-npm/package-json#overrides
 */
export interface Overrides {
  readonly [name: string]: string | Overrides
}

interface PackageFile {
  readonly overrides?: Overrides
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

/**
 * Returns the overrides that led to the versions of a lock file: those of the package.json beside it. References to its
 * dependencies (`$name`) are replaced by what it says of them.
 */
export function overridesOf({ path }: LockFile): Overrides {
  const file = join(dirname(path), 'package.json')
  if (!existsSync(file)) return {}
  const { overrides = {}, ...own } = JSON.parse(readFileSync(file, 'utf8')) as PackageFile
  const named = {
    ...own.peerDependencies,
    ...own.devDependencies,
    ...own.optionalDependencies,
    ...own.dependencies,
  }
  const resolved = (of: Overrides): Overrides =>
    Object.fromEntries(
      Object.entries(of).map(([name, value]) => [
        name,
        typeof value === 'string' ? (named[/^\$(.*)/.exec(value)?.[1] ?? ''] ?? value) : resolved(value),
      ]),
    )
  return resolved(overrides)
}

/**
 * Returns the entries, by place, of packages and all that they need. A place in a workspace's folder is moved to the
 * root.
 *
 * @throws DayfoldError InvalidDataset for a package that is installed in another version than is locked, or comes from
 *   elsewhere than a registry of packages
 */
export function lockedClosure(lock: LockFile, packages: readonly Package[]): Record<string, LockEntry> {
  const found = new Map<string, LockEntry & { optional: boolean }>()
  const visit = (place: string, optional: boolean, name: string): void => {
    const known = found.get(place)
    if (known && (optional || !known.optional)) return
    const entry = installable(lock, place, name)
    found.set(place, { ...entry, optional })
    for (const [needed, isOptional] of neededBy(entry)) {
      const at = placeOf(lock.entries, place, needed)
      if (at !== undefined) visit(at, optional || isOptional, name)
      else if (!isOptional)
        throw refusal(name, `${needed}, which it needs, in ${lock.path}, found none. Run npm install`)
    }
  }
  for (const each of packages) visit(lockedPlace(lock, each), false, each.name)
  return Object.fromEntries([...found].map(([place, entry]) => [fromRoot(place), entry]))
}

/** Returns the place of an installed package in the lock file. */
function lockedPlace({ path, entries }: LockFile, { name, folder, version }: Package): string {
  const place = relative(dirname(path), folder).split(sep).join('/')
  const locked = entries[place]?.version
  const install = `Run npm install --save-exact ${name}@${version} in ${dirname(path)}`
  if (locked === undefined) throw refusal(name, `it in ${path}, found it in ${folder} alone. ${install}`)
  if (locked === version) return place
  throw refusal(
    name,
    `the version of ${path}, ${locked}, found ${version} installed. Run npm ci in ${dirname(path)}`,
  )
}

/** Keys by which npm tells why it installed a package; the reason in the image is another. */
const REASONS: readonly string[] = ['dev', 'devOptional', 'peer']

function installable({ path, entries }: LockFile, place: string, name: string): LockEntry {
  const kept = Object.entries(entries[place]!).filter(([key]) => !REASONS.includes(key))
  const entry = Object.fromEntries(kept) as LockEntry
  const { link, resolved } = entry
  if (!link && (resolved === undefined || /^https?:/.test(resolved))) return entry
  throw refusal(
    name,
    `${place} in ${path} to come from a registry of packages, found ${resolved ?? 'a link'}`,
  )
}

function neededBy(entry: LockEntry): [name: string, isOptional: boolean][] {
  const {
    dependencies = {},
    optionalDependencies = {},
    peerDependencies = {},
    peerDependenciesMeta = {},
  } = entry
  return [
    ...Object.keys(dependencies)
      .filter((name) => !(name in optionalDependencies))
      .map((name): [string, boolean] => [name, false]),
    ...Object.keys(optionalDependencies).map((name): [string, boolean] => [name, true]),
    ...Object.keys(peerDependencies).map((name): [string, boolean] => [
      name,
      peerDependenciesMeta[name]?.optional === true,
    ]),
  ]
}

/** Returns the place where Node finds a package: in the importer's own node_modules, else further up. */
function placeOf(entries: LockEntries, from: string, name: string): string | undefined {
  for (let at = from; ; at = dirname(at)) {
    const place = `${at === '.' ? '' : `${at}/`}node_modules/${name}`
    if (place in entries) return place
    if (at === '.') return undefined
  }
}

const fromRoot = (place: string) => place.slice(place.indexOf('node_modules/'))
