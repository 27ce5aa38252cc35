import type { Day } from './dates.ts'
import type { DatasetDay } from './dataset-day.ts'
import { rawDayFolder } from './raw-layout.ts'

/**
 * Names of all objects in the data bucket. Nothing else in the project spells a key.
 *
 * Athena reads `processed/`, which holds nothing but Parquet. It ignores names that begin with `_`:
 * https://docs.aws.amazon.com/athena/latest/ug/tables-location-format.html
 */

/** Matches the names that datasets, tables and columns may have. */
export const NAME_PATTERN = /^[a-z][a-z0-9_]*$/
/** Maximum length of a dataset's name in characters, so that names of jobs and crawlers stay valid. */
export const MAX_DATASET_NAME_LENGTH = 64
/** Name of the partition column of every table, a text `YYYY-MM-DD`. */
export const PARTITION_COLUMN = 'day_partition'

/** Returns the prefix in the raw bucket of a day's raw objects, with a slash at the end. */
export function rawDayPrefix({ rawPrefix, rawLayout }: RawPlace, day: Day): string {
  const folder = rawDayFolder(rawLayout, day)
  return rawPrefix === '' ? `${folder}/` : `${rawPrefix}/${folder}/`
}

/** Prefix and folder template by which a dataset's raw objects are found in the raw bucket. */
export interface RawPlace {
  /** Prefix in the raw bucket, without a slash at the end; empty for the whole bucket. */
  readonly rawPrefix: string
  /** Template of a day's folder below the prefix, such as `YYYY/MM/DD`. */
  readonly rawLayout: string
}

const partition = (table: string, day: Day) => `${table}/${PARTITION_COLUMN}=${day}/`

/** Key prefix of the ordinary folder of each day (its home), which holds the published Parquet files. */
export const PROCESSED = 'processed/'
/**
 * Key prefix of folders that hold a published day while its home still has files of an earlier generation. Such a day
 * is away.
 */
export const REPLACEMENTS = 'replacements/'
/**
 * Key prefix for copies of foreign objects, which somebody else put into a day's folder. The copy is made when a
 * replacement of the day leaves them out.
 */
export const QUARANTINE = 'quarantine/'
/** Key prefix of the rejected records, as gzipped JSON Lines. */
export const REJECTED = 'rejected/'
/**
 * Key prefix of the ledger: manifests, attempts and lists. A list has a prefix of its own below, with a small object
 * `<table>/<day>` (an entry) for each day on it.
 */
export const STATE = 'state/'
/**
 * Key prefix of the list of days with an operation in their manifest (an intent) that is unfinished or about to begin.
 */
export const OPEN = 'state/_open/'
/** Key prefix of the list of days whose published row count Athena has not confirmed yet. */
export const UNVERIFIED = 'state/_unverified/'
/** Key prefix of the list of requeued days: their publish was given up, and the next execution works on them again. */
export const REQUEUED = 'state/_again/'
/**
 * Key prefix of the list of days that are published in a replacement folder, or that have left a folder whose files are
 * still to be deleted.
 */
export const AWAY = 'state/_away/'
/**
 * Key prefix of the list of days that failed, are stuck or superseded. A day leaves it once it is published, needs
 * nothing or is accepted.
 */
export const OUTSTANDING = 'state/_outstanding/'
/**
 * Key prefix of the list of days that an execution found without raw files to read. They stay on it when they are
 * published later.
 */
export const EMPTY = 'state/_empty/'
/** Key prefix of the list of days with rows that violate a `unique` check. */
export const DUPLICATES = 'state/_duplicates/'
/**
 * Key prefix of the concurrency slots of datasets that set `maxConcurrency`, one object per slot in use. A job works on
 * a day only while the day's Map child holds a slot. A child that has ended loses its slot to the next that needs one.
 */
