import { join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ASSETS_FOLDER } from '../../core/deployment.ts'
import { DayfoldError } from '../../core/errors.ts'
import type { Dataset, SetupInput } from '../dataset.ts'
import { outlineOf } from '../records/outline.ts'

/** Bytes of a file, shared between the workers. */
export type BytesOf = (file: string) => Promise<Buffer>

/** Where the program brings the assets of each dataset, in a folder of its name. */
const ASSETS = fileURLToPath(new URL(`./${ASSETS_FOLDER}`, import.meta.url))

/**
 * What the dataset's `setup` returns.
 *
 * @throws DayfoldError InvalidDataset when it throws
 */
export async function setUp(dataset: Dataset, bytesOf: BytesOf): Promise<unknown> {
  try {
    return await dataset.setup?.(inputOf(dataset, bytesOf))
  } catch (cause) {
    const problem = `Dataset "${dataset.name}": setup failed: ${outlineOf(cause)}`
    throw new DayfoldError('InvalidDataset', problem, { cause })
  }
}

function inputOf({ name, assets }: Dataset, bytesOf: BytesOf): SetupInput {
  const folder = (): string => {
    if (assets !== undefined) return join(ASSETS, name)
    throw invalid(
      `Dataset "${name}": expected assets for its setup, found none. Name a folder: assets: "./…".`,
    )
  }
  return {
    get assets() {
      return folder()
    },
    sharedBytes: async (file) => {
      const path = join(folder(), file)
      if (path.startsWith(folder() + sep)) return bytesOf(path)
      throw invalid(`Dataset "${name}": sharedBytes: expected a file of its assets, found "${file}".`)
    },
  }
}

const invalid = (message: string) => new DayfoldError('InvalidDataset', message)
