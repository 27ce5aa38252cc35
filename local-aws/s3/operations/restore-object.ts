import { RestoreObjectCommand } from '@aws-sdk/client-s3'
import { AwsError } from '../../protocol/aws-error.ts'
import { whole } from '../../protocol/shapes.ts'
import { restoresObject } from '../accesses.ts'
import { noSuchKey } from '../errors.ts'
import { s3Operation } from '../operation.ts'
import {
  invalidObjectState,
  isOfArchive,
  RESTORE_HEADER,
  restoredUntil,
  restoreExpiry,
} from '../storage/archive.ts'

const DAY_MS = 24 * 3600 * 1000

/**
 * Serves RestoreObject. An archived object can be read at once, while AWS takes hours.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_RestoreObject.html
 */
export const restoreObject = s3Operation(RestoreObjectCommand, {
  served: { RestoreRequest: { Days: whole(1, 36_500) }, ChecksumAlgorithm: true },
  accesses: restoresObject,
  async run({ Bucket, Key, RestoreRequest }, { store, clock, wrote }) {
    const days = RestoreRequest?.Days
    if (days === undefined) throw new AwsError('MalformedXML', `Restore of "${Key}": expected Days.`)
    const object = store.find(Bucket, Key)
    if (!object) throw noSuchKey(Key)
    if (!isOfArchive(object))
      throw invalidObjectState("Restore is not allowed for the object's current storage class")
    const now = clock.now()
    const httpStatusCode = restoreExpiry(object, now) ? 200 : 202
    const until = restoredUntil(new Date(now + days * DAY_MS))
    store.describeAnew(Bucket, Key, object, { ...object.meta?.headers, [RESTORE_HEADER]: until })
    await wrote(Key)
    return { $metadata: { httpStatusCode } }
  },
})
