import type { Day } from './dates.ts'
import type { DatasetDay } from './execution-input.ts'
import { rawDayFolder } from './raw-layout.ts'

/**
 * Where everything lives in the data bucket. Nothing else in the project spells a key.
 *
 * `processed/` is what Athena sees, and holds nothing but Parquet. Names that begin with `_` are ignored by Athena:
 * https://docs.aws.amazon.com/athena/latest/ug/tables-location-format.html
 */

/** The names that datasets, tables and columns may have. */
export const NAME_PATTERN = /^[a-z][a-z0-9_]*$/
/** The longest name of a dataset, so that names of jobs and crawlers stay valid. */
export const MAX_DATASET_NAME_LENGTH = 64
/** The partition column of every table. */
export const PARTITION_COLUMN = 'day_partition'

/** Prefix of a day's raw objects in the raw bucket. */
export function rawDayPrefix({ rawPrefix, rawLayout }: RawPlace, day: Day): string {
  const folder = rawDayFolder(rawLayout, day)
  return rawPrefix === '' ? `${folder}/` : `${rawPrefix}/${folder}/`
}

/** Where a dataset's raw objects lie. */
export interface RawPlace {
  /** Prefix in the raw bucket, without a slash at its end. */
  readonly rawPrefix: string
  /** Template of a day below it. */
  readonly rawLayout: string
}

const partition = (table: string, day: Day) => `${table}/${PARTITION_COLUMN}=${day}/`

export const PROCESSED = 'processed/'
/** Days whose home still holds a generation that was replaced. */
export const REPLACEMENTS = 'replacements/'
/** Copies of objects that somebody else had put into a day's folder, made when a replacement leaves them out. */
export const QUARANTINE = 'quarantine/'
export const REJECTED = 'rejected/'
export const STATE = 'state/'
/** Entries of days with an intent that is not finished yet, or is about to be opened. */
export const OPEN = 'state/_open/'
/** Entries of days whose published generation Athena has not confirmed yet. */
export const UNVERIFIED = 'state/_unverified/'
/** Entries of days whose publish was given up, until an execution has worked on them again. */
export const REQUEUED = 'state/_again/'
/** Entries of days that are not at home, or of which replaced files are still there. */
export const AWAY = 'state/_away/'
/** Entries of days that failed, are stuck or superseded, until they are published, need nothing or are accepted. */
export const OUTSTANDING = 'state/_outstanding/'
/** Entries of days that an execution has found empty, without raw files to read: until they are published. */
export const EMPTY = 'state/_empty/'
/** Entries of days in which rows are doubled that a check wants to be unique. */
export const DUPLICATES = 'state/_duplicates/'
/** Places at which days of datasets with `maxConcurrency` are worked on. */
export const PLACES = 'state/_places/'
export const CRAWLING = 'state/_crawling/'
/** What metrics of each dataset are told from. */
export const FACTS = 'state/_facts/'
/** Written when a run has found the tables right: its age is how long ago that was. */
export const VERIFIED_KEY = 'state/_verified.json'
export const STAGING = 'staging/'
export const RUNS = 'runs/'
export const ATHENA_RESULTS = 'athena-results/'

/** Prefix of a table's published parts: the Location of the Glue table. */
export const tablePrefix = (table: string) => `${PROCESSED}${table}/`
/** A day's home: the Location of its partition, unless the day is away. */
export const partitionPrefix = (table: string, day: Day) => `${PROCESSED}${partition(table, day)}`
/** Prefix of the folder that a published generation lies in: home, unless it says another. */
export const locationOf = (published: { dataset: string; date: Day; location?: string }) =>
  published.location ?? partitionPrefix(published.dataset, published.date)
/** Prefix of a table's days that are away. */
export const tableReplacementsPrefix = (table: string) => `${REPLACEMENTS}${table}/`
/** Where a replaced day lies until it goes home. Used once: it is named after the attempt. */
export const replacementPrefix = (table: string, day: Day, generation: number, attempt: string) =>
  `${REPLACEMENTS}${partition(table, day)}g${generation}-${attempt}/`
