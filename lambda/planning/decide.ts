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

/** Number of small parts above which they are merged even before the day is over. */
export const MAX_SMALL_PARTS = 64

/**
 * First words of the reason of a rebuild that a person asked for. Attempts store the reason; mode `failed` recognizes
 * such a rebuild by these words.
 */
export const ASKED_FOR = 'asked for'

/** Kinds of {@link Refusal}. */
const REFUSALS = ['refuse', 'unreadable', 'lost'] as const

/**
 * Decision that PlanDay throws as an error. `refuse`: mode `rebuild` was asked for a day that has published rows but no
 * raw objects any more. `unreadable`: archived objects would have to be read, and the dataset does not skip them.
 * `lost`: published files are lost, and some raw objects that their rows came from can no longer be read.
 */
export interface Refusal {
  readonly kind: (typeof REFUSALS)[number]
  readonly why: string
}

/** True for a decision that PlanDay throws as an error. */
export const isRefusal = (decision: Decision): decision is Refusal =>
  REFUSALS.some((kind) => kind === decision.kind)

/**
 * Work that a day needs, with the reason in words. `vanished` is the number of published raw objects that are gone from
 * the raw prefix.
 */
export type Decision =
  | {
      readonly kind: 'none'
      readonly status: 'unchanged' | 'empty'
      readonly why: string
      readonly vanished: number
    }
  | Refusal
  /** The published folder holds foreign objects: move the day to another folder. */
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

/**
 * True if the metadata of a day's manifest alone show that the day needs no work: same raw objects and feature code as
 * at the publish, no operation announced, nothing to move or delete, no small parts to merge.
 *
 * @param metadata undefined if the day has no manifest
 */
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

/** Wishes of an execution about a day, beside its mode. */
export interface Asked {
  /** True if a rebuild may leave a day without rows, or lose published rows of archived raw files. */
  readonly allowEmpty: boolean
  /** The failed attempt at the day; set in mode `failed`. */
  readonly failed: Failed | undefined
}

type Failed = Pick<Attempt, 'kind' | 'why' | 'error' | 'child' | 'featureVersion'>

/** Function that decides about a day, by the mode of the execution. */
export const DECISIONS: Readonly<
  Record<Exclude<Mode, typeof ACCEPT>, (facts: DayFacts, asked: Asked) => Decision>
> = {
  changed: decideChanged,
  failed: (facts, { failed, allowEmpty }) => decideFailed(facts, failed!, allowEmpty),
  rebuild: (facts, { allowEmpty }) => decideRebuild(facts, allowEmpty),
}

/**
 * Decides about a day in mode `changed`: work is needed if raw objects, feature code or published files differ from
 * what was published, or small parts are to be merged. Never decides to lose rows whose raw objects are gone.
 */
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
  // A rebuild would lose the rows of raw files that can no longer be read: only a person may ask for that.
  if (stale && gone === '')
    return { kind: 'rebuild', why: join(stale, without), inputs: readable(listing), vanished }
  const kept = keptReason(stale, gone, changes)
  if (added.length > 0) {
    const why = join(`${files(added.length, 'new ')}`, without, kept)
    return { kind: 'extend', why, inputs: added, vanished }
  }
  return decideMerge(facts, published, { kept, vanished })
}

/**
 * Decides about a day in mode `rebuild`: all of its rows are made again from the raw objects that are there now.
 *
 * @param allowEmpty true if that may leave the day without rows, or lose published rows of archived raw files
 */
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
 * Decides about a day in mode `failed`: repeats a rebuild if the failed attempt was one that a person had asked for,
 * else decides as mode `changed` does. The reason of an error stays the same, so that it is known as the same failure.
 */
export function decideFailed(facts: DayFacts, failed: Failed, allowEmpty: boolean): Decision {
  const decision = wasAskedFor(failed) ? decideRebuild(facts, allowEmpty) : decideChanged(facts)
  if (isRefusal(decision)) return decision
  return { ...decision, why: `${decision.why}; failed last time` }
}

/**
 * True for an attempt at a rebuild that a person asked for. One that `changed` decided on is decided anew: raw files
 * may have gone since, and a rebuild would lose their rows. An attempt with an error but without child or feature code
 * failed before PlanDay decided anything: its kind comes from the mode.
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
  // Parts of other feature code may have other columns, which today's jobs cannot write.
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

/** Returns the raw objects of a day that are not archived, in key order. */
export function readable({ objects, archived }: RawListing): readonly RawObject[] {
  return archived.size === 0 ? objects : objects.filter(({ key }) => !archived.has(key))
}

const keysOf = (objects: readonly RawObject[]) => objects.map(({ key }) => key)
