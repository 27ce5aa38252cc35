import type { ManifestHead } from '../../aws/day-state.ts'
import type { ListedObject } from '../../aws/list-objects.ts'
import { partitionLocation } from '../../aws/partitions.ts'
import { compareFolder, listPublished } from '../../aws/published-folder.ts'
import type { DatasetDay } from '../../core/execution-input.ts'
import { partitionPrefix } from '../../core/layout.ts'
import { partsDigest, type Manifest } from '../../core/manifest.ts'
import { damageOf, type Damage } from '../ledger/damage.ts'
import type { Ledger } from '../ledger/ledger.ts'

/** Listing of the folder that readers of a day are shown. */
export type ShownFolder = readonly ListedObject[]

/** Lists the folder that a day's manifest names, or its home where there is no manifest. */
export async function listShown(
  { data }: Ledger,
  { dataset, date }: DatasetDay,
  head: ManifestHead | undefined,
): Promise<ShownFolder> {
  return await listPublished(data, head?.metadata.location || partitionPrefix(dataset, date))
}

/** True if a HEAD alone shows that the folder is as published. False for generations of 0.1.0, which have no digest. */
export function isAsPublished(shown: ShownFolder, { metadata }: ManifestHead): boolean {
  return metadata.parts === partsDigest(shown.map(({ key, etag, size }) => ({ key, etag, bytes: size })))
}

/** Compares the shown folder with the manifest; undefined when they agree or nothing is published. */
export function damageIn(shown: ShownFolder, { published }: Manifest): Damage | undefined {
  return published ? damageOf(compareFolder(published.parts, shown)) : undefined
}

/** True if a day without a manifest has data or a partition all the same: its manifest is lost. */
export async function hasLostManifest(
  { catalog }: Ledger,
  { dataset, date }: DatasetDay,
  shown: ShownFolder,
): Promise<boolean> {
  return shown.length > 0 || (await partitionLocation(catalog, dataset, date)) !== undefined
}
