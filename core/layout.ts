import type { Day } from './dates.ts'
import type { DatasetDay } from './execution-input.ts'
import { rawDayFolder } from './raw-layout.ts'

/**
 * Names of all objects in the data bucket. Nothing else in the project spells a key.
 *
 * Athena reads `processed/`, which holds nothing but Parquet. It ignores names that begin with `_`:
 * https://docs.aws.amazon.com/athena/latest/ug/tables-location-format.html
 */

/** Names that datasets, tables and columns may have. */
export const NAME_PATTERN = /^[a-z][a-z0-9_]*$/
/** Longest name of a dataset, so that names of jobs and crawlers stay valid. */
export const MAX_DATASET_NAME_LENGTH = 64
/** Name of the partition column of every table. */
export const PARTITION_COLUMN = 'day_partition'

/** Returns the prefix of a day's raw objects in the raw bucket, with a slash at the end. */
export function rawDayPrefix({ rawPrefix, rawLayout }: RawPlace, day: Day): string {
  const folder = rawDayFolder(rawLayout, day)
  return rawPrefix === '' ? `${folder}/` : `${rawPrefix}/${folder}/`
}

/** Location of a dataset's raw objects. */
export interface RawPlace {
  /** Prefix in the raw bucket, without a slash at the end; empty for the whole bucket. */
  readonly rawPrefix: string
  /** Template of a day's folder below the prefix, such as `YYYY/MM/DD`. */
  readonly rawLayout: string
}

const partition = (table: string, day: Day) => `${table}/${PARTITION_COLUMN}=${day}/`

/** Homes of all days, which tables point to. */
export const PROCESSED = 'processed/'
/** Folders of days that are away: their home still held the replaced generation when they were published. */
export const REPLACEMENTS = 'replacements/'
/**
 * Copies of foreign objects, which somebody else put into a day's folder. The copy is made when a replacement leaves
 * them out.
 */
export const QUARANTINE = 'quarantine/'
/** Rejected records, as gzipped JSON Lines. */
export const REJECTED = 'rejected/'
/** The ledger: manifests, attempts, and entries that list days in a certain state. */
export const STATE = 'state/'
/** Entries of days whose intent is open or about to be opened. */
export const OPEN = 'state/_open/'
/** Entries of days whose published generation Athena has not confirmed yet. */
export const UNVERIFIED = 'state/_unverified/'
/** Entries of requeued days: their publish was given up, and the next execution works on them again. */
export const REQUEUED = 'state/_again/'
/** Entries of days that are not at home, or that have retired files left to delete. */
export const AWAY = 'state/_away/'
/**
 * Entries of days that failed, are stuck or superseded. An entry goes once its day is published, needs nothing or is
 * accepted.
 */
export const OUTSTANDING = 'state/_outstanding/'
/** Entries of days that an execution found without raw files to read. They stay after the day is published. */
export const EMPTY = 'state/_empty/'
/** Entries of days with rows that violate a `unique` check. */
export const DUPLICATES = 'state/_duplicates/'
/** Places for the days of datasets with `maxConcurrency`: a day is worked on while it holds one. */
export const PLACES = 'state/_places/'
/** Flags of tables whose crawler is being started. */
export const CRAWLING = 'state/_crawling/'
/** Facts that each dataset's metrics are computed from. */
export const FACTS = 'state/_facts/'
/** Written when a run has found all tables correct. The metric HoursSinceVerified is its age. */
export const VERIFIED_KEY = 'state/_verified.json'
/** Files that attempts stage to be published. A lifecycle rule expires them. */
export const STAGING = 'staging/'
/** Documents that executions write about themselves. A lifecycle rule expires them. */
export const RUNS = 'runs/'
/** Query results. A lifecycle rule expires them. */
export const ATHENA_RESULTS = 'athena-results/'

/** Returns the prefix of a table's published parts: the Location of its Glue table. */
export const tablePrefix = (table: string) => `${PROCESSED}${table}/`
/** Returns a day's home: the Location of its partition unless the day is away. */
export const partitionPrefix = (table: string, day: Day) => `${PROCESSED}${partition(table, day)}`
/** Returns the prefix of the folder that a published generation lies in: its `location`, else the day's home. */
export const locationOf = (published: { dataset: string; date: Day; location?: string }) =>
  published.location ?? partitionPrefix(published.dataset, published.date)
/** Returns the prefix of a table's days that are away. */
export const tableReplacementsPrefix = (table: string) => `${REPLACEMENTS}${table}/`
/**
 * Returns the folder of a replaced day until it goes home. The generation and the attempt in its name make it unique.
 */
