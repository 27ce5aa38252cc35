import type { DeployedDataset } from '../../core/deployment.ts'
import type { Day } from '../../core/dates.ts'
import { isRawKey, rawDayPrefix } from '../../core/layout.ts'
import type { RawObject } from '../../core/manifest.ts'
import { listObjects, type Bucket } from '../aws/objects.ts'

/**
 * The raw objects of a day, in key order: S3 lists in it. An object of no bytes is an input like any other, one that
 * holds no records. Holds the whole day's listing: about 200 bytes an object.
 */
export async function listRawObjects(raw: Bucket, dataset: DeployedDataset, date: Day): Promise<RawObject[]> {
  const objects: RawObject[] = []
  for await (const object of listObjects(raw, rawDayPrefix(dataset.rawPrefix, date))) {
    if (isRawKey(object.key)) objects.push(object)
  }
  return objects
}
