import { findManifest, headManifest, readAttempt, type StoredAttempt } from '../aws/day-state.ts'
import { listDuplicateDays, readDuplicateDay } from '../aws/duplicate-days.ts'
import { executionStatus, type IsRunning } from '../aws/executions.ts'
import { inParallel } from '../aws/in-parallel.ts'
import { listObjects, listPrefixes } from '../aws/list-objects.ts'
import { listOutstandingDays, readOutstandingDay, type OutstandingFacts } from '../aws/outstanding-days.ts'
import type { Bucket } from '../aws/objects.ts'
import type { CheckResult } from '../core/checks.ts'
import type { Day } from '../core/dates.ts'
import { orCorrupt } from '../core/documents.ts'
import { DayfoldError } from '../core/errors.ts'
import type { DatasetDay } from '../core/dataset-day.ts'
import { partitionPrefix, s3Uri, STATE, stateDayPrefix, statePrefix, tableAndDayOf } from '../core/layout.ts'
import { FIRST_ENGINE_VERSION } from '../core/engine.ts'
import {
  EMPTY_MANIFEST,
  UNREAD_KINDS,
  type Manifest,
  type UnreadCount,
  type UnreadKind,
  type WorkKind,
} from '../core/manifest.ts'
import {
  checkCounts,
  manifestMetadata,
  firstUnread,
  unreadCounts,
  type ManifestMetadata,
} from '../core/manifest-metadata.ts'
import { dataOf, type Target } from './target.ts'

/** State of the newest attempt at a day, as `status` shows it. */
export interface LastAttempt {
  /** `ok` if the attempt was published, `accepted` if a person accepts its failure. */
  readonly state: 'ok' | 'failed' | 'running' | 'accepted'
  readonly kind: WorkKind
  /** ISO time at which the attempt started. */
  readonly startedAt: string
  /** Reason for working on the day, in words. */
  readonly why: string
  /** ARN of the execution that made the attempt. */
  readonly execution: string
  /** Name and message of the error, as `name: message`. @default none is known */
  readonly error?: string
}

/** Facts about a day that is outstanding: since when, in which state, and the error. */
export type Outstanding = Pick<OutstandingFacts, 'since' | 'status' | 'error' | 'cause'>

/** State of a day in the ledger. Numbers describe the published generation and are 0 if there is none. */
export interface DayState {
  readonly dataset: string
  readonly date: Day
  /** Number of the published generation. */
  readonly generation: number
  /** Number of rows. */
  readonly rows: number
  /** Number of raw files that were read. */
  readonly files: number
  /** Number of records that feature code dropped. */
  readonly dropped: number
  /** Number of rejected records. */
  readonly rejected: number
  /**
   * Unread objects below the raw prefix when the generation was made, by kind. Complete for days with unreadable
   * objects, else counts and first keys. Null if they were not counted.
   */
  readonly unread: UnreadState | null
  /** Version of the feature code that made the generation; null if there is none. */
  readonly featureVersion: string | null
  /** Version of the engine that read the generation; null if there is none. */
  readonly engine: string | null
  /**
   * `s3://` URI of the generation's folder, for readers of files; null if there is none. It changes when the day is
   * replaced.
   */
  readonly location: string | null
  /** ISO time of the publish; null if there is none. */
  readonly publishedAt: string | null
  /** True while a publish is in progress, or if its writer has died. */
  readonly publishing: boolean
  /**
   * Generation that readers will see once the operation in progress is finished: the published one if files only move.
   * Null if no operation is in progress.
   */
  readonly nextGeneration: number | null
  /** Newest attempt at the day; null if there was none. */
  readonly lastAttempt: LastAttempt | null
  /**
   * Check results of the published generation. Complete if a check failed or could not be judged, else only counts.
   * Null if it has none.
   */
  readonly checks: ChecksState | null
  /**
   * Duplicate rows that violate a `unique` check, as Verify found them, one sentence per check; null if there are none.
   */
  readonly duplicates: readonly string[] | null
  /**
   * Set while the day is outstanding: it failed, is stuck or superseded, and was neither published nor accepted since.
   */
  readonly outstanding: Outstanding | null
  /** Unreadable documents of the day: for each its key, what was found and what to do. */
  readonly problems: readonly string[]
}

/** Number of a day's checks by result, with those that did not pass. */
export interface ChecksState extends Readonly<Record<CheckResult['state'], number>> {
  /** Results of checks that failed or could not be judged. */
  readonly results: readonly CheckResult[]
}

