import type { DatasetDay } from '../../core/execution-input.ts'
import { partitionPrefix, s3Uri, stagedPartsPrefix } from '../../core/layout.ts'
import { findPartition, isSameLocation, movePartition } from '../../aws/partitions.ts'
import { headManifest } from '../../aws/day-state.ts'
import type { Manifest } from '../../core/manifest.ts'
import { isStagedWhole } from './files.ts'
import type { Held, Ledger } from './ledger.ts'
import { readManifest } from './manifest-store.ts'

/** Which set of files Athena reads for a day: the published names, or the staged set while those are replaced. */
export type FileSet = 'published' | 'staged'

/**
 * Points the day's partition to a set of files, if the catalog has the partition. Glue has no conditional write, so
 * the manifest is looked at before and after: a function that has lost its intent puts back what it has undone.
 *
 * @returns false when the intent is no longer held
 */
export async function pointPartition(ledger: Ledger, held: Held, set: FileSet): Promise<boolean> {
  const { dataset, date } = held.day
  const partition = await findPartition(ledger.catalog, dataset, date)
  const location = locationOf(ledger, held.day, set === 'staged' ? held.manifest.intent.staging : undefined)
  if (!partition || isSameLocation(partition.StorageDescriptor?.Location, location)) return true
  if (!(await isHeld(ledger, held))) return false
  await movePartition(ledger.catalog, partition, location)
  if (await isHeld(ledger, held)) return true
  await repairLocation(ledger, held.day)
  return false
}

/**
 * Points the day's partition to where its manifest says that the files are, and looks again: whatever was published
 * meanwhile, the partition ends where the last manifest says.
 */
export async function repairLocation(ledger: Ledger, day: DatasetDay): Promise<void> {
  for (let round = 1; round <= MAX_REPAIRS; round++) {
    const { manifest, etag } = await readManifest(ledger.data, day)
    const right = await rightLocations(ledger, day, manifest)
    const partition = await findPartition(ledger.catalog, day.dataset, day.date)
    const found = partition?.StorageDescriptor?.Location
    if (!partition || right.some((location) => isSameLocation(location, found))) return
    await movePartition(ledger.catalog, partition, right[0]!)
    if (await isStill(ledger, day, etag)) return
  }
}

const MAX_REPAIRS = 5

/**
 * Where the partition may point to, the best first. While old files are being deleted, both sets are right, and where
 * staged files are gone, whoever takes the intent over decides: nothing is pointed to what is left of them.
 */
async function rightLocations(ledger: Ledger, day: DatasetDay, { intent }: Manifest): Promise<string[]> {
  const published = locationOf(ledger, day, undefined)
  if (!intent || intent.kind === 'extend' || intent.phase === 'undoing') return [published]
  const staged = locationOf(ledger, day, intent.staging)
  if (intent.phase === 'deleting') return [staged, published]
  return (await isStagedWhole(ledger, intent)) ? [staged] : [published, staged]
}

function locationOf({ data }: Ledger, { dataset, date }: DatasetDay, staging: string | undefined): string {
  return s3Uri(data.name, staging === undefined ? partitionPrefix(dataset, date) : stagedPartsPrefix(staging))
}

/** True while nobody has written the manifest since this function did. */
const isHeld = (ledger: Ledger, { day, etag }: Held) => isStill(ledger, day, etag)

async function isStill({ data }: Ledger, day: DatasetDay, etag: string | undefined): Promise<boolean> {
  return (await headManifest(data, day))?.etag === etag
}