export const replacementPrefix = (table: string, day: Day, generation: number, attempt: string) =>
  `${REPLACEMENTS}${partition(table, day)}g${generation}-${attempt}/`
/** Returns the prefix of all folders that a day may lie in while it is away. */
export const dayReplacementsPrefix = (table: string, day: Day) => `${REPLACEMENTS}${partition(table, day)}`
/** Returns the folder that holds a day's key: its home or one of its folders below `replacements/`. */
export function folderOf(table: string, day: Day, key: string): string {
  const replacements = dayReplacementsPrefix(table, day)
  if (!key.startsWith(replacements)) return partitionPrefix(table, day)
  return key.slice(0, key.indexOf('/', replacements.length) + 1)
}
/** Returns the key for the copy of a foreign object. The ETag separates objects that had the same name. */
export const quarantineKey = (table: string, day: Day, etag: string, name: string) =>
  `${QUARANTINE}${partition(table, day)}${etag}/${name}`
/**
 * Returns the name of part `index` (from 0) of a generation. The attempt in it keeps names unique even if the ledger is
 * lost and generations start over.
 */
export const partName = (generation: number, attempt: string, index: number) =>
  `part-${pad(generation)}-${fileToken(attempt)}-${pad(index)}.parquet`
/** Part of an attempt's token that file names carry: 48 bits of a UUID. */
const fileToken = (attempt: string) => attempt.replaceAll(/[^0-9a-z]/g, '').slice(0, 12)
/** Returns the part of a key after its last slash. */
export const nameOf = (key: string) => key.slice(key.lastIndexOf('/') + 1)
/** Returns the name of the table over a table's rejected records. */
export const rejectedTable = (table: string) => `${table}_rejected`
/** Returns the prefix of a table's rejected records. */
export const rejectedTablePrefix = (table: string) => `${REJECTED}${table}/`
/** Returns the prefix of a day's rejected records. */
export const rejectedPrefix = (table: string, day: Day) => `${REJECTED}${partition(table, day)}`
/** Returns the name of reject file `index` (from 0) of a generation, unique like those of parts. */
export const rejectName = (generation: number, attempt: string, index: number) =>
  `rejected-${pad(generation)}-${fileToken(attempt)}-${pad(index)}.jsonl.gz`

/** Returns the prefix of a table's ledger. */
export const statePrefix = (table: string) => `${STATE}${table}/`
/** Returns the prefix of a day's ledger. */
export const stateDayPrefix = (table: string, day: Day) => `${STATE}${partition(table, day)}`
/** Returns the key of a day's manifest: what is published, and the intent in progress. */
export const manifestKey = (table: string, day: Day) => `${stateDayPrefix(table, day)}manifest.json.gz`
/** Returns the key that keeps an unreadable manifest when its day is mended. */
export const unreadableManifestKey = (table: string, day: Day, etag: string) =>
  `${stateDayPrefix(table, day)}unreadable-${etag}`
/** Returns the name of an attempt's sketch, unique like those of parts. It lies beside the manifest. */
export const sketchName = (generation: number, attempt: string) =>
  `profile-${pad(generation)}-${fileToken(attempt)}-00000.json.gz`
/** Returns the pattern of all sketch keys of a day; `*` stands for any text. IAM policies use it. */
export const sketchKeys = (table: string, day: Day) => `${stateDayPrefix(table, day)}profile-*`
/** Returns the key of a day's newest attempt, which is written before its job starts. */
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
/** Returns the key of a day's entry. */
export const dayEntryKey = (entries: DayEntries, table: string, day: Day) => `${entries}${table}/${day}`
/** Returns the prefix of a table's entries. */
export const tableEntriesPrefix = (entries: DayEntries, table: string) => `${entries}${table}/`
/** Returns the day that an entry stands for; undefined for any other key. */
export function dayOfEntry(entries: DayEntries, key: string): DatasetDay | undefined {
  const match = /^([a-z][a-z0-9_]*)\/(\d{4}-\d{2}-\d{2})$/.exec(key.slice(entries.length))
  return match && key.startsWith(entries) ? { dataset: match[1]!, date: match[2]! } : undefined
}

/** Returns the key of a dataset's facts. */
export const factsKey = (dataset: string) => `${FACTS}${dataset}.json`

/** Returns the key of place `index` (from 0) of a dataset. */
export const placeKey = (dataset: string, index: number) => `${PLACES}${dataset}/${index}`

/** Returns the key of the flag that Crawl raises while it starts a table's crawler. */
export const crawlingKey = (table: string) => `${CRAWLING}${table}`

/** Returns the prefix of everything that one attempt stages. */
export const stagingPrefix = (table: string, day: Day, attempt: string) =>
  `${STAGING}${partition(table, day)}${attempt}/`
