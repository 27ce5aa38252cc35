import { GetObjectCommand } from '@aws-sdk/client-s3'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { statusOf, type Bucket } from './objects.ts'

/** Number of lines and bytes after which {@link firstLines} stops. */
export interface FirstLinesOptions {
  /** Maximum number of lines to return. */
  readonly maxLines: number
  /** Number of decompressed bytes after which reading stops. A line that is cut off there is left out. */
  readonly maxBytes: number
}

/**
 * Reads the first lines of a gzipped object, without their line ends. Returns none if the object is missing or may not
 * be read, and the lines before the break if it is cut short. Holds `maxBytes` and the rest of one chunk in memory.
 */
export async function firstLines(
  bucket: Bucket,
  key: string,
  { maxLines, maxBytes }: FirstLinesOptions,
): Promise<string[]> {
  const body = await openBody(bucket, key)
  if (!body) return []
  const chunks: Buffer[] = []
  let bytes = 0
  let isWhole = false
  const gunzip = createGunzip()
  body.on('error', (error) => gunzip.destroy(error))
  try {
    for await (const chunk of body.pipe(gunzip)) {
      chunks.push(chunk as Buffer)
      bytes += (chunk as Buffer).length
      if (bytes >= maxBytes) break
    }
    isWhole = bytes < maxBytes
  } catch {
    // A broken object still gives the lines before the break.
  } finally {
    body.destroy()
  }
  const lines = Buffer.concat(chunks).toString('utf8').split('\n')
  const last = lines.pop()!
  return [...lines, ...(isWhole && last !== '' ? [last] : [])].slice(0, maxLines)
}

async function openBody({ s3, name }: Bucket, key: string): Promise<Readable | undefined> {
  try {
    return (await s3.send(new GetObjectCommand({ Bucket: name, Key: key }))).Body as Readable
  } catch (error) {
    if ([403, 404].includes(statusOf(error)!)) return undefined
    throw error
  }
}
