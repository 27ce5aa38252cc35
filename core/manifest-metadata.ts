import type { CheckResult } from './checks.ts'
import { locationOf, partitionPrefix } from './layout.ts'
import {
  EMPTY_MANIFEST,
  inputsDigest,
  partsDigest,
  UNREAD_KINDS,
  type Manifest,
  type UnreadKind,
  type UnreadObjects,
} from './manifest.ts'

/**
 * User metadata of the manifest object, which PlanDay, Verify and `status` read with a HEAD instead of reading the
 * manifest. All values are strings, as S3 requires.
 */
export interface ManifestMetadata {
  /** {@link inputsDigest} of the published inputs; empty if nothing is published. */
  readonly inputs: string
  /** Version of the feature code that made the published rows; empty if nothing is published. */
  readonly 'feature-version': string
  /** Number of the published generation; `0` if nothing is published. */
  readonly generation: string
  /** Token of the attempt that made the published generation; empty if nothing is published. */
  readonly attempt: string
  /** `yes` while an intent is open. */
  readonly intent: 'yes' | 'no'
  /** Number of parts that a consolidation would merge. */
  readonly 'small-parts': string
  /** {@link partsDigest} of the published parts; empty if unknown. */
  readonly parts: string
  /** Prefix of the folder that holds the parts; empty if nothing is published. */
  readonly location: string
  /** `yes` while the day lies in a replacement folder or has retired folders, which are still to be deleted. */
  readonly away: 'yes' | 'no'
  /** Number of rows of the published generation. */
  readonly rows: string
  /** Number of raw files that were read for the published generation. */
  readonly files: string
  /** Number of records that were rejected for the published generation. */
  readonly rejected: string
  /** Number of records that were dropped for the published generation; empty if nothing is published, or unknown. */
  readonly dropped: string
  /** Number of unread objects of each kind, for {@link unreadCounts}; empty if they were not counted. */
  readonly unread: string
  /** First key of each kind of unread objects, for {@link firstUnread}; empty if they are too long or unknown. */
  readonly 'unread-first': string
  /** Version of the engine that read the inputs; empty if the manifest states none. */
  readonly engine: string
  /** Number of checks that passed, failed and could not be judged, for {@link checkCounts}; empty if there are none. */
  readonly checks: string
  /** ISO time of the publish; empty if nothing is published. */
  readonly 'published-at': string
}

/** Returns the user metadata to store with a manifest, so that readers need only a HEAD. */
export function manifestMetadata({ published, intent, retired = [] }: Manifest): ManifestMetadata {
  const location = published ? locationOf(published) : ''
  return {
    inputs: published ? inputsDigest(published.inputs) : '',
    'feature-version': published?.featureVersion ?? '',
    generation: String(published?.generation ?? 0),
    attempt: published?.attempt ?? '',
    intent: intent ? 'yes' : 'no',
    'small-parts': String(published?.smallParts ?? 0),
    parts: published ? partsDigest(published.parts) : '',
    location,
    away: retired.length > 0 || !isHome(published) ? 'yes' : 'no',
    rows: String(published?.totals.rows ?? 0),
    files: String(published?.totals.files ?? 0),
    rejected: String(published?.totals.rejected ?? 0),
    dropped: String(published?.totals.dropped ?? ''),
    unread: published?.unread ? unreadText(published.unread) : '',
    'unread-first': published?.unread ? firstText(published.unread) : '',
    engine: published?.engine ?? '',
    checks: published?.checks ? CHECK_STATES.map((state) => countOf(published.checks!, state)).join(' ') : '',
    'published-at': published?.publishedAt ?? '',
  }
}

const CHECK_STATES = ['passed', 'failed', 'unknown'] as const
const countOf = (checks: readonly CheckResult[], state: CheckResult['state']) =>
  checks.filter((result) => result.state === state).length

const isHome = (published: Manifest['published']) =>
  !published || locationOf(published) === partitionPrefix(published.dataset, published.date)

/** Metadata that tells nothing. `intent: 'yes'` makes readers read the manifest itself. */
const UNKNOWN: ManifestMetadata = { ...manifestMetadata(EMPTY_MANIFEST), intent: 'yes' }

/**
 * Completes the user metadata that a HEAD of a manifest returned. If entries are missing, as after an upload by hand,
 * `intent` becomes `yes`, which makes readers read the manifest itself.
 */
export function decodeManifestMetadata(metadata: Readonly<Record<string, string>>): ManifestMetadata {
  return { ...UNKNOWN, ...metadata }
}

/** One number per kind, in the order of UNREAD_KINDS, such as `0 2 0 1`. */
const unreadText = (unread: UnreadObjects) => UNREAD_KINDS.map((kind) => unread[kind]?.count ?? 0).join(' ')

/**
 * Maximum length of the keys of unread objects: S3 limits all metadata to 2 KB.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html
 */
const MAX_FIRST = 700
const NO_KEY = '-'

/** The first key of each kind, in the order of UNREAD_KINDS, in ASCII. */
function firstText(unread: UnreadObjects): string {
  const keys = UNREAD_KINDS.map((kind) => encodeURI(unread[kind]?.first ?? NO_KEY)).join(' ')
  return keys.length > MAX_FIRST ? '' : keys
}

/**
 * Returns the first key of a published day's unread objects by kind; undefined if they are not known without the
 * manifest.
 */
export function firstUnread({
  'unread-first': keys,
}: ManifestMetadata): Partial<Record<UnreadKind, string>> | undefined {
  if (keys === '') return undefined
  const firsts = keys.split(' ')
  const known = UNREAD_KINDS.flatMap((kind, index) => {
    const first = firsts[index] ?? NO_KEY
    return first === NO_KEY ? [] : [[kind, decodeURI(first)] as const]
  })
  return Object.fromEntries(known)
}

/** Returns the number of unread objects of a published day by kind; undefined if they were not counted. */
export function unreadCounts({ unread }: ManifestMetadata): Record<UnreadKind, number> | undefined {
  if (!/^\d+(?: \d+)*$/.test(unread)) return undefined
  const counts = unread.split(' ').map(Number)
  const byKind = UNREAD_KINDS.map((kind, index) => [kind, counts[index] ?? 0] as const)
  return Object.fromEntries(byKind) as Record<UnreadKind, number>
}

/** Returns the number of a published day's checks by state; undefined if it has none. */
export function checkCounts({ checks }: ManifestMetadata): Record<CheckResult['state'], number> | undefined {
  const [, passed, failed, unknown] = /^(\d+) (\d+) (\d+)$/.exec(checks) ?? []
  if (passed === undefined) return undefined
  return { passed: Number(passed), failed: Number(failed), unknown: Number(unknown) }
}
