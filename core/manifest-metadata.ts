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

/** User metadata of a manifest object: what PlanDay reads with a HEAD. Values are strings, as S3 wants them. */
export interface ManifestMetadata {
  /** {@link inputsDigest} of the published inputs, or empty without a published generation. */
  readonly inputs: string
  readonly 'feature-version': string
  readonly generation: string
  /** Token of the attempt that made the published generation. */
  readonly attempt: string
  /** `yes` while an intent is open. */
  readonly intent: 'yes' | 'no'
  /** How many parts a consolidation would merge. */
  readonly 'small-parts': string
  /** {@link partsDigest} of the published parts, or empty where it is not known. */
  readonly parts: string
  /** Prefix of the folder that the parts lie in, or empty without a published generation. */
  readonly location: string
  /** `yes` while the day is not at home or replaced files of it are still there. */
  readonly away: 'yes' | 'no'
  /** Rows, files and rejected records of the published generation, for summaries and `status`. */
  readonly rows: string
  readonly files: string
  readonly rejected: string
  /** How many objects were not read, by kind: {@link unreadCounts} reads it. Empty where they were not counted. */
  readonly unread: string
  /** Version of the engine that read the inputs, or empty where the manifest does not say. */
  readonly engine: string
  /** How many checks passed, failed and could not be judged: {@link checkCounts} reads it. Empty without checks. */
  readonly checks: string
  /** ISO time, or empty without a published generation. */
  readonly 'published-at': string
}

/** The metadata of a manifest, so that a HEAD is enough for a day without news. */
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
    unread: published?.unread ? unreadText(published.unread) : '',
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

/** Says of a manifest that nothing is known: whoever needs to know reads the manifest itself. */
const UNKNOWN: ManifestMetadata = { ...manifestMetadata(EMPTY_MANIFEST), intent: 'yes' }

/** The metadata that a HEAD gave; what is missing, as after an upload by hand, is not known. */
export function decodeManifestMetadata(metadata: Readonly<Record<string, string>>): ManifestMetadata {
  return { ...UNKNOWN, ...metadata }
}

/** `0 2 0 1`: a number for each kind, in their order, as S3 has 2 KB for all metadata and keys would not fit. */
const unreadText = (unread: UnreadObjects) => UNREAD_KINDS.map((kind) => unread[kind]?.count ?? 0).join(' ')

/** How many objects of a published day were not read, by kind; undefined where they were not counted. */
export function unreadCounts({ unread }: ManifestMetadata): Record<UnreadKind, number> | undefined {
  if (!/^\d+(?: \d+)*$/.test(unread)) return undefined
  const counts = unread.split(' ').map(Number)
  const byKind = UNREAD_KINDS.map((kind, index) => [kind, counts[index] ?? 0] as const)
  return Object.fromEntries(byKind) as Record<UnreadKind, number>
}

/** How many checks of a published day went how; undefined where it has none. */
export function checkCounts({ checks }: ManifestMetadata): Record<CheckResult['state'], number> | undefined {
  const [, passed, failed, unknown] = /^(\d+) (\d+) (\d+)$/.exec(checks) ?? []
  if (passed === undefined) return undefined
  return { passed: Number(passed), failed: Number(failed), unknown: Number(unknown) }
}
