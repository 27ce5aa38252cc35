import type { RawObject, UnreadKind } from '../../core/manifest.ts'
import type { RawListing } from './raw-listing.ts'

/** How a listing differs from what is published. */
export interface ListingChanges {
  /** Objects with new keys that can be read, in key order. */
  readonly added: readonly RawObject[]
  /** How many objects stand under a published key with another ETag or size. */
  readonly changed: number
  /** Archived objects that are not published as they are, in key order. */
  readonly unreadable: readonly RawObject[]
  /** Published keys of which the objects are archived, in key order. */
  readonly archived: readonly string[]
  /** How many published objects that held bytes are no longer there. */
  readonly vanished: number
  /** How many are there, but no data of the dataset by today's rules, by kind. */
  readonly leftAlone: ReadonlyMap<UnreadKind, number>
}

/** Compares a day's listing with the published inputs. Archived objects that are published as they are have not changed. */
export function compareListing(
  { objects, archived, leftAlone }: Omit<RawListing, 'unread'>,
  published: readonly RawObject[],
): ListingChanges {
  const known = new Map(published.map((input) => [input.key, input]))
  const added: RawObject[] = []
  const unreadable: RawObject[] = []
  const archivedKeys: string[] = []
  let changed = 0
  for (const object of objects) {
    const input = known.get(object.key)
    known.delete(object.key)
    const isArchived = archived.has(object.key)
    const isSame = input?.etag === object.etag && input.size === object.size
    if (isArchived && !isSame) unreadable.push(object)
    if (isArchived && input) archivedKeys.push(object.key)
    if (!input && !isArchived) added.push(object)
    if (input && !isSame) changed += 1
  }
  return { added, changed, unreadable, archived: archivedKeys, ...missing(known.values(), leftAlone) }
}

/** Published objects of no bytes hold no rows, wherever they are. */
function missing(inputs: Iterable<RawObject>, leftAlone: RawListing['leftAlone']) {
  const kinds = new Map<UnreadKind, number>()
  let vanished = 0
  for (const { key, size } of inputs) {
    const kind = leftAlone.get(key)
    if (size === 0) continue
    if (kind === undefined) vanished += 1
    else kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
  }
  return { vanished, leftAlone: kinds }
}
