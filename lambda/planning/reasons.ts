import {
  UNREAD_WORDS,
  type Published,
  type RawObject,
  type UnreadCount,
  type UnreadKind,
  type UnreadObjects,
} from '../../core/manifest.ts'
import { NO_RAW_FILES } from '../../core/messages.ts'
import type { DayFacts } from './day-facts.ts'
import { compareListing, type ListingChanges } from './listing-changes.ts'
import type { RawListing } from './raw-listing.ts'

/**
 * Counts the objects of a day that a job will not read, by kind: those that are no data, and archived ones that are not
 * published.
 */
export function unreadOf({ listing, published }: Pick<DayFacts, 'listing' | 'published'>): UnreadObjects {
  if (listing.archived.size === 0) return listing.unread
  const { unreadable } = compareListing(listing, published?.inputs ?? [])
  const [first] = unreadable
  if (!first) return listing.unread
  const bytes = unreadable.reduce((sum, { size }) => sum + size, 0)
  const why = `archived: ${listing.archived.get(first.key)}`
  return { ...listing.unread, unreadable: { count: unreadable.length, bytes, first: first.key, why } }
}

/** Returns the reason why published rows no longer match raw files and feature code, in words; empty if they do. */
export function staleReason(
  { featureVersion, damage }: DayFacts,
  published: Published,
  { changed }: ListingChanges,
): string {
  const reasons: string[] = damage ? [damage.why] : []
  if (published.featureVersion !== featureVersion) reasons.push('feature code changed')
  if (changed > 0) reasons.push(files(changed, 'changed '))
  return reasons.join(', ')
}

/**
 * Returns the reason why a rebuild could not make all published rows again, in words: raw objects are gone, hidden or
 * archived. Empty if it could.
 */
export function goneReason({ archived }: RawListing, changes: ListingChanges): string {
  const { vanished, archived: keys } = changes
  return [
    vanished > 0 ? `${files(vanished)} gone from the raw prefix` : '',
    leftAloneReason(changes),
    keys.length > 0 ? `${files(keys.length)} archived (${archived.get(keys[0]!)})` : '',
  ]
    .filter((part) => part !== '')
    .join(', ')
}

/**
 * Returns the remark that published rows stay although a rebuild could not make them again; empty if that needs no
 * mention.
 *
 * @param stale result of {@link staleReason}
 * @param gone result of {@link goneReason}
 */
export function keptReason(
  stale: string,
  gone: string,
  { archived, vanished, leftAlone }: ListingChanges,
): string {
  // Archiving raw files after their publish is normal: that alone is no news.
  if (!stale && vanished === 0 && leftAlone.size === 0) return ''
  const kept = `${gone}, published rows stay`
  if (!stale) return kept
  return `${kept}; not rebuilt although ${stale}: mode rebuild does${archived.length > 0 ? ' once they are restored' : ''}`
}

const LEFT_ALONE: Readonly<Partial<Record<UnreadKind, string>>> = {
  hidden: 'hidden by name today',
  excluded: 'none of rawFiles today',
}

/** Describes, in words, the published objects that today's rules hide or exclude; empty if there are none. */
export function leftAloneReason({ leftAlone }: ListingChanges): string {
  return [...leftAlone].map(([kind, count]) => `${files(count)} ${LEFT_ALONE[kind] ?? kind}`).join(', ')
}

/** Says how many archived objects a job does without; empty if there are none. */
export const leftOut = ({ length }: readonly RawObject[]) =>
  length === 0 ? '' : `${files(length, 'archived ')} left out`

/** End of {@link archivedReason} for a day that could be published without the objects. */
export const RESTORE_OR_SKIP = ". Restore them, or set unreadable: 'skip' to publish the day without them"
/** End of {@link archivedReason} for a rebuild that would lose published rows. */
export const RESTORE_OR_LOSE =
  ', whose published rows a rebuild would lose. Restore them, or let their rows go with "allowEmpty": true'

/**
 * Describes, in words, the archived objects that would have to be read, with the first one.
 *
 * @param keys of these objects, at least one, in key order
 */
export function archivedReason({ archived }: RawListing, keys: readonly string[]): string {
  const first = `first ${keys[0]} in ${archived.get(keys[0]!)}`
  return `expected raw files that can be read, found ${files(keys.length, 'archived ')}, ${first}`
}

/**
 * Returns the reason why a day is empty, in words: no raw files, with a count of objects that might have been expected
 * to be raw files.
 */
export const emptyReason = (facts: DayFacts) => join(NO_RAW_FILES, unreadWords(unreadOf(facts)))

/** Describes counts of objects that are not read in words, with the first key of each kind; empty if there are none. */
export function unreadWords(unread: UnreadObjects): string {
  return (Object.entries(unread) as [UnreadKind, UnreadCount][])
    .map(([kind, { count, first, why }]) => {
      return `${count} ${UNREAD_WORDS[kind]} (first ${first}${why === undefined ? '' : `: ${why}`})`
    })
    .join(', ')
}

/** Joins reasons with `; `, leaving out empty ones. */
export const join = (...parts: readonly string[]) => parts.filter((part) => part !== '').join('; ')
/**
 * Spells a number of files, such as `2 new files`.
 *
 * @param adjective ends with a space, as in `'new '`
 */
export const files = (count: number, adjective = '') => `${count} ${adjective}file${count === 1 ? '' : 's'}`