/** Returns the prefix of an attempt's staged parts; it holds Parquet only. */
export const stagedPartsPrefix = (staging: string) => `${staging}parts/`
/** Returns the prefix of an attempt's staged reject files. */
export const stagedRejectsPrefix = (staging: string) => `${staging}rejected/`
/** Returns the prefix of an attempt's staged sketch. */
export const stagedSketchesPrefix = (staging: string) => `${staging}profile/`
/** Returns the key of the job's report. It is written last, so that its presence means that staging is complete. */
export const reportKey = (staging: string) => `${staging}report.json.gz`

/** Returns the prefix of everything that one execution writes about itself. */
export const runPrefix = (execution: string) => `${RUNS}${execution}/`
/** Returns the key of an execution's dataset-days, which the Map reads. */
export const itemsKey = (execution: string) => `${runPrefix(execution)}items.json`
/** Returns the prefix of the Map's results. */
export const mapResultsPrefix = (execution: string) => `${runPrefix(execution)}map`
/**
 * Returns the key of a work order.
 *
 * @param token token of the attempt
 */
export const workOrderKey = (execution: string, table: string, day: Day, token: string) =>
  `${runPrefix(execution)}orders/${table}/${day}/${token}.json.gz`
/** Returns the prefix of the progress of an execution's jobs. */
export const progressPrefix = (execution: string) => `${runPrefix(execution)}progress/`
/** Returns the key of the progress of a day's job. */
export const progressKey = (execution: string, table: string, day: Day) =>
  `${progressPrefix(execution)}${table}/${day}.json`
/** Returns the key of an execution's summary: the outcome of every dataset-day. */
export const summaryKey = (execution: string) => `${runPrefix(execution)}summary.json`

/** Returns the key of the page about an execution. */
export const pageKey = (execution: string) => `${runPrefix(execution)}report.html`

/** Returns the prefix of one UNLOAD's files. Each has its own, because Athena requires an empty one. */
export const unloadPrefix = (name: string) => `${ATHENA_RESULTS}unload/${name}/`

/**
 * Returns the generation in the name of a part, reject file or sketch, staged or published; undefined for any other
 * name.
 */
export function generationOf(key: string): number | undefined {
  const match =
    /(?:^|\/)(?:part|rejected|profile)-(\d{5,})-(?:[0-9a-z]+-)?\d{5,}\.(?:parquet|jsonl?\.gz)$/.exec(key)
  return match ? Number(match[1]) : undefined
}

const DAY_OF_KEY = new RegExp(`^[a-z]+/([a-z][a-z0-9_]*)/${PARTITION_COLUMN}=(\\d{4}-\\d{2}-\\d{2})/`)

/**
 * Returns table and day of a key or prefix such as `state/<table>/day_partition=<day>/…`; undefined if it names no day.
 */
export function tableAndDayOf(key: string): { table: string; day: Day } | undefined {
  const match = DAY_OF_KEY.exec(key)
  return match ? { table: match[1]!, day: match[2]! } : undefined
}

/**
 * Returns the dataset-day that a key, prefix or URI names, with or without `day_partition=`; undefined if it names
 * none.
 */
export function datasetDayIn(key: string): DatasetDay | undefined {
  const match = /(?:^|\/)([a-z][a-z0-9_]*)\/(?:day_partition=)?(\d{4}-\d{2}-\d{2})(?:[/.]|$)/.exec(key)
  return match ? { dataset: match[1]!, date: match[2]! } : undefined
}

/**
 * Compares two keys in the order of S3 listings: by UTF-8 bytes. JavaScript's own sort is by UTF-16 and differs for
 * emoji.
 */
export function compareKeys(left: string, right: string): number {
  const length = Math.min(left.length, right.length)
  for (let index = 0; index < length; index++) {
    const [one, other] = [left.charCodeAt(index), right.charCodeAt(index)]
    if (one !== other) return byteRank(one) - byteRank(other)
  }
  return left.length - right.length
}

/** Rank of a UTF-16 unit in UTF-8 order: surrogates, which encode characters beyond U+FFFF, come last. */
function byteRank(unit: number): number {
  if (unit < 0xd800) return unit
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800
}

/** Returns `s3://bucket/key`. */
export const s3Uri = (bucket: string, key: string) => `s3://${bucket}/${key}`

/** Splits `s3://bucket/key`; undefined for any other text. */
export function parseS3Uri(uri: string): { bucket: string; key: string } | undefined {
  const match = /^s3:\/\/([^/]+)\/(.*)$/s.exec(uri)
  return match ? { bucket: match[1]!, key: match[2]! } : undefined
}

function pad(number: number): string {
  return String(number).padStart(5, '0')
}
