import { createReadStream } from 'node:fs'
import type { IncomingHttpHeaders } from 'node:http'
import { AwsError } from '../../protocol/aws-error.ts'
import { noSuchKey, notImplemented } from '../errors.ts'
import { createDigester, type ChecksumAlgorithm, type Digests } from '../storage/checksums.ts'
import { preconditionFailed, unquote } from '../storage/conditions.ts'
import { sameFile } from '../storage/sidecars.ts'
import { statIfAny } from '../storage/stat.ts'
import type { Store, StoredObject } from '../storage/store.ts'

/** The object that a copy reads. */
export interface CopySource {
  readonly bucket: string
  readonly key: string
  readonly object: StoredObject
}

/**
 * The source that `x-amz-copy-source` names.
 *
 * @throws AwsError NoSuchKey, NoSuchBucket, or PreconditionFailed by the source's own conditions
 */
export function findSource(store: Store, headers: IncomingHttpHeaders): CopySource {
  const text = String(headers['x-amz-copy-source'])
  if (text.includes('?')) throw notImplemented(`versions of a copy's source (${text})`)
  const match = /^\/?([^/]+)\/(.+)$/s.exec(decodeSource(text))
  if (!match)
    throw new AwsError('InvalidArgument', `x-amz-copy-source: expected bucket/key, found "${text}".`)
  const [, bucket, key] = match as unknown as [string, string, string]
  store.checkBucket(bucket)
  const object = store.find(bucket, key)
  if (!object) throw noSuchKey(key)
  const wanted = headers['x-amz-copy-source-if-match']
  if (wanted !== undefined && unquote(String(wanted)) !== object.etag) {
    throw preconditionFailed('x-amz-copy-source-if-match')
  }
  const unwanted = headers['x-amz-copy-source-if-none-match']
  if (unwanted !== undefined && unquote(String(unwanted)) === object.etag) {
    throw preconditionFailed('x-amz-copy-source-if-none-match')
  }
  return { bucket, key, object }
}

function decodeSource(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new AwsError('InvalidArgument', `x-amz-copy-source: expected URL encoding, found "${text}".`)
  }
}

/** @throws AwsError when the source was replaced since it was found, so that the bytes may be of two objects */
export function checkUnmoved({ object, key }: CopySource): void {
  const stats = statIfAny(object.path)
  if (stats && sameFile(stats, object.file)) return
  throw new AwsError(
    'InternalError',
    `Copy source "${key}": it was replaced while it was copied. Try again.`,
    500,
  )
}

/** Digests of a file, read a megabyte at a time. */
export async function digestFile(path: string, algorithm?: ChecksumAlgorithm): Promise<Digests> {
  const digester = createDigester(algorithm)
  for await (const bytes of createReadStream(path, { highWaterMark: 1024 * 1024 }))
    digester.update(bytes as Buffer)
  return digester.digests()
}
