import type { Day } from './dates.ts'
import type { DatasetDay } from './execution-input.ts'

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
/** Endings of raw objects that are read. Anything else under a day's prefix is left alone. */
export const RAW_ENDINGS = ['.jsonl', '.jsonl.gz', '.json', '.json.gz'] as const

/** True for a key whose ending says that it holds JSON Lines. */
export function isRawKey(key: string): boolean {
  return RAW_ENDINGS.some((ending) => key.endsWith(ending))
}

/** Prefix of a day's raw objects in the raw bucket, `<rawPrefix>/YYYY/MM/DD/`. */
export function rawDayPrefix(rawPrefix: string, day: Day): string {
  const path = day.replaceAll('-', '/')
  return rawPrefix === '' ? `${path}/` : `${rawPrefix}/${path}/`
}

const partition = (table: string, day: Day) => `${table}/${PARTITION_COLUMN}=${day}/`

export const PROCESSED = 'processed/'
export const REJECTED = 'rejected/'
export const STATE = 'state/'
/** Entries of days with an intent that is not finished yet, or is about to be opened. */
export const OPEN = 'state/_open/'
/** Entries of days whose published generation Athena has not confirmed yet. */
export const UNVERIFIED = 'state/_unverified/'
/** Entries of days whose publish was given up, until an execution has worked on them again. */
export const REQUEUED = 'state/_again/'
export const CRAWLING = 'state/_crawling/'
export const STAGING = 'staging/'
export const RUNS = 'runs/'
export const ATHENA_RESULTS = 'athena-results/'

/** Prefix of a table's published parts: the Location of the Glue table. */
export const tablePrefix = (table: string) => `${PROCESSED}${table}/`
/** Prefix of a day's published parts: the Location of its partition. */
export const partitionPrefix = (table: string, day: Day) => `${PROCESSED}${partition(table, day)}`
/** Name of part `index` (from 0) of a generation. Used once in the life of a table. */
export const partName = (generation: number, index: number) => `part-${pad(generation)}-${pad(index)}.parquet`
/**
 * Name of a copy of a published part among the staged parts of a later generation: it is of that generation, like all
 * that is staged with it. Both numbers of its own name follow, so that no part has this name.
 */
export const keptPartName = (generation: number, part: string) =>
  part.replace(/^.*part-(\d+)-(\d+)(\.parquet)$/, `part-${pad(generation)}-$1$2$3`)
/** Name of the table over a table's rejected records. */
export const rejectedTable = (table: string) => `${table}_rejected`
/** Prefix of a table's rejected records. */
export const rejectedTablePrefix = (table: string) => `${REJECTED}${table}/`
/** Prefix of a day's rejected records. */
export const rejectedPrefix = (table: string, day: Day) => `${REJECTED}${partition(table, day)}`
/** Name of reject file `index` (from 0) of a generation. */
export const rejectName = (generation: number, index: number) =>
  `rejected-${pad(generation)}-${pad(index)}.jsonl.gz`

/** Prefix of a table's ledger. */
export const statePrefix = (table: string) => `${STATE}${table}/`
/** Prefix of a day's ledger. */
export const stateDayPrefix = (table: string, day: Day) => `${STATE}${partition(table, day)}`
/** The ledger of a day: what is published and the intent in progress. */
export const manifestKey = (table: string, day: Day) => `${stateDayPrefix(table, day)}manifest.json.gz`
/** The newest attempt at a day: written before its job starts. */
export const attemptKey = (table: string, day: Day) => `${stateDayPrefix(table, day)}attempt.json`
/** Prefixes below which an entry stands for a dataset-day. */
export type DayEntries = typeof OPEN | typeof UNVERIFIED | typeof REQUEUED
/** The entry that stands for a day. */
export const dayEntryKey = (entries: DayEntries, table: string, day: Day) => `${entries}${table}/${day}`
/** Prefix of a table's entries. */
export const tableEntriesPrefix = (entries: DayEntries, table: string) => `${entries}${table}/`
/** The day that an entry stands for, or undefined for a key that is no such entry. */
export function dayOfEntry(entries: DayEntries, key: string): DatasetDay | undefined {
  const match = /^([a-z][a-z0-9_]*)\/(\d{4}-\d{2}-\d{2})$/.exec(key.slice(entries.length))
  return match && key.startsWith(entries) ? { dataset: match[1]!, date: match[2]! } : undefined
}

/** Stands for the moment in which a table's crawler is being started. */
export const crawlingKey = (table: string) => `${CRAWLING}${table}`

/** Prefix of what all attempts at a day stage. */
export const stagingDayPrefix = (table: string, day: Day) => `${STAGING}${partition(table, day)}`
/** Prefix of what one attempt stages. */
export const stagingPrefix = (table: string, day: Day, attempt: string) =>
  `${STAGING}${partition(table, day)}${attempt}/`
/** Prefix of an attempt's staged parts: the Location of the partition while it is replaced. Parquet only. */
export const stagedPartsPrefix = (staging: string) => `${staging}parts/`
/** Prefix of an attempt's staged reject files. */
export const stagedRejectsPrefix = (staging: string) => `${staging}rejected/`
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

/** Prefix of what one UNLOAD writes: Athena wants it empty, so that each has a name of its own. */
export const unloadPrefix = (name: string) => `${ATHENA_RESULTS}unload/${name}/`

/** The generation that a part or reject file was made for, staged or published; undefined for another name. */
export function generationOf(key: string): number | undefined {
  const match = /(?:^|\/)(?:part|rejected)-(\d{5,})-\d{5,}\.(?:parquet|jsonl\.gz)$/.exec(key)
  return match ? Number(match[1]) : undefined
}

const DAY_OF_KEY = new RegExp(`^[a-z]+/([a-z][a-z0-9_]*)/${PARTITION_COLUMN}=(\\d{4}-\\d{2}-\\d{2})/`)

/** Table and day of a key or prefix of a day, such as one below `state/`, or undefined for one that is of no day. */
export function tableAndDayOf(key: string): { table: string; day: Day } | undefined {
  const match = DAY_OF_KEY.exec(key)
  return match ? { table: match[1]!, day: match[2]! } : undefined
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