/** Unread objects of a day by kind: their number, first key and, if known, bytes. */
export type UnreadState = Readonly<
  Partial<Record<UnreadKind, Pick<UnreadCount, 'count' | 'first'> & Partial<UnreadCount>>>
>

/** Datasets and days that `status` looks at. */
export interface StatusOptions {
  /** Names of datasets. @default all */
  readonly datasets?: readonly string[]
  /** First day, inclusive. @default no limit */
  readonly from?: Day
  /** Last day, inclusive. @default no limit */
  readonly to?: Day
}

/**
 * Reads the state of every day that was ever worked on, sorted by dataset, then by day. Costs two small requests per
 * day, and a read of the manifest if an operation is in progress, something could not be read or judged, or an earlier
 * release wrote it.
 */
export async function readStatus(target: Target, options: StatusOptions = {}): Promise<DayState[]> {
  const names = options.datasets ?? target.datasets.map(({ name }) => name)
  const isRunning = askedOnce(executionStatus(target.clients.sfn))
  const states: DayState[] = []
  for (const name of names) {
    const outstanding = await outstandingDays(target, name)
    const duplicated = new Set((await listDuplicateDays(dataOf(target), name)).map(({ date }) => date))
    const days = await knownDays(target, name, options, outstanding)
    states.push(
      ...(await inParallel(days, async (date) => ({
        ...(await dayState(target, name, date, isRunning)),
        outstanding: outstanding.has(date) ? await whyOutstanding(target, { dataset: name, date }) : null,
        duplicates: duplicated.has(date) ? await toldDuplicates(target, { dataset: name, date }) : null,
      }))),
    )
  }
  return states
}

/** Lists the names of datasets that the ledger has days of and the target does not know. */
export async function otherDatasets(target: Target): Promise<string[]> {
  const names: string[] = []
  for await (const prefix of listPrefixes(dataOf(target), STATE)) {
    const name = prefix.slice(STATE.length, -1)
    // Names that begin with an underscore are the ledger's own.
    if (!name.startsWith('_') && !target.datasets.some((known) => known.name === name)) names.push(name)
  }
  return names
}

async function outstandingDays(target: Target, table: string): Promise<ReadonlySet<Day>> {
  const entries = await listOutstandingDays(dataOf(target), table)
  return new Set(entries.map(({ date }) => date))
}

/** Null for an entry that is gone meanwhile or unreadable; the next execution repairs it. */
async function whyOutstanding(target: Target, day: DatasetDay): Promise<Outstanding | null> {
  const facts = await readOutstandingDay(dataOf(target), day)
  if (!facts || facts instanceof DayfoldError) return null
  const { since, status, error, cause } = facts
  return { since, status, ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) }
}

async function toldDuplicates(target: Target, day: DatasetDay): Promise<readonly string[] | null> {
  const facts = await readDuplicateDay(dataOf(target), day)
  return !facts || facts instanceof DayfoldError ? null : facts.told
}

/** Days of the ledger, and outstanding days that it does not know because no attempt was made. */
async function knownDays(
  target: Target,
  table: string,
  { from, to }: StatusOptions,
  outstanding: ReadonlySet<Day>,
): Promise<Day[]> {
  const isAsked = (day: Day) => (from === undefined || day >= from) && (to === undefined || day <= to)
  const days = new Set<Day>([...outstanding].filter(isAsked))
  const startAfter = from && stateDayPrefix(table, from)
  for await (const { key } of listObjects(dataOf(target), statePrefix(table), { startAfter })) {
    const day = tableAndDayOf(key)?.day
    if (day === undefined) continue
    if (to !== undefined && day > to) break
    days.add(day)
  }
  return [...days].sort()
}

async function dayState(
  target: Target,
  dataset: string,
  date: Day,
  isRunning: IsRunning,
): Promise<Omit<DayState, 'outstanding' | 'duplicates'>> {
  const data = dataOf(target)
  const [known, stored] = await Promise.all([
    knownManifest(data, { dataset, date }),
    readAttempt(data, { dataset, date }),
  ])
  const isKnown = !(known instanceof DayfoldError)
  const { metadata, unread, checks, nextGeneration } = isKnown ? known : ofManifest(EMPTY_MANIFEST)
  return {
    dataset,
    date,
    generation: Number(metadata.generation),
    rows: Number(metadata.rows),
    files: Number(metadata.files),
    dropped: Number(metadata.dropped),
    rejected: Number(metadata.rejected),
    unread: unread ?? null,
    featureVersion: metadata['feature-version'] || null,
    checks: checks ?? null,
    engine: metadata.generation === '0' ? null : metadata.engine || FIRST_ENGINE_VERSION,
    location: locationIn(metadata, target, { dataset, date }),
    publishedAt: metadata['published-at'] || null,
    publishing: metadata.intent === 'yes',
    nextGeneration,
    lastAttempt: stored ? await lastAttempt(stored, metadata, isRunning) : null,
    problems: [...(isKnown ? [] : [known]), ...(stored?.problem ? [stored.problem] : [])].map(
      ({ message }) => message,
    ),
  }
}