export const PLACES = 'state/_places/'
/** Key prefix of a flag per table, present while the table's crawler is being started. */
export const CRAWLING = 'state/_crawling/'
/** Key prefix of one document per scheduled execution that has not told its outcome: the days that it works on. */
export const SCHEDULED = 'state/_scheduled/'
/** Key prefix of one document per dataset, from which the dataset's metrics are computed. */
export const FACTS = 'state/_facts/'
/**
 * Key of the object that is written when a run has found all tables correct. The metric HoursSinceVerified is its age.
 */
export const VERIFIED_KEY = 'state/_verified.json'
/** Key prefix of files that attempts have made and PublishDay has not copied yet. A lifecycle rule expires them. */
export const STAGING = 'staging/'
/** Key prefix of the documents that executions write about themselves. A lifecycle rule expires them. */
export const RUNS = 'runs/'
/** Key prefix of Athena's query results. A lifecycle rule expires them. */
export const ATHENA_RESULTS = 'athena-results/'

/** Returns the prefix of a table's published Parquet files: the Location of its Glue table. */
export const tablePrefix = (table: string) => `${PROCESSED}${table}/`
/**
 * Returns the prefix of a day's home, its ordinary folder: the Location of its partition unless the day lies in a
 * replacement folder.
 */
export const partitionPrefix = (table: string, day: Day) => `${PROCESSED}${partition(table, day)}`
/**
 * Returns the prefix of the folder that holds a published generation: its `location`, else the day's home (its ordinary
 * folder).
 */
export const locationOf = (published: { dataset: string; date: Day; location?: string }) =>
  published.location ?? partitionPrefix(published.dataset, published.date)
/** Returns the prefix of all replacement folders of a table. */
export const tableReplacementsPrefix = (table: string) => `${REPLACEMENTS}${table}/`
/**
 * Returns the prefix of a new replacement folder, for a generation that is published while the day's home still has
 * files of an earlier one. The generation and the attempt in the name make it unique.
 */
export const replacementPrefix = (table: string, day: Day, generation: number, attempt: string) =>
  `${REPLACEMENTS}${partition(table, day)}g${generation}-${attempt}/`
/** Returns the prefix of all replacement folders of a day. */
export const dayReplacementsPrefix = (table: string, day: Day) => `${REPLACEMENTS}${partition(table, day)}`
/**
 * Returns the prefix of the folder that contains a day's published file: one of its replacement folders, else its home.
 */
export function folderOf(table: string, day: Day, key: string): string {
  const replacements = dayReplacementsPrefix(table, day)
  if (!key.startsWith(replacements)) return partitionPrefix(table, day)
  return key.slice(0, key.indexOf('/', replacements.length) + 1)
}
/** Returns the key for the copy of a foreign object of a day. The ETag separates objects that had the same name. */
export const quarantineKey = (table: string, day: Day, etag: string, name: string) =>
  `${QUARANTINE}${partition(table, day)}${etag}/${name}`
/**
 * Returns the name of part `index` (from 0) of a generation. The attempt's token in it keeps names unique even if the
 * ledger is lost and generations start over.
 */
export const partName = (generation: number, attempt: string, index: number) =>
  `part-${pad(generation)}-${fileToken(attempt)}-${pad(index)}.parquet`
/** Part of an attempt's token that file names carry: 48 bits of a UUID. */
const fileToken = (attempt: string) => attempt.replaceAll(/[^0-9a-z]/g, '').slice(0, 12)
/** Returns the last segment of a key: the text after its last slash, or all of it without a slash. */
export const nameOf = (key: string) => key.slice(key.lastIndexOf('/') + 1)
/** Returns the name of the table with which Athena reads the rejected records of a dataset's table. */
export const rejectedTable = (table: string) => `${table}_rejected`
/** Returns the prefix of the files with a table's rejected records. */
export const rejectedTablePrefix = (table: string) => `${REJECTED}${table}/`
/** Returns the prefix of the files with a day's rejected records. */
export const rejectedPrefix = (table: string, day: Day) => `${REJECTED}${partition(table, day)}`
/** Returns the name of the reject file `index` (from 0) of a generation. It is unique like the names of parts. */
export const rejectName = (generation: number, attempt: string, index: number) =>
  `rejected-${pad(generation)}-${fileToken(attempt)}-${pad(index)}.jsonl.gz`

