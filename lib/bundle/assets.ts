import { createHash } from 'node:crypto'
import { constants, copyFileSync, lstatSync, mkdirSync, readdirSync, realpathSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { ASSETS_FOLDER } from '../../core/deployment.ts'
import { DayfoldError } from '../../core/errors.ts'
import { compareKeys } from '../../core/layout.ts'
import { hashFile } from './hash-file.ts'

/** Files such as models that travel with one dataset's code. */
export interface Assets {
  /** Name of the dataset. */
  readonly dataset: string
  /** Real path of their folder. */
  readonly folder: string
  /** Paths below the folder, with slashes, in the order of their UTF-8 bytes. */
  readonly files: readonly string[]
}

/**
 * Lists the assets of a dataset, files such as models: all files in its folder and below it, except where a file's or
 * folder's name begins with a dot.
 *
 * @param module path of the module that names the folder
 * @param said the dataset's `assets`, relative to the module
 * @throws DayfoldError InvalidDataset unless it is a folder below the module's own that holds files, and nothing but
 *   files
 */
export function assetsOf(dataset: string, module: string, said: string): Assets {
  const beside = realpathSync(dirname(module))
  const folder = resolve(beside, said)
  const refuse = (found: string) =>
    new DayfoldError(
      'InvalidDataset',
      `Dataset "${dataset}": assets "${said}": expected a folder of files below ${beside}, found ${found}.`,
    )
  const below = relative(beside, folder)
  if (below === '') throw refuse("the module's own folder")
  if (below === '..' || below.startsWith(`..${sep}`)) throw refuse(`${folder}, which is elsewhere`)
  const stats = lstatSync(folder, { throwIfNoEntry: false })
  if (!stats) throw refuse('no such folder')
  if (stats.isSymbolicLink() || realpathSync(folder) !== folder)
    throw refuse('a symbolic link: put the files themselves there')
  if (!stats.isDirectory()) throw refuse('a file')
  const files = [...filesBelow(folder, '', refuse)].sort(compareKeys)
  if (files.length === 0) throw refuse('no file in it')
  return { dataset, folder, files }
}

function* filesBelow(folder: string, prefix: string, refuse: (found: string) => Error): Generator<string> {
  for (const entry of readdirSync(join(folder, prefix), { withFileTypes: true })) {
    const path = `${prefix}${entry.name}`
    if (entry.name.startsWith('.')) continue
    if (entry.isDirectory()) yield* filesBelow(folder, `${path}/`, refuse)
    else if (entry.isFile()) yield path
    else if (entry.isSymbolicLink()) throw refuse(`a symbolic link, ${path}: put the file itself there`)
    else throw refuse(`${path}, which is no file`)
  }
}

/** Returns the SHA-256 of the names and bytes of a dataset's assets in hexadecimal. It is the same on every machine. */
export function assetsDigest({ folder, files }: Assets): string {
  const hash = createHash('sha256')
  for (const file of files) {
    hash.update(`${file}\0`).update(hashFile(createHash('sha256'), join(folder, file)).digest())
  }
  return hash.digest('hex')
}

/**
 * Copies assets to the folder in which the bundled program finds them, `<outDir>/assets/<dataset>/`. Creates `assets`
 * even if there are none.
 *
 * @param outDir folder of the bundled program
 */
export function copyAssets(outDir: string, all: readonly Assets[]): void {
  const target = join(outDir, ASSETS_FOLDER)
  mkdirSync(target, { recursive: true })
  for (const { dataset, folder, files } of all) {
    for (const file of files) {
      const copy = join(target, dataset, file)
      mkdirSync(dirname(copy), { recursive: true })
      // A copy that shares blocks where the file system can; never a link, through which feature code could change the
      // original.
      copyFileSync(join(folder, file), copy, constants.COPYFILE_FICLONE)
    }
  }
}
