import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { DeleteObjectsCommand, GetObjectCommand } from '@aws-sdk/client-s3'
import { retryOverlaps, runQuery } from '../aws/athena-query.ts'
import { ATHENA_RESULTS, s3Uri } from '../core/layout.ts'
import { inParallel } from './in-parallel.ts'
import { listObjects, type ListedObject } from './objects.ts'
import type { Target } from './target.ts'

/** The result of a query as Parquet files in the data bucket, in no particular order of rows. */
export interface Unloaded {
  /** Empty when the query has no rows. */
  readonly parts: readonly ListedObject[]
  /** Deletes the parts; they expire by themselves as well. */
  remove(): Promise<void>
}

/**
 * Runs a SELECT through Athena's UNLOAD, which is many times quicker to read than pages of results. A query that
 * overlaps a replacement of files is run again.
 * https://docs.aws.amazon.com/athena/latest/ug/unload.html
 *
 * @throws DayfoldError QueryFailed with Athena's reason
 */
export async function unload(target: Target, sql: string, signal?: AbortSignal): Promise<Unloaded> {
  const { clients, database, workgroup, dataBucket } = target
  const prefix = await retryOverlaps(async () => {
    // UNLOAD wants an empty target: another one for every attempt.
    const attempt = `${ATHENA_RESULTS}unload/${randomUUID()}/`
    const statement = `UNLOAD ${inBrackets(sql)} TO '${s3Uri(dataBucket, attempt)}' WITH (format = 'PARQUET', compression = 'SNAPPY')`
    await runQuery(statement, { athena: clients.athena, database, workgroup, ...(signal && { signal }) })
    return attempt
  })
  const parts: ListedObject[] = []
  for await (const object of listObjects(clients.s3, dataBucket, prefix)) parts.push(object)
  return { parts, remove: () => remove(target, parts) }
}

/** A SELECT as part of another statement: without its semicolon, and with a line end after a `--` comment. */
export function inBrackets(sql: string): string {
  return `(${sql.trim().replace(/;\s*$/, '')}\n)`
}

/** S3's limit: https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html */
const DELETES_A_REQUEST = 1000

async function remove({ clients, dataBucket }: Target, parts: readonly ListedObject[]): Promise<void> {
  for (let start = 0; start < parts.length; start += DELETES_A_REQUEST) {
    const Objects = parts.slice(start, start + DELETES_A_REQUEST).map(({ key }) => ({ Key: key }))
    await clients.s3.send(new DeleteObjectsCommand({ Bucket: dataBucket, Delete: { Objects, Quiet: true } }))
  }
}

const DOWNLOADS_AT_ONCE = 4

/** Copies the parts to files of a folder; the paths, in the order of the parts. */
export function downloadParts(
  target: Target,
  parts: readonly ListedObject[],
  folder: string,
): Promise<string[]> {
  const numbered = parts.map((part, index) => ({ part, path: join(folder, `${index}.parquet`) }))
  return inParallel(numbered, DOWNLOADS_AT_ONCE, async ({ part, path }) => {
    const { Body } = await target.clients.s3.send(
      new GetObjectCommand({ Bucket: target.dataBucket, Key: part.key, IfMatch: part.etag }),
    )
    await pipeline(Body as Readable, createWriteStream(path))
    return path
  })
}