/** Prefix of all folders that a day may lie in while it is away. */
export const dayReplacementsPrefix = (table: string, day: Day) => `${REPLACEMENTS}${partition(table, day)}`
/** The folder that a key of a day is in: home, or one of those that the day may lie in while it is away. */
export function folderOf(table: string, day: Day, key: string): string {
  const replacements = dayReplacementsPrefix(table, day)
  if (!key.startsWith(replacements)) return partitionPrefix(table, day)
  return key.slice(0, key.indexOf('/', replacements.length) + 1)
}
/** Where the copy of a foreign object goes. The ETag keeps apart what came under one name. */
export const quarantineKey = (table: string, day: Day, etag: string, name: string) =>
  `${QUARANTINE}${partition(table, day)}${etag}/${name}`
/**
 * Name of part `index` (from 0) of a generation. The attempt is a part of it, so that a name comes back never, not even
 * when the ledger is lost and generations count from the start again.
 */
export const partName = (generation: number, attempt: string, index: number) =>
  `part-${pad(generation)}-${fileToken(attempt)}-${pad(index)}.parquet`
/** What names of files hold of an attempt's token: 48 bits of a UUID. */
const fileToken = (attempt: string) => attempt.replaceAll(/[^0-9a-z]/g, '').slice(0, 12)
/** The last name of a key. */
export const nameOf = (key: string) => key.slice(key.lastIndexOf('/') + 1)
/** Name of the table over a table's rejected records. */
export const rejectedTable = (table: string) => `${table}_rejected`
/** Prefix of a table's rejected records. */
export const rejectedTablePrefix = (table: string) => `${REJECTED}${table}/`
/** Prefix of a day's rejected records. */
export const rejectedPrefix = (table: string, day: Day) => `${REJECTED}${partition(table, day)}`
/** Name of reject file `index` (from 0) of a generation, made as those of parts are. */
export const rejectName = (generation: number, attempt: string, index: number) =>
  `rejected-${pad(generation)}-${fileToken(attempt)}-${pad(index)}.jsonl.gz`

/** Prefix of a table's ledger. */
export const statePrefix = (table: string) => `${STATE}${table}/`
/** Prefix of a day's ledger. */
export const stateDayPrefix = (table: string, day: Day) => `${STATE}${partition(table, day)}`
/** The ledger of a day: what is published and the intent in progress. */
export const manifestKey = (table: string, day: Day) => `${stateDayPrefix(table, day)}manifest.json.gz`
/** Where a manifest that cannot be read is kept when the day is mended. */
export const unreadableManifestKey = (table: string, day: Day, etag: string) =>
  `${stateDayPrefix(table, day)}unreadable-${etag}`
/** Name of the sketch of a profile that an attempt made, as those of parts are. It lies beside the manifest. */
export const sketchName = (generation: number, attempt: string) =>
  `profile-${pad(generation)}-${fileToken(attempt)}-00000.json.gz`
/** Where sketches of a day's profile lie; `*` is any text. */
export const sketchKeys = (table: string, day: Day) => `${stateDayPrefix(table, day)}profile-*`
/** The newest attempt at a day: written before its job starts. */
export const attemptKey = (table: string, day: Day) => `${stateDayPrefix(table, day)}attempt.json`
/** Prefixes below which an entry stands for a dataset-day. */
export type DayEntries =
  | typeof OPEN
  | typeof UNVERIFIED
  | typeof REQUEUED
  | typeof AWAY
  | typeof OUTSTANDING
  | typeof EMPTY
  | typeof DUPLICATES
/** The entry that stands for a day. */
export const dayEntryKey = (entries: DayEntries, table: string, day: Day) => `${entries}${table}/${day}`
/** Prefix of a table's entries. */
export const tableEntriesPrefix = (entries: DayEntries, table: string) => `${entries}${table}/`
/** The day that an entry stands for, or undefined for a key that is no such entry. */
export function dayOfEntry(entries: DayEntries, key: string): DatasetDay | undefined {
  const match = /^([a-z][a-z0-9_]*)\/(\d{4}-\d{2}-\d{2})$/.exec(key.slice(entries.length))
  return match && key.startsWith(entries) ? { dataset: match[1]!, date: match[2]! } : undefined
}

/** The facts of a dataset. */
export const factsKey = (dataset: string) => `${FACTS}${dataset}.json`

/** Place `index` (from 0) of a dataset. */
export const placeKey = (dataset: string, index: number) => `${PLACES}${dataset}/${index}`

/** Written when a table's crawler is about to be started, and when it was seen to have ended. */
export const crawlingKey = (table: string) => `${CRAWLING}${table}`

/** Prefix of what one attempt stages. */
export const stagingPrefix = (table: string, day: Day, attempt: string) =>
  `${STAGING}${partition(table, day)}${attempt}/`
