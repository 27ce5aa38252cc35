import { createReadStream } from 'node:fs'
import type { CopyObjectCommandInput } from '@aws-sdk/client-s3'
import { AwsError } from '../../protocol/aws-error.ts'
import { noSuchKey } from '../errors.ts'
import type { S3Call } from '../operation.ts'
import { createDigester, type ChecksumAlgorithm, type Digests } from '../storage/checksums.ts'
import { isArchived } from '../storage/archive.ts'
import { preconditionFailed, unquote } from '../storage/conditions.ts'
import { sameFile } from '../storage/sidecars.ts'
import { statIfAny } from '../storage/stat.ts'
import type { StoredObject } from '../storage/store.ts'
import { parseCopySource } from '../wire/parse-copy-source.ts'

/** The source of a copy: an object as it was at the beginning of the copy. */
export interface CopySource {
  readonly bucket: string
  readonly key: string
  readonly object: StoredObject
}

/** Members that name a copy's source and conditions on it. */
type Asked = Pick<CopyObjectCommandInput, 'CopySource' | 'CopySourceIfMatch' | 'CopySourceIfNoneMatch'>

/**
 * Finds the source of a copy and checks the request's conditions on it.
 *
 * @throws AwsError NoSuchKey, NoSuchBucket, PreconditionFailed if the source does not meet its conditions,
 * ObjectNotInActiveTierError if it is archived
 */
export function findSource({ store, clock }: Pick<S3Call, 'store' | 'clock'>, asked: Asked): CopySource {
  const { bucket, key } = parseCopySource(asked.CopySource)
  store.checkBucket(bucket)
  const object = store.find(bucket, key)
  if (!object) throw noSuchKey(key)
  if (isArchived(object, clock.now()))
    throw new AwsError('ObjectNotInActiveTierError', `Copy source "${key}": expected a restored object.`, 403)
  const { CopySourceIfMatch: wanted, CopySourceIfNoneMatch: unwanted } = asked
  if (wanted !== undefined && unquote(wanted) !== object.etag) {
    throw preconditionFailed('x-amz-copy-source-if-match')
  }
  if (unwanted !== undefined && unquote(unwanted) === object.etag) {
    throw preconditionFailed('x-amz-copy-source-if-none-match')
  }
  return { bucket, key, object }
}

/**
 * Checks, after a copy, that all copied bytes come from one content of the source.
 *
 * @throws AwsError InternalError if the source was replaced since it was found
 */
export function checkUnmoved({ object, key }: CopySource): void {
  const stats = statIfAny(object.path)
  if (stats && sameFile(stats, object.file)) return
  throw new AwsError(
    'InternalError',
    `Copy source "${key}": it was replaced while it was copied. Try again.`,
    500,
  )
}

/**
 * Computes the digests of a file. Holds about a megabyte of it in memory.
 *
 * @param algorithm additional checksum to compute; undefined for none
 */
export async function digestFile(path: string, algorithm?: ChecksumAlgorithm): Promise<Digests> {
  const digester = createDigester(algorithm)
  for await (const bytes of createReadStream(path, { highWaterMark: 1024 * 1024 }))
    digester.update(bytes as Buffer)
  return digester.digests()
}
