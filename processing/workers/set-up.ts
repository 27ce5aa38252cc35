import { statSync } from 'node:fs'
import { join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ASSETS_FOLDER } from '../../core/deployment.ts'
import { DayfoldError, OwnError } from '../../core/errors.ts'
import type { Dataset, SetupInput } from '../dataset.ts'
import { describeOwn } from '../records/refused-read.ts'

/** Returns the bytes of a file in memory that all workers share; nobody may change them. */
export type BytesOf = (file: string) => Promise<Buffer>

/** Folder of the assets, beside the program; each dataset has a folder of its name in it. */
const ASSETS = fileURLToPath(new URL(`./${ASSETS_FOLDER}`, import.meta.url))

/**
 * Runs the dataset's `setup` in a worker and returns its result, the context of `extract`; undefined if it has none.
 *
 * @param bytesOf reads files for `sharedBytes`
 * @throws DayfoldError InvalidDataset if `setup` throws
 */
export async function setUp(dataset: Dataset, bytesOf: BytesOf): Promise<unknown> {
  try {
    return await dataset.setup?.(inputOf(dataset, bytesOf))
  } catch (cause) {
    const why = cause instanceof OwnError ? cause.message : describeOwn(cause)
    const problem = `Dataset "${dataset.name}": setup failed: ${why}`
    throw new DayfoldError('InvalidDataset', problem, { cause })
  }
}

function inputOf({ name, assets }: Dataset, bytesOf: BytesOf): SetupInput {
  const folder = (): string => {
    if (assets !== undefined) return join(ASSETS, name)
    throw invalid('expected assets, found that the dataset has none. Name their folder: assets: "./…"')
  }
  return {
    get assets() {
      return folder()
    },
    sharedBytes: async (file) => {
      const path = join(folder(), file)
      const isInside = path.startsWith(folder() + sep)
      if (isInside && statSync(path, { throwIfNoEntry: false })?.isFile()) return bytesOf(path)
      throw invalid(`sharedBytes: expected a file of the assets, found "${file}"`)
    },
  }
}

const invalid = (message: string) => new DayfoldError('InvalidDataset', message)
