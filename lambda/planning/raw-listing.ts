import type { DeployedDataset } from '../../core/deployment.ts'
import type { Day } from '../../core/dates.ts'
import { rawDayPrefix } from '../../core/layout.ts'
import type { RawObject } from '../../core/manifest.ts'
import { listObjects } from '../../aws/list-objects.ts'
import type { Bucket } from '../../aws/objects.ts'

const RAW_ENDINGS = ['.jsonl', '.jsonl.gz', '.json', '.json.gz']
const isRawKey = (key: string) => RAW_ENDINGS.some((ending) => key.endsWith(ending))

/** What lies below a day's raw prefix. */
export interface RawListing {
  /** In key order. */
  readonly objects: readonly RawObject[]
  /** How many objects have other endings than raw files. */
  readonly others: number
}

/**
 * The raw objects of a day, in key order: S3 lists in it. An object of no bytes is an input like any other, one that
 * holds no records. Holds the whole day's listing: about 200 bytes an object.
 */
export async function listRawObjects(raw: Bucket, dataset: DeployedDataset, date: Day): Promise<RawListing> {
  const objects: RawObject[] = []
  let others = 0
  for await (const object of listObjects(raw, rawDayPrefix(dataset, date))) {
    if (isRawKey(object.key)) objects.push(object)
    // What ends in a slash stands for a folder.
    else if (!object.key.endsWith('/')) others += 1
  }
  return { objects, others }
}
