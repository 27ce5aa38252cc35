import { constants } from 'node:fs'
import { copyFile, rm } from 'node:fs/promises'
import { CopyObjectCommand, type CopyObjectCommandInput, type CopyObjectResult } from '@aws-sdk/client-s3'
import { AwsError } from '../../protocol/aws-error.ts'
import { copiesObject } from '../accesses.ts'
import { s3Operation } from '../operation.ts'
import { CLASS_HEADER, RESTORE_HEADER } from '../storage/archive.ts'
import {
  asAlgorithm,
  CHECKSUM_PREFIX,
  encodeCrc32,
  wholeChecksum,
  type ChecksumAlgorithm,
  type StoredChecksum,
} from '../storage/checksums.ts'
import { checkWrite, writeCondition } from '../storage/conditions.ts'
import type { ObjectMeta } from '../storage/sidecars.ts'
import { checkUnmoved, digestFile, findSource, type CopySource } from './copy-source.ts'
import { checksumMembers, DESCRIPTION, keptHeaders } from './description.ts'

const MOST_BYTES = 5 * 1024 ** 3

/** Members of a request that name the source of a copy and conditions on it; others are refused. */
export const SOURCE = { CopySource: true, CopySourceIfMatch: true, CopySourceIfNoneMatch: true } as const

/**
 * Serves CopyObject, for objects of up to 5 GiB. The copy appears when all bytes are copied.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
 */
export const copyObject = s3Operation(CopyObjectCommand, {
  served: {
    ...SOURCE,
    ...DESCRIPTION,
    MetadataDirective: true,
    ChecksumAlgorithm: true,
    IfMatch: true,
    IfNoneMatch: true,
  },
  accesses: copiesObject,
  async run(input, { store, clock, wrote }) {
    const { Bucket, Key } = input
    const source = findSource({ store, clock }, input)
    if (source.object.size > MOST_BYTES) {
      throw new AwsError(
        'InvalidRequest',
        `Copy source "${source.key}": expected at most 5 GiB. Copy it in parts.`,
      )
    }
    const condition = writeCondition(input)
    const headers = headersOfCopy(source, input)
    store.tree.writablePath(Bucket, Key)
    checkWrite(condition, store.find(Bucket, Key))
    const path = store.temp.newFile()
    try {
      await copyFile(source.object.path, path, constants.COPYFILE_FICLONE)
      checkUnmoved(source)
      const meta = { ...(await contentOfCopy(source, path, input.ChecksumAlgorithm)), headers }
      const object = store.commit(Bucket, Key, path, meta, condition)
      await wrote(Key)
      return { CopyObjectResult: copyResult(object, meta.checksum), VersionId: object.versionId }
    } finally {
      await rm(path, { force: true })
    }
  },
})

function headersOfCopy(source: CopySource, asked: CopyObjectCommandInput): Readonly<Record<string, string>> {
  if (asked.MetadataDirective === 'REPLACE') return keptHeaders(asked)
  const isSame = source.bucket === asked.Bucket && source.key === asked.Key
  if (isSame && asked.StorageClass === undefined) {
    throw new AwsError(
      'InvalidRequest',
      `Copy of "${source.key}" to itself: expected x-amz-metadata-directive REPLACE or another storage class.`,
    )
  }
  const headers = { ...source.object.meta?.headers }
  // The storage class is that of the request, not of the source.
  delete headers[CLASS_HEADER]
  delete headers[RESTORE_HEADER]
  return { ...headers, ...keptHeaders({ StorageClass: asked.StorageClass }) }
}

/** Returns ETag and checksums of a copy: S3 computes them anew over the whole, even if the source was made of parts. */
async function contentOfCopy(
  { object }: CopySource,
  path: string,
  asked: string | undefined,
): Promise<Omit<ObjectMeta, 'headers'>> {
  const { meta } = object
  const algorithm = algorithmOfCopy(meta?.checksum, asked)
  if (meta && !meta.etag.includes('-') && (algorithm === undefined || algorithm === 'crc32')) {
    const checksum = algorithm && wholeChecksum(algorithm, encodeCrc32(meta.crc32))
    return { etag: meta.etag, crc32: meta.crc32, checksum }
  }
  const { md5: etag, ...digests } = await digestFile(path, algorithm)
  return { etag, ...digests }
}

function algorithmOfCopy(
  checksum: StoredChecksum | undefined,
  asked: string | undefined,
): ChecksumAlgorithm | undefined {
  if (asked !== undefined) return asAlgorithm(asked)
  return checksum && asAlgorithm(checksum.header.slice(CHECKSUM_PREFIX.length))
}

/** Returns the result of a copy, of an object or of a part, as the answer shows it. */
export function copyResult(
  { etag, lastModified }: { readonly etag: string; readonly lastModified: number },
  checksum: StoredChecksum | undefined,
): CopyObjectResult {
  return { LastModified: new Date(lastModified), ETag: `"${etag}"`, ...checksumMembers(checksum) }
}
