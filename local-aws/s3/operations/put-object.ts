import { PutObjectCommand } from '@aws-sdk/client-s3'
import { writesObject } from '../accesses.ts'
import { s3Operation } from '../operation.ts'
import { checkWrite, writeCondition } from '../storage/conditions.ts'
import { receiveBody } from '../wire/body.ts'
import { checksumMembers, CHECKSUMS, DESCRIPTION, keptHeaders } from './description.ts'

/** Members of a request with a streamed body: the body, its length, and digests with which it is verified. */
export const BODY = {
  Body: true,
  ContentLength: true,
  ContentMD5: true,
  ChecksumAlgorithm: true,
  ...CHECKSUMS,
} as const

/**
 * Serves PutObject. The object appears at once and complete, when its body has arrived and been verified.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
 */
export const putObject = s3Operation(PutObjectCommand, {
  served: { ...BODY, ...DESCRIPTION, IfMatch: true, IfNoneMatch: true },
  accesses: writesObject,
  async run(input, { store, request, wrote }) {
    const { Bucket, Key } = input
    const condition = writeCondition(input)
    const headers = keptHeaders(input)
    store.tree.writablePath(Bucket, Key)
    // A condition that fails already is reported before the body is stored.
    checkWrite(condition, store.find(Bucket, Key))
    const body = await receiveBody(request, store.temp.newFile())
    const { md5, crc32, checksum } = body
    const meta = { etag: md5, crc32, headers, checksum }
    const { etag, versionId: VersionId } = store.commit(Bucket, Key, body.path, meta, condition)
    await wrote(Key)
    return { ETag: `"${etag}"`, VersionId, ...checksumMembers(checksum) }
  },
})