/** Returns the prefix of the manifests, attempts and sketches of a table's days. */
export const statePrefix = (table: string) => `${STATE}${table}/`
/** Returns the prefix of a day's manifest, attempt and sketches. */
export const stateDayPrefix = (table: string, day: Day) => `${STATE}${partition(table, day)}`
/** Returns the key of a day's manifest: the document of what is published, and of the operation in progress. */
export const manifestKey = (table: string, day: Day) => `${stateDayPrefix(table, day)}manifest.json.gz`
/**
 * Returns the key to which an unreadable manifest is copied when its day gets a new one.
 *
 * @param etag of the unreadable manifest, without quotes
 */
export const unreadableManifestKey = (table: string, day: Day, etag: string) =>
  `${stateDayPrefix(table, day)}unreadable-${etag}`
/**
 * Returns the name of an attempt's sketch, the mergeable statistics of its rows. It is unique like the names of parts.
 * The sketch lies beside the manifest.
 */
export const sketchName = (generation: number, attempt: string) =>
  `profile-${pad(generation)}-${fileToken(attempt)}-00000.json.gz`
/** Returns a pattern that matches the keys of all sketches of a day; `*` stands for any text. IAM policies use it. */
export const sketchKeys = (table: string, day: Day) => `${stateDayPrefix(table, day)}profile-*`
/** Returns the key of a day's newest attempt, which is written before its job starts. */
export const attemptKey = (table: string, day: Day) => `${stateDayPrefix(table, day)}attempt.json`
/** Prefixes of the lists of days. Each day on a list has a small object `<prefix><table>/<day>`, an entry. */
export type DayEntries =
  | typeof OPEN
  | typeof UNVERIFIED
  | typeof REQUEUED
  | typeof AWAY
  | typeof OUTSTANDING
  | typeof EMPTY
  | typeof DUPLICATES
/** Returns the key of the entry that puts a day on a list. */
export const dayEntryKey = (entries: DayEntries, table: string, day: Day) => `${entries}${table}/${day}`
/** Returns the prefix of the entries that a list has for one table. */
export const tableEntriesPrefix = (entries: DayEntries, table: string) => `${entries}${table}/`
/** Returns the dataset-day that an entry of a list stands for; undefined if the key is no entry of that list. */
export function dayOfEntry(entries: DayEntries, key: string): DatasetDay | undefined {
  const match = /^([a-z][a-z0-9_]*)\/(\d{4}-\d{2}-\d{2})$/.exec(key.slice(entries.length))
  return match && key.startsWith(entries) ? { dataset: match[1]!, date: match[2]! } : undefined
}

/** Returns the key of the document from which a dataset's metrics are computed. */
export const factsKey = (dataset: string) => `${FACTS}${dataset}.json`

/**
 * Returns the key of a dataset's concurrency slot.
 *
 * @param index number of the slot, from 0 to below the dataset's `maxConcurrency`
 */
export const placeKey = (dataset: string, index: number) => `${PLACES}${dataset}/${index}`

/** Returns the key of the flag that exists while a table's crawler is being started. */
export const crawlingKey = (table: string) => `${CRAWLING}${table}`

/** Returns the key of the days that a scheduled execution works on. */
export const scheduledKey = (execution: string) => `${SCHEDULED}${execution}`

/**
 * Returns the prefix of everything that one attempt at a day stages.
 *
 * @param attempt token of the attempt
 */
export const stagingPrefix = (table: string, day: Day, attempt: string) =>
  `${STAGING}${partition(table, day)}${attempt}/`
/**
 * Returns the prefix of an attempt's staged parts; it holds Parquet only.
 *
 * @param staging prefix from {@link stagingPrefix}
 */
export const stagedPartsPrefix = (staging: string) => `${staging}parts/`
/**
 * Returns the prefix of an attempt's staged reject files.
 *
 * @param staging prefix from {@link stagingPrefix}
 */