/** Generations of 0.1.0 state no location and lie at home. */
function locationIn(
  { generation, location }: ManifestMetadata,
  { dataBucket }: Target,
  { dataset, date }: DatasetDay,
): string | null {
  return generation === '0' ? null : s3Uri(dataBucket, location || partitionPrefix(dataset, date))
}

interface Known {
  readonly metadata: ManifestMetadata
  readonly unread: UnreadState | undefined
  readonly nextGeneration: number | null
  readonly checks: ChecksState | undefined
}

/**
 * Reads the manifest only if its metadata is not enough: a HEAD tells nothing about a manifest that was uploaded by
 * hand, no dropped records and no first keys of unread objects of one that an earlier release wrote, and only counts
 * unreadable objects and checks that did not pass.
 */
async function knownManifest(data: Bucket, day: DatasetDay): Promise<Known | DayfoldError> {
  const head = await headManifest(data, day)
  if (!head) return ofManifest(EMPTY_MANIFEST)
  const counts = unreadCounts(head.metadata)
  const unread = counts && counted(counts, firstUnread(head.metadata))
  const checks = checkCounts(head.metadata)
  const haveAllPassed = !checks || checks.failed + checks.unknown === 0
  const hasDropped = head.metadata.generation === '0' || head.metadata.dropped !== ''
  const isUnreadKnown = !counts || (unread !== undefined && !counts.unreadable)
  if (head.metadata.intent === 'no' && isUnreadKnown && haveAllPassed && hasDropped)
    return {
      metadata: head.metadata,
      unread,
      checks: checks && { ...checks, results: [] },
      nextGeneration: null,
    }
  const manifest = await orCorrupt(() => findManifest(data, day))
  return manifest instanceof DayfoldError ? manifest : ofManifest(manifest ?? EMPTY_MANIFEST)
}

function ofManifest(manifest: Manifest): Known {
  const metadata = manifestMetadata(manifest)
  const counts = checkCounts(metadata)
  const results = (manifest.published?.checks ?? []).filter(({ state }) => state !== 'passed')
  return {
    metadata,
    unread: manifest.published?.unread,
    checks: counts && { ...counts, results },
    nextGeneration: nextGeneration(manifest),
  }
}

/** An intent that shows no new generation ends with the published one. */
function nextGeneration({ intent, published }: Manifest): number | null {
  if (!intent) return null
  return 'next' in intent ? intent.next.generation : (published?.generation ?? 0)
}

/** Keeps only kinds that have objects; undefined if the first key of one is not known. */
function counted(
  counts: Readonly<Record<UnreadKind, number>>,
  firsts: Readonly<Partial<Record<UnreadKind, string>>> = {},
): UnreadState | undefined {
  const kinds = UNREAD_KINDS.filter((kind) => counts[kind] > 0)
  if (kinds.some((kind) => firsts[kind] === undefined)) return undefined
  return Object.fromEntries(kinds.map((kind) => [kind, { count: counts[kind], first: firsts[kind]! }]))
}

async function lastAttempt(
  { attempt: { token, kind, startedAt, why, execution, child, error, accepted }, problem }: StoredAttempt,
  metadata: ManifestMetadata,
  isRunning: IsRunning,
): Promise<LastAttempt> {
  const isGoingOn = async () => !problem && (await isRunning(child ?? execution))
  const hasFailed = accepted ? 'accepted' : 'failed'
  const state = metadata.attempt === token ? 'ok' : (await isGoingOn()) ? 'running' : hasFailed
  return { state, kind, startedAt, why, execution, ...(error !== undefined && { error }) }
}

/** Asks only once per execution, because hundreds of days share one. */
function askedOnce(isRunning: IsRunning): IsRunning {
  const answers = new Map<string, Promise<boolean>>()
  return (execution) => {
    const answer = answers.get(execution) ?? isRunning(execution)
    answers.set(execution, answer)
    return answer
  }
}
