import { inputsDigest, type Published, type RawObject, type StoredFile } from '../../core/manifest.ts'
import type { ACCEPT, Mode } from '../../core/modes.ts'
import type { Attempt } from '../../core/attempt.ts'
import type { ManifestMetadata } from '../../core/manifest-metadata.ts'
import { mergeableParts } from '../ledger/small-parts.ts'
import type { DayFacts } from './day-facts.ts'
import { compareListing } from './listing-changes.ts'
import type { RawListing } from './raw-listing.ts'
import {
  archivedReason,
  emptyReason,
  files,
  goneReason,
  join,
  keptReason,
  leftAloneReason,
  leftOut,
  RESTORE_OR_LOSE,
  RESTORE_OR_SKIP,
  staleReason,
  unreadOf,
  unreadWords,
} from './reasons.ts'

/** More small parts than this are merged before the day is over. */
export const MAX_SMALL_PARTS = 64

/** How the reason of a rebuild begins that was asked for: an attempt keeps it. */
export const ASKED_FOR = 'asked for'

/** What is to be done for a day, and why, in words. */
export type Decision =
  | {
      readonly kind: 'none'
      readonly status: 'unchanged' | 'empty'
      readonly why: string
      readonly vanished: number
    }
  /** `rebuild` was asked for a day that has data but no raw objects any more. */
  | { readonly kind: 'refuse'; readonly why: string }
  /** There are archived objects that would have to be read. */
  | { readonly kind: 'unreadable'; readonly why: string }
  /** Published rows are lost, and so are raw objects that they came from. */
  | { readonly kind: 'lost'; readonly why: string }
  /** Readers are shown objects that are not the day's. */
  | { readonly kind: 'relocate'; readonly why: string }
  | {
      readonly kind: 'extend' | 'rebuild'
      readonly why: string
      readonly inputs: readonly RawObject[]
      readonly vanished: number
    }
  | {
      readonly kind: 'consolidate'
      readonly why: string
      readonly parts: readonly StoredFile[]
      readonly vanished: number
    }

/** Whether the manifest's metadata alone says that a day needs nothing. */
export function isUnchanged(
  metadata: ManifestMetadata | undefined,
  { listing, featureVersion, isOver }: Pick<DayFacts, 'listing' | 'featureVersion' | 'isOver'>,
): boolean {
  if (!metadata || metadata.generation === '0' || metadata.intent === 'yes' || metadata.away === 'yes')
    return false
  if (metadata['feature-version'] !== featureVersion) return false
  if (isMergeDue(Number(metadata['small-parts']), isOver)) return false
  return metadata.inputs === inputsDigest(listing.objects)
}

/** What an execution asks for beside its mode. */
export interface Asked {
  /** Lets a rebuild empty a day. */
  readonly allowEmpty: boolean
  /** The attempt that has failed, where the mode is for failed days. */
  readonly failed: Failed | undefined
}

type Failed = Pick<Attempt, 'kind' | 'why' | 'error' | 'child' | 'featureVersion'>

/** What each mode that decides does with a day. */
export const DECISIONS: Readonly<
  Record<Exclude<Mode, typeof ACCEPT>, (facts: DayFacts, asked: Asked) => Decision>
> = {
  changed: decideChanged,
  failed: (facts, { failed, allowEmpty }) => decideFailed(facts, failed!, allowEmpty),
  rebuild: (facts, { allowEmpty }) => decideRebuild(facts, allowEmpty),
}

/** What mode `changed` does with a day. */
export function decideChanged(facts: DayFacts): Decision {
  const { listing, published } = facts
  const changes = compareListing(listing, published?.inputs ?? [])
  const { added, vanished, unreadable } = changes
  if (facts.damage && !facts.damage.isLost) return { kind: 'relocate', why: facts.damage.why }
  const gone = goneReason(listing, changes)
  if (published && facts.damage && gone !== '') return { kind: 'lost', why: `${facts.damage.why}; ${gone}` }
  if (unreadable.length > 0 && facts.unreadable === 'fail')
    return { kind: 'unreadable', why: archivedReason(listing, keysOf(unreadable)) + RESTORE_OR_SKIP }
  const without = leftOut(unreadable)
  if (!published) {
    if (added.length === 0) return nothing('empty', emptyReason(facts))
    return {
      kind: 'extend',
      why: join(`new day: ${files(added.length)}`, without),
      inputs: added,
      vanished: 0,
    }
  }
  const stale = staleReason(facts, published, changes)
  // A rebuild would lose the rows of raw files that cannot be read any more: only a person may want that.
  if (stale && gone === '')
    return { kind: 'rebuild', why: join(stale, without), inputs: readable(listing), vanished }
  const kept = keptReason(stale, gone, changes)
  if (added.length > 0) {
    const why = join(`${files(added.length, 'new ')}`, without, kept)
    return { kind: 'extend', why, inputs: added, vanished }
  }
  return decideMerge(facts, published, { kept, vanished })
}

