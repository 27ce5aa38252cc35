import type { RawObject } from '../../core/manifest.ts'

/** How a listing differs from what is published. */
export interface ListingChanges {
  /** Objects with new keys, in key order. */
  readonly added: readonly RawObject[]
  /** How many objects stand under a published key with another ETag or size. */
  readonly changed: number
  /** How many published objects are no longer there. */
  readonly vanished: number
}

/** Compares a day's listing with the published inputs. */
export function compareListing(
  listing: readonly RawObject[],
  published: readonly RawObject[],
): ListingChanges {
  const known = new Map(published.map((input) => [input.key, input]))
  const added: RawObject[] = []
  let changed = 0
  for (const object of listing) {
    const input = known.get(object.key)
    if (!input) added.push(object)
    else if (input.etag !== object.etag || input.size !== object.size) changed += 1
  }
  return { added, changed, vanished: published.length - (listing.length - added.length) }
}
