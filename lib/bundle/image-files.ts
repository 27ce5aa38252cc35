import { existsSync, copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PROJECT_ROOT } from './options.ts'
import type { LockEntries, LockEntry, Overrides } from './lock-file.ts'
import { packageNameIn, refusal, type Package } from './packages.ts'

const PACKAGE_FILE = 'package.json'
const LOCK_FILE = 'package-lock.json'
/** Names of the files that are copied beside the bundled program, so that the image can be built from its folder. */
export const IMAGE_FILES = ['Dockerfile', PACKAGE_FILE, LOCK_FILE]

/** Packages of datasets that the image installs besides the engine's own, because they cannot be bundled. */
export interface ImagePackages {
  /** The packages that the datasets' code uses itself. */
  readonly packages: readonly Package[]
  /** Their entries and those of their dependencies in package-lock.json, by location such as `node_modules/a`. */
  readonly locked: LockEntries
  /** Overrides that led to the locked versions. */
  readonly overrides: Overrides
}

interface PackageFile {
  readonly dependencies: Readonly<Record<string, string>>
}
interface LockDocument {
  readonly packages: Readonly<Record<string, LockEntry>>
}

/**
 * Writes the files from which the image is built: the engine's Dockerfile, package.json and package-lock.json, with the
 * packages of datasets added.
 *
 * @param outDir folder of the bundled program
 * @throws DayfoldError InvalidDataset for a package that the engine needs in another version
 */
export function writeImageFiles(outDir: string, { packages, locked, overrides }: ImagePackages): void {
  const source = join(PROJECT_ROOT, 'processing')
  for (const name of IMAGE_FILES) {
    if (existsSync(join(source, name))) copyFileSync(join(source, name), join(outDir, name))
  }
  if (packages.length === 0) return
  const own = readJson<PackageFile>(join(source, PACKAGE_FILE))
  const lock = readJson<LockDocument>(join(source, LOCK_FILE))
  const dependencies = {
    ...own.dependencies,
    ...Object.fromEntries(packages.map(({ name, spec }) => [name, spec])),
  }
  for (const [place, { version }] of Object.entries(locked)) {
    const ours = lock.packages[place]?.version
    if (ours !== undefined && ours !== version)
      throw refusal(
        packages[0]!.name,
        `${place} of the version that the engine brings, ${ours}, found ${version}`,
      )
  }
  const root = { ...lock.packages[''], dependencies }
  const applied = appliedOverrides(overrides, dependencies, locked)
  writeJson(join(outDir, PACKAGE_FILE), { ...own, dependencies, overrides: applied })
  writeJson(join(outDir, LOCK_FILE), { ...lock, packages: { ...lock.packages, '': root, ...locked } })
}

/**
 * Returns the overrides of packages that are installed. npm refuses one that says other than the dependencies of
 * package.json, which are exact here.
 */
function appliedOverrides(
  overrides: Overrides,
  dependencies: Readonly<Record<string, string>>,
  locked: LockEntries,
): Overrides {
  const installed = new Set(Object.keys(locked).map(packageNameIn))
  const applied = Object.entries(overrides).flatMap(([key, value]): [string, string | Overrides][] => {
    const name = key.replace(/(?<=.)@.*/, '')
    if (!installed.has(name)) return []
    const exact = dependencies[name]
    if (exact === undefined) return [[key, value]]
    return [[key, typeof value === 'string' ? exact : { ...value, ...('.' in value && { '.': exact }) }]]
  })
  return Object.fromEntries(applied)
}

const readJson = <T>(path: string) => JSON.parse(readFileSync(path, 'utf8')) as T
const writeJson = (path: string, document: unknown) =>
  writeFileSync(path, `${JSON.stringify(document, null, 2)}\n`)