/** What mode `rebuild` does with a day: the day becomes what the raw prefix says now. */
export function decideRebuild(facts: DayFacts, allowEmpty: boolean): Decision {
  const { listing, published } = facts
  const changes = compareListing(listing, published?.inputs ?? [])
  const inputs = readable(listing)
  const all = listing.objects.filter(({ key }) => listing.archived.has(key))
  if (all.length > 0 && facts.unreadable === 'fail')
    return { kind: 'unreadable', why: archivedReason(listing, keysOf(all)) + RESTORE_OR_SKIP }
  if (changes.archived.length > 0 && !allowEmpty)
    return { kind: 'unreadable', why: archivedReason(listing, changes.archived) + RESTORE_OR_LOSE }
  const rebuild = { kind: 'rebuild', inputs, vanished: changes.vanished } as const
  const without = join(leftOut(all), leftAloneReason(changes))
  if (inputs.length > 0) return { ...rebuild, why: join(ASKED_FOR, without) }
  if (!published?.inputs.some(({ size }) => size > 0)) return nothing('empty', emptyReason(facts))
  if (allowEmpty) return { ...rebuild, why: join(`${ASKED_FOR}, emptied as allowed`, without) }
  return {
    kind: 'refuse',
    why: join(
      `expected raw files, found none for a day of ${published.totals.rows} published rows`,
      unreadWords(unreadOf(facts)),
    ),
  }
}

/**
 * What mode `failed` does with a day whose last attempt has failed: the rebuild, if that had been asked for, else what
 * `changed` does.
 */
export function decideFailed(facts: DayFacts, failed: Failed, allowEmpty: boolean): Decision {
  const decision = wasAskedFor(failed) ? decideRebuild(facts, allowEmpty) : decideChanged(facts)
  return { ...decision, why: `${decision.why}; failed last time` }
}

/**
 * Whether an attempt is a rebuild that a person wanted. One that `changed` decided on is decided on anew: raw files may
 * have gone since, whose rows it would lose. An attempt with an error that names neither a child nor feature code failed
 * before PlanDay was asked, so that its kind follows from the mode alone.
 */
function wasAskedFor({ kind, why, error, child, featureVersion }: Failed): boolean {
  const isUndecided = error !== undefined && child === undefined && featureVersion === undefined
  return kind === 'rebuild' && (why.startsWith(ASKED_FOR) || isUndecided)
}

function decideMerge(
  { isOver, limits, featureVersion }: DayFacts,
  published: Published,
  { kept, vanished }: { readonly kept: string; readonly vanished: number },
): Decision {
  const parts = mergeableParts(published.parts, limits)
  if (!isMergeDue(parts.length, isOver)) return nothing('unchanged', join('unchanged', kept), vanished)
  // Parts of other feature code may have other columns, which no job of today's can write.
  if (published.featureVersion !== featureVersion) {
    const apart = `${parts.length} small parts not merged, other feature code made them`
    return nothing('unchanged', join('unchanged', kept, apart), vanished)
  }
  const occasion = isOver ? 'the day is over' : 'there are too many'
  const why = join(`${parts.length} small parts to merge, ${occasion}`, kept)
  return { kind: 'consolidate', why, parts, vanished }
}

const isMergeDue = (smallParts: number, isOver: boolean) => smallParts > (isOver ? 1 : MAX_SMALL_PARTS)

function nothing(status: 'unchanged' | 'empty', why: string, vanished = 0): Decision {
  return { kind: 'none', status, why, vanished }
}

/** The raw objects of a day that need not be restored first. */
export function readable({ objects, archived }: RawListing): readonly RawObject[] {
  return archived.size === 0 ? objects : objects.filter(({ key }) => !archived.has(key))
}

const keysOf = (objects: readonly RawObject[]) => objects.map(({ key }) => key)