export const stagedRejectsPrefix = (staging: string) => `${staging}rejected/`
/**
 * Returns the prefix of an attempt's staged sketch, the mergeable statistics of its rows.
 *
 * @param staging prefix from {@link stagingPrefix}
 */
export const stagedSketchesPrefix = (staging: string) => `${staging}profile/`
/**
 * Returns the key of a job's report. It is written last, so that its presence means that staging is complete.
 *
 * @param staging prefix from {@link stagingPrefix}
 */
export const reportKey = (staging: string) => `${staging}report.json.gz`

/**
 * Returns the prefix of everything that one execution writes about itself.
 *
 * @param execution name of the execution
 */
export const runPrefix = (execution: string) => `${RUNS}${execution}/`
/**
 * Returns the key of the list of an execution's dataset-days, which the Map reads.
 *
 * @param execution name of the execution
 */
export const itemsKey = (execution: string) => `${runPrefix(execution)}items.json`
/**
 * Returns the prefix, without a slash at the end, below which Step Functions writes the results of an execution's Map.
 *
 * @param execution name of the execution
 */
export const mapResultsPrefix = (execution: string) => `${runPrefix(execution)}map`
/**
 * Returns the key of a work order, the document that tells a job what to do.
 *
 * @param execution name of the execution
 * @param token token of the attempt
 */
export const workOrderKey = (execution: string, table: string, day: Day, token: string) =>
  `${runPrefix(execution)}orders/${table}/${day}/${token}.json.gz`
/**
 * Returns the prefix of the progress documents of an execution's days.
 *
 * @param execution name of the execution
 */
export const progressPrefix = (execution: string) => `${runPrefix(execution)}progress/`
/**
 * Returns the key of the document with the progress of a day's job.
 *
 * @param execution name of the execution
 */
export const progressKey = (execution: string, table: string, day: Day) =>
  `${progressPrefix(execution)}${table}/${day}.json`
/**
 * Returns the key of an execution's summary: the outcome of every dataset-day.
 *
 * @param execution name of the execution
 */
export const summaryKey = (execution: string) => `${runPrefix(execution)}summary.json`

/**
 * Returns the key of the HTML page about an execution.
 *
 * @param execution name of the execution
 */
export const pageKey = (execution: string) => `${runPrefix(execution)}report.html`

/**
 * Returns the prefix for the files of one UNLOAD query. Each query has its own, because Athena requires an empty one.
 */
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
 * Extracts table and day from a key or prefix such as `state/<table>/day_partition=<day>/…`; undefined if it names no
 * day.
 */
export function tableAndDayOf(key: string): { table: string; day: Day } | undefined {
  const match = DAY_OF_KEY.exec(key)
  return match ? { table: match[1]!, day: match[2]! } : undefined
}

/**
 * Finds the dataset-day in a key, prefix or URI, written with or without `day_partition=`; undefined if there is none.
 */
export function datasetDayIn(key: string): DatasetDay | undefined {
  const match = /(?:^|\/)([a-z][a-z0-9_]*)\/(?:day_partition=)?(\d{4}-\d{2}-\d{2})(?:[/.]|$)/.exec(key)
  return match ? { dataset: match[1]!, date: match[2]! } : undefined
}

/**
 * Compares two keys in the order of S3 listings, for `sort`: by UTF-8 bytes. JavaScript's own order is by UTF-16 and
 * differs for emoji.
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

/** Returns the URI `s3://bucket/key`. */
export const s3Uri = (bucket: string, key: string) => `s3://${bucket}/${key}`

/** Splits a URI `s3://bucket/key`; undefined for any other text. The key may be empty. */
export function parseS3Uri(uri: string): { bucket: string; key: string } | undefined {
  const match = /^s3:\/\/([^/]+)\/(.*)$/s.exec(uri)
  return match ? { bucket: match[1]!, key: match[2]! } : undefined
}

function pad(number: number): string {
  return String(number).padStart(5, '0')
}