/** Prefix of an attempt's staged parts. Parquet only. */
export const stagedPartsPrefix = (staging: string) => `${staging}parts/`
/** Prefix of an attempt's staged reject files. */
export const stagedRejectsPrefix = (staging: string) => `${staging}rejected/`
/** Prefix of an attempt's staged sketch. */
export const stagedSketchesPrefix = (staging: string) => `${staging}profile/`
/** The job's report: written last, so that its presence means that staging is whole. */
export const reportKey = (staging: string) => `${staging}report.json.gz`

/** Prefix of all that one execution writes about itself. */
export const runPrefix = (execution: string) => `${RUNS}${execution}/`
/** The dataset-days of an execution, for the Map. */
export const itemsKey = (execution: string) => `${runPrefix(execution)}items.json`
/** Prefix of the Map's results. */
export const mapResultsPrefix = (execution: string) => `${runPrefix(execution)}map`
/** What a job is told to do. `token` names the attempt. */
export const workOrderKey = (execution: string, table: string, day: Day, token: string) =>
  `${runPrefix(execution)}orders/${table}/${day}/${token}.json.gz`
/** Prefix of the progress of an execution's jobs. */
export const progressPrefix = (execution: string) => `${runPrefix(execution)}progress/`
/** Progress of a day's job. */
export const progressKey = (execution: string, table: string, day: Day) =>
  `${progressPrefix(execution)}${table}/${day}.json`
/** The outcome of every dataset-day of an execution. */
export const summaryKey = (execution: string) => `${runPrefix(execution)}summary.json`

/** The page about an execution. */
export const pageKey = (execution: string) => `${runPrefix(execution)}report.html`

/** Prefix of what one UNLOAD writes: Athena wants it empty, so that each has a name of its own. */
export const unloadPrefix = (name: string) => `${ATHENA_RESULTS}unload/${name}/`

/** The generation that a part, reject file or sketch was made for, staged or published; undefined for another name. */
export function generationOf(key: string): number | undefined {
  const match =
    /(?:^|\/)(?:part|rejected|profile)-(\d{5,})-(?:[0-9a-z]+-)?\d{5,}\.(?:parquet|jsonl?\.gz)$/.exec(key)
  return match ? Number(match[1]) : undefined
}

const DAY_OF_KEY = new RegExp(`^[a-z]+/([a-z][a-z0-9_]*)/${PARTITION_COLUMN}=(\\d{4}-\\d{2}-\\d{2})/`)

/** Table and day of a key or prefix of a day, such as one below `state/`, or undefined for one that is of no day. */
export function tableAndDayOf(key: string): { table: string; day: Day } | undefined {
  const match = DAY_OF_KEY.exec(key)
  return match ? { table: match[1]!, day: match[2]! } : undefined
}

/** The dataset-day that a key, prefix or URI of a document of one day names, or undefined where it names none. */
export function datasetDayIn(key: string): DatasetDay | undefined {
  const match = /(?:^|\/)([a-z][a-z0-9_]*)\/(?:day_partition=)?(\d{4}-\d{2}-\d{2})(?:[/.]|$)/.exec(key)
  return match ? { dataset: match[1]!, date: match[2]! } : undefined
}

/** Order of S3 listings: UTF-8 bytes over whole keys. JavaScript's own sort is by UTF-16 and differs on emoji. */
export function compareKeys(left: string, right: string): number {
  const length = Math.min(left.length, right.length)
  for (let index = 0; index < length; index++) {
    const [one, other] = [left.charCodeAt(index), right.charCodeAt(index)]
    if (one !== other) return byteRank(one) - byteRank(other)
  }
  return left.length - right.length
}

/** Where a UTF-16 unit stands in the order of UTF-8: surrogates, of characters beyond U+FFFF, come last. */
function byteRank(unit: number): number {
  if (unit < 0xd800) return unit
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800
}

/** `s3://bucket/key`. */
export const s3Uri = (bucket: string, key: string) => `s3://${bucket}/${key}`

/** Bucket and key of `s3://bucket/key`, or undefined for another text. */
export function parseS3Uri(uri: string): { bucket: string; key: string } | undefined {
  const match = /^s3:\/\/([^/]+)\/(.*)$/s.exec(uri)
  return match ? { bucket: match[1]!, key: match[2]! } : undefined
}

function pad(number: number): string {
  return String(number).padStart(5, '0')
}
