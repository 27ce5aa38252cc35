import { inputsDigest, type Published, type RawObject, type StoredFile } from '../../core/manifest.ts'
import { NO_RAW_FILES } from '../../core/messages.ts'
import type { Mode } from '../../core/modes.ts'
import type { Attempt } from '../../core/attempt.ts'
import type { ManifestMetadata } from '../../core/manifest-metadata.ts'
import type { FileLimits } from '../../core/file-limits.ts'
import type { Damage } from '../ledger/damage.ts'
import { mergeableParts } from '../ledger/small-parts.ts'
import { compareListing, type ListingChanges } from './listing-changes.ts'

/** More small parts than this are merged before the day is over. */
export const MAX_SMALL_PARTS = 64

/** How the reason of a rebuild begins that was asked for: an attempt keeps it. */
const ASKED_FOR = 'asked for'

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

export interface DayFacts {
  /** In key order. */
  readonly listing: readonly RawObject[]
  /**
   * How many objects beside them have other endings.
   * @default 0
   */
  readonly others?: number
  readonly published: Published | null
  /** What is wrong with the published objects. @default nothing */
  readonly damage?: Damage | undefined
  /** Of the deployed feature code. */
  readonly featureVersion: string
  /** Whether the day has ended in the dataset's time zone. */
  readonly isOver: boolean
  readonly limits: FileLimits
}

/** Whether the manifest's metadata alone says that a day needs nothing. */
export function isUnchanged(
  metadata: ManifestMetadata | undefined,
  { listing, featureVersion, isOver }: Omit<DayFacts, 'published' | 'limits' | 'damage'>,
): boolean {
  if (!metadata || metadata.generation === '0' || metadata.intent === 'yes' || metadata.away === 'yes')
    return false
  if (metadata['feature-version'] !== featureVersion) return false
  if (isMergeDue(Number(metadata['small-parts']), isOver)) return false
  return metadata.inputs === inputsDigest(listing)
}

/** What an execution asks for beside its mode. */
export interface Asked {
  /** Lets a rebuild empty a day. */
  readonly allowEmpty: boolean
  /** The attempt that has failed, where the mode is for failed days. */
  readonly failed: Pick<Attempt, 'kind' | 'why' | 'error'> | undefined
}

/** What each mode does with a day. */
export const DECISIONS: Readonly<Record<Mode, (facts: DayFacts, asked: Asked) => Decision>> = {
  changed: decideChanged,
  failed: (facts, { failed, allowEmpty }) => decideFailed(facts, failed!, allowEmpty),
  rebuild: (facts, { allowEmpty }) => decideRebuild(facts, allowEmpty),
}

/** What mode `changed` does with a day. */
export function decideChanged(facts: DayFacts): Decision {
  const { listing, published } = facts
  if (!published) {
    if (listing.length === 0) return nothing('empty', emptyReason(facts))
    return { kind: 'extend', why: `new day: ${files(listing.length)}`, inputs: listing, vanished: 0 }
  }
  const changes = compareListing(listing, published.inputs)
  const { added, vanished } = changes
  if (facts.damage && !facts.damage.isLost) return { kind: 'relocate', why: facts.damage.why }
  const stale = staleReason(facts, published, changes)
  if (facts.damage && vanished > 0)
    return { kind: 'lost', why: `${facts.damage.why}; ${files(vanished)} gone from the raw prefix` }
  // A rebuild would lose the rows of raw files that are gone: only a person may want that.
  if (stale && vanished === 0) return { kind: 'rebuild', why: stale, inputs: listing, vanished }
  const kept = keptReason(stale, vanished)
  if (added.length > 0) {
    const why = join(`${files(added.length, 'new ')}`, kept)
    return { kind: 'extend', why, inputs: added, vanished }
  }
  return decideMerge(facts, published, { kept, vanished })
}

/** What mode `rebuild` does with a day: the day becomes what the raw prefix says now. */
export function decideRebuild(facts: DayFacts, allowEmpty: boolean): Decision {
  const { listing, published } = facts
  const vanished = published ? compareListing(listing, published.inputs).vanished : 0
  const rebuild = { kind: 'rebuild', why: ASKED_FOR, inputs: listing, vanished } as const
  if (listing.length > 0) return rebuild
  if (!published || published.inputs.length === 0) return nothing('empty', emptyReason(facts))
  if (allowEmpty) return { ...rebuild, why: `${ASKED_FOR}, emptied as allowed` }
  return {
    kind: 'refuse',
    why: `expected raw files, found none for a day of ${published.totals.rows} published rows`,
  }
}

/**
 * What mode `failed` does with a day whose last attempt has failed: the rebuild, if that had been asked for, else what
 * `changed` does.
 */
export function decideFailed(
  facts: DayFacts,
  failed: Pick<Attempt, 'kind' | 'why' | 'error'>,
  allowEmpty: boolean,
): Decision {
  const decision = wasAskedFor(failed) ? decideRebuild(facts, allowEmpty) : decideChanged(facts)
  return { ...decision, why: `${decision.why}; failed last time` }
}

/**
 * Whether an attempt is a rebuild that a person wanted. One that `changed` decided on is decided on anew: raw files may
 * have gone since, whose rows it would lose. An attempt with an error failed before anything was decided, so that its
 * kind follows from the mode alone.
 */
function wasAskedFor({ kind, why, error }: Pick<Attempt, 'kind' | 'why' | 'error'>): boolean {
  return kind === 'rebuild' && (why.startsWith(ASKED_FOR) || error !== undefined)
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

/** Why published rows are not what the raw files and the feature code give today; empty when they are. */
function staleReason(
  { featureVersion, damage }: DayFacts,
  published: Published,
  { changed }: ListingChanges,
): string {
  const reasons: string[] = damage ? [damage.why] : []
  if (published.featureVersion !== featureVersion) reasons.push('feature code changed')
  if (changed > 0) reasons.push(files(changed, 'changed '))
  return reasons.join(', ')
}

function keptReason(stale: string, vanished: number): string {
  if (vanished === 0) return ''
  const gone = `${files(vanished)} gone from the raw prefix, published rows stay`
  return stale ? `${gone}; not rebuilt although ${stale}: mode rebuild does` : gone
}

/** Names what a person may have taken for raw files. */
function emptyReason({ others = 0 }: DayFacts): string {
  return others === 0
    ? NO_RAW_FILES
    : `${NO_RAW_FILES}; ${others} object${others === 1 ? '' : 's'} with other endings`
}

function nothing(status: 'unchanged' | 'empty', why: string, vanished = 0): Decision {
  return { kind: 'none', status, why, vanished }
}

const join = (...parts: readonly string[]) => parts.filter((part) => part !== '').join('; ')
const files = (count: number, adjective = '') => `${count} ${adjective}file${count === 1 ? '' : 's'}`
