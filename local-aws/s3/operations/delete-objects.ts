import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  type DeletedObject,
  type _Error,
} from '@aws-sdk/client-s3'
import { asAwsError, AwsError } from '../../protocol/aws-error.ts'
import { deletesObject, type Place } from '../accesses.ts'
import { s3Operation, type S3Call } from '../operation.ts'
import { writeCondition } from '../storage/conditions.ts'
import { announcesDigest } from '../wire/sent-checksum.ts'

/**
 * Serves DeleteObject. It succeeds even if there is no such object.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html and, for If-Match,
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-deletes.html
 */
export const deleteObject = s3Operation(DeleteObjectCommand, {
  served: { IfMatch: true },
  accesses: deletesObject,
  async run(input, call) {
    const VersionId = await remove(input, call)
    return VersionId === undefined ? {} : { DeleteMarker: true, VersionId }
  },
})

const MOST_KEYS = 1000

/**
 * Serves DeleteObjects, for up to 1,000 keys. Permissions are checked key by key; the answer lists the keys that could
 * not be deleted. https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html
 */
export const deleteObjects = s3Operation(DeleteObjectsCommand, {
  served: {
    Delete: { Objects: { each: { Key: true, ETag: true }, count: [1, MOST_KEYS] }, Quiet: true },
    ChecksumAlgorithm: true,
  },
  // Permissions are checked key by key, below.
  accesses: () => [],
  async run({ Bucket, Delete }, call) {
    if (!announcesDigest(call.request.headers))
      throw new AwsError('InvalidRequest', 'DeleteObjects: expected a Content-MD5 or a checksum, found none.')
    const { Objects, Quiet = false } = Delete
    const Deleted: DeletedObject[] = []
    const Errors: _Error[] = []
    for (const { Key, ETag: IfMatch } of Objects) {
      try {
        call.authorize(deletesObject({ Bucket, Key, IfMatch }))
        const marker = await remove({ Bucket, Key, IfMatch }, call)
        const left = marker === undefined ? {} : { DeleteMarker: true, DeleteMarkerVersionId: marker }
        if (!Quiet) Deleted.push({ Key, ...left })
      } catch (error) {
        const { code: Code, message: Message } = asAwsError(error)
        Errors.push({ Key, Code, Message })
      }
    }
    return { Deleted, Errors }
  },
})

/** Removes an object; returns the id of the delete marker, if the bucket has versions. */
async function remove(input: Place, { store, wrote }: S3Call): Promise<string | undefined> {
  const removed = store.remove(input.Bucket, input.Key, writeCondition(input))
  if (removed) await wrote(input.Key)
  return removed?.marker
}
