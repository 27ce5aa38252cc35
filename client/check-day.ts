import { partitionLocation, isSameLocation, type Catalog } from '../aws/partitions.ts'
import { compareFolder, listPublished } from '../aws/published-folder.ts'
import type { Bucket } from '../aws/objects.ts'
import type { DatasetDay } from '../core/dataset-day.ts'
import { locationOf, partitionPrefix, s3Uri } from '../core/layout.ts'
import type { Manifest } from '../core/manifest.ts'
import type { Finding, FindingKind } from './findings.ts'

/** A day with its manifest and the folder that its partition points to, as {@link checkDay} needs them. */
export interface KnownDay extends DatasetDay {
  readonly manifest: Manifest
  /** `s3://` URI that the day's partition pointed to when all days were listed; undefined if it had no partition. */
  readonly location: string | undefined
}

/**
 * Compares a day's manifest with what readers see: the objects in the published folder and the folder that the catalog
 * names. Unless the day is published in its ordinary folder, that one must be empty. Changes that an unfinished
 * operation announces count as correct, whether made or not.
 */
export async function checkDay(data: Bucket, catalog: Catalog, day: KnownDay): Promise<Finding[]> {
  const { published, intent } = day.manifest
  // Only the function that finishes a publish of 0.1.0 can tell its changes from damage.
  if (intent?.operation === 'former') return []
  const home = partitionPrefix(day.dataset, day.date)
  const shown = published && locationOf(published)
  return [
    ...(shown ? await checkFolder(data, day, shown, published.parts) : []),
    ...(shown === home ? [] : await checkFolder(data, day, home, [])),
    ...(await checkLocation(data, catalog, day, shown)),
  ]
}

/** Keys that the manifest knows besides those of its parts: files being copied, and files to be deleted. */
function otherKeys({ intent, retired = [] }: Manifest): Set<string> {
  const copies = intent && 'copies' in intent ? intent.copies : []
  return new Set([...copies.map(({ to }) => to), ...retired.flatMap(({ keys }) => keys)])
}

async function checkFolder(
  data: Bucket,
  day: KnownDay,
  prefix: string,
  parts: NonNullable<Manifest['published']>['parts'],
): Promise<Finding[]> {
  const { missing, altered, foreign } = compareFolder(parts, await listPublished(data, prefix))
  const known = otherKeys(day.manifest)
  const unknown = foreign.filter(({ key }) => !known.has(key))
  return [
    ...missing.map(({ key, bytes }) =>
      finding(day, 'missing', key, `expected ${bytes} bytes, found no object`),
    ),
    ...altered.map(({ part, found }) =>
      finding(
        day,
        'altered',
        part.key,
        found.size === part.bytes
          ? `expected ETag ${part.etag}, found ${found.etag}`
          : `expected ${part.bytes} bytes, found ${found.size}`,
      ),
    ),
    ...unknown.map(({ key, size }) => {
      const kind = day.manifest.published ? 'foreign' : 'lost'
      return finding(day, kind, key, `expected no object, found one of ${size} bytes that no manifest names`)
    }),
  ]
}

async function checkLocation(
  data: Bucket,
  catalog: Catalog,
  day: KnownDay,
  shown: string | null,
): Promise<Finding[]> {
  const { published, intent } = day.manifest
  const isRight = (location: string | undefined) => {
    if (location === undefined) return (published?.parts.length ?? 0) === 0
    const next = intent?.operation === 'move' ? locationOf(intent.next) : null
    return [shown, next].some(
      (prefix) => prefix !== null && isSameLocation(location, s3Uri(data.name, prefix)),
    )
  }
  if (isRight(day.location)) return []
  // The partition may have moved since all days were listed.
  const location = await partitionLocation(catalog, day.dataset, day.date)
  if (isRight(location)) return []
  const found = location === undefined ? 'no partition' : location
  if (shown === null) {
    const folder = partitionPrefix(day.dataset, day.date)
    return [finding(day, 'lost', folder, `expected no partition of a day without a manifest, found ${found}`)]
  }
  const text = `expected the catalog to point to ${s3Uri(data.name, shown)}, found ${found}`
  return [finding(day, 'location', shown, text)]
}

const finding = ({ dataset, date }: DatasetDay, kind: FindingKind, key: string, text: string): Finding => ({
  dataset,
  date,
  kind,
  key,
  finding: text,
})
