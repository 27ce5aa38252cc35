import type { RawObject, UnreadKind } from '../../core/manifest.ts'
import type { RawListing } from './raw-listing.ts'

/** Differences between the raw objects of a day as listed now and those that were published. */
export interface ListingChanges {
  /** Objects with new keys that can be read, in key order. */
  readonly added: readonly RawObject[]
  /** Number of objects under a published key that have another ETag or size. */
  readonly changed: number
  /** Archived objects that are not published with their present ETag and size, in key order. */
  readonly unreadable: readonly RawObject[]
  /** Published keys whose objects are archived now, in key order. */
  readonly archived: readonly string[]
  /** Number of published objects that are no longer listed; empty ones do not count. */
  readonly vanished: number
  /** Number of published objects that today's rules hide or exclude, by kind; empty ones do not count. */
  readonly leftAlone: ReadonlyMap<UnreadKind, number>
}

/**
 * Compares the raw objects of a day with its published inputs, in one pass. An archived object that is published as it
 * is counts as unchanged.
 *
 * @param published published raw objects, in any order
 */
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

/** Ignores published objects without bytes: they hold no rows, wherever they are. */
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
