import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { runQuery, type QueryOptions } from '../aws/athena-query.ts'
import { retryOverlaps } from '../aws/overlaps.ts'
import { inParallel } from '../aws/in-parallel.ts'
import { listObjects, type ListedObject } from '../aws/list-objects.ts'
import { openObject } from '../aws/objects.ts'
import { deleteObjects } from '../aws/write-objects.ts'
import { s3Uri, unloadPrefix } from '../core/layout.ts'
import { dataOf, type Target } from './target.ts'

/** Result of a query as Parquet files in the data bucket, in no particular order of rows. */
export interface Unloaded {
  /** The Parquet files; empty if the query returned no rows. */
  readonly parts: readonly ListedObject[]
  /** Id of the query in Athena. */
  readonly query: string
  /** Bytes that the query scanned. */
  readonly scannedBytes: number
  /** Deletes the files, which would otherwise expire. A refusal by S3 is ignored. */
  remove(): Promise<void>
}

/**
 * Runs a SELECT by Athena's UNLOAD, whose files are read many times faster than pages of results. Runs it again if it
 * failed because files were replaced meanwhile.
 * https://docs.aws.amazon.com/athena/latest/ug/unload.html
 *
 * @throws DayfoldError QueryFailed with Athena's reason
 */
export async function unload(
  target: Target,
  sql: string,
  options: Pick<QueryOptions, 'signal' | 'onProgress'> = {},
): Promise<Unloaded> {
  const { clients, database, workgroup, dataBucket } = target
  const { prefix, query } = await retryOverlaps(async () => {
    // UNLOAD requires an empty target, so each attempt has its own.
    const attempt = unloadPrefix(randomUUID())
    const statement = `UNLOAD ${inBrackets(sql)} TO '${s3Uri(dataBucket, attempt)}' WITH (format = 'PARQUET', compression = 'SNAPPY')`
    const done = await runQuery(statement, { athena: clients.athena, database, workgroup, ...options })
    return { prefix: attempt, query: done }
  })
  const parts: ListedObject[] = []
  for await (const object of listObjects(dataOf(target), prefix)) parts.push(object)
  const { id, scannedBytes } = query
  return { parts, query: id, scannedBytes, remove: () => remove(target, parts) }
}

/**
 * Returns a SELECT in parentheses, for use as a subquery. Removes the semicolon at its end, and puts the closing
 * parenthesis on a new line, in case the SELECT ends in a `--` comment.
 */
export function inBrackets(sql: string): string {
  return `(${sql.trim().replace(/;\s*$/, '')}\n)`
}

/** Parts that S3 refuses to delete, as for a user with read access only, expire. The load does not fail. */
async function remove(target: Target, parts: readonly ListedObject[]): Promise<void> {
  await deleteObjects(
    dataOf(target),
    parts.map(({ key }) => key),
  ).catch(() => undefined)
}

const DOWNLOADS_AT_ONCE = 4

/**
 * Downloads the files of a query's result to a folder and returns their paths, in the order of `parts`. After a
 * failure, nothing more is written to the folder.
 *
 * @param onPart called after each file with the number of files so far, and of all
 */
export function downloadParts(
  target: Target,
  parts: readonly ListedObject[],
  folder: string,
  onPart: (parts: number, of: number) => void = () => undefined,
): Promise<string[]> {
  const numbered = parts.map((part, index) => ({ part, path: join(folder, `${index}.parquet`) }))
  let done = 0
  const download = async ({ part, path }: (typeof numbered)[number]) => {
    await pipeline(await openObject(dataOf(target), part), createWriteStream(path))
    done += 1
    onPart(done, parts.length)
    return path
  }
  return inParallel(numbered, download, DOWNLOADS_AT_ONCE)
}
