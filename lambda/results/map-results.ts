import { DayfoldError } from '../../core/errors.ts'
import { readJson, type Bucket } from '../../aws/objects.ts'

/**
 * One child execution in the files of a Distributed Map's ResultWriter. Inputs and outputs are JSON in strings.
 * https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html
 */
export interface ChildResult {
  readonly Input: string
  readonly Output?: string
  readonly Status: string
  readonly Error?: string
  readonly Cause?: string
  /** ISO time; absent for an item that no child was started for. */
  readonly StopDate?: string
}

interface ResultFile {
  readonly Key: string
}

interface ResultManifest {
  readonly ResultFiles: Readonly<Partial<Record<'SUCCEEDED' | 'FAILED' | 'PENDING', readonly ResultFile[]>>>
}

/**
 * The results of all children of a Map. Holds them all: about 2 KB a day.
 *
 * @param key of the manifest that the ResultWriter wrote
 */
export async function readMapResults(bucket: Bucket, key: string): Promise<ChildResult[]> {
  const { ResultFiles: files } = await resultFile<ResultManifest>(bucket, key)
  const results: ChildResult[] = []
  for (const file of [...(files.SUCCEEDED ?? []), ...(files.FAILED ?? []), ...(files.PENDING ?? [])]) {
    results.push(...(await resultFile<ChildResult[]>(bucket, file.Key)))
  }
  return results
}

async function resultFile<T>(bucket: Bucket, key: string): Promise<T> {
  const value = await readJson<T>(bucket, key)
  if (value !== undefined) return value
  throw new DayfoldError(
    'CorruptState',
    `Map results ${key}: expected them, found none. Start the execution again.`,
  )
}
