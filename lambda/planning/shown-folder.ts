import type { ManifestHead } from '../../aws/day-state.ts'
import type { ListedObject } from '../../aws/list-objects.ts'
import { partitionLocation } from '../../aws/partitions.ts'
import { compareFolder, listPublished } from '../../aws/published-folder.ts'
import type { DatasetDay } from '../../core/dataset-day.ts'
import { partitionPrefix } from '../../core/layout.ts'
import { partsDigest, type Manifest } from '../../core/manifest.ts'
import { damageOf, type Damage } from '../ledger/damage.ts'
import type { Ledger } from '../ledger/ledger.ts'

/** Objects in the folder that readers of a day see, in key order. */
export type ShownFolder = readonly ListedObject[]

/**
 * Lists the folder that readers of a day see: the one that its manifest names, or the ordinary folder if there is no
 * manifest.
 */
export async function listShown(
  { data }: Ledger,
  { dataset, date }: DatasetDay,
  head: ManifestHead | undefined,
): Promise<ShownFolder> {
  return await listPublished(data, head?.metadata.location || partitionPrefix(dataset, date))
}

/**
 * True if the digest of parts in the manifest's metadata equals that of the folder: the published files are as they
 * were. False for a generation that release 0.1.0 published, which has no digest.
 */
export function isAsPublished(shown: ShownFolder, { metadata }: ManifestHead): boolean {
  return metadata.parts === partsDigest(shown.map(({ key, etag, size }) => ({ key, etag, bytes: size })))
}

/** Compares the folder that readers see with the manifest. Returns undefined if they agree or nothing is published. */
export function damageIn(shown: ShownFolder, { published }: Manifest): Damage | undefined {
  return published ? damageOf(compareFolder(published.parts, shown)) : undefined
}

/** True if a day without a manifest has published files or a partition: its manifest must have been lost. */
export async function hasLostManifest(
  { catalog }: Ledger,
  { dataset, date }: DatasetDay,
  shown: ShownFolder,
): Promise<boolean> {
  return shown.length > 0 || (await partitionLocation(catalog, dataset, date)) !== undefined
}
