import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Bucket } from '../../aws/objects.ts'
import type { ColumnSpec } from '../../core/columns.ts'
import type { Day } from '../../core/dates.ts'
import { deployedDataset } from '../../core/deployment.ts'
import { DayfoldError } from '../../core/errors.ts'
import { totalsOf, type Input, type InputCounts, type Published } from '../../core/manifest.ts'
import { columnTrees, openParquet } from '../parquet-file.ts'
import { dataOf, type Target } from '../target.ts'
import { profileValues, type ValueProfile } from '../value-profile.ts'
import {
  compareColumns,
  declaredTypes,
  storedTypes,
  type ColumnChanges,
  type ColumnTypes,
} from './compare-columns.ts'
import { addChanges, noChanges, type RowChanges } from './compare-rows.ts'
import { matchRows, type FeatureRow, type MatchedBy } from './match-rows.ts'
import { copyInputs, firstInputs, sampleDays, type CopiedInput, type SampleOptions } from './sample.ts'
import { openPart, rowsOf } from './stored-rows.ts'

/** Maximum number of stored raw bytes that a sample's days have together. Their rows are held in memory. */
export const SAMPLE_BYTES = 64 * 1024 * 1024

/** Sample of days to compare, and how to run the present code on their raw files. */
export interface DiffOptions extends SampleOptions {
  /** Local folder for copies of raw files. The caller removes it. */
  readonly folder: string
  /** Runs the present feature code on raw files. The Parquet files that it returns must exist until the next call. */
  readonly run: (files: readonly CopiedInput[]) => Promise<Made>
  /** Ends the comparison before the next day, with its reason. @default nothing ends it */
  readonly signal?: AbortSignal | undefined
}

/** Rows and counts that the present code makes of raw files. */
export interface Made {
  /** Raw files with the counts of their records. */
  readonly inputs: readonly Input[]
  /** Paths of Parquet files, in order. */
  readonly parts: readonly string[]
  /** Columns that the dataset declares now. */
  readonly columns: readonly ColumnSpec[]
  /** Column that a check of the dataset declares unique. @default none */
  readonly key?: string | undefined
}

/** A day of the sample that was compared. */
export interface ComparedDay {
  readonly date: Day
  /** Version of the feature code that made the published rows. */
  readonly featureVersion: string
  /** Number of raw files that were compared, and of all raw files of the day. */
  readonly files: { readonly compared: number; readonly all: number }
  /** How published rows and new ones were matched. */
  readonly by: MatchedBy
  /** Counts of the published rows. */
  readonly before: SideCounts
  /** Counts of the rows that the present code makes. */
  readonly after: SideCounts
}

/**
 * Outcome of the compared raw files' records, published or by the present code, and the number of rows that they gave.
 */
export interface SideCounts extends InputCounts {
  /** Number of rows that the records gave. */
  readonly rows: number
}

/**
 * Difference between a dataset's published rows and those that the present code makes of the same raw files, for a
 * sample of days.
 */
export interface Diff {
  readonly dataset: string
  /** Number of published days in the range. */
  readonly published: number
  /** Days that were compared, in order. */
  readonly days: readonly ComparedDay[]
  /** Days of the sample that could not be compared. */
  readonly skipped: readonly { readonly date: Day; readonly why: string }[]
  /** Columns that differ. */
  readonly columns: ColumnChanges
  /** Rows and values that differ, over all compared days. */
  readonly rows: RowChanges
  /**
   * Statistics of each column's values, published (`before`) and by the present code (`after`). One of them is absent
   * if only the other side has the column.
   */
  readonly profile: Readonly<
    Record<string, { readonly before?: ValueProfile; readonly after?: ValueProfile }>
  >
}

/**
 * Compares the published rows of a sample of days with those that the present code makes of the same raw files. Changes
 * nothing. Holds the rows of the sample in memory, which {@link SAMPLE_BYTES} limits.
 *
 * @throws DayfoldError UnknownDataset if nothing is published of a dataset that the target does not have
 * @throws DayfoldError InvalidInput if nothing is published, or the target does not know its raw bucket
 * @throws DayfoldError RawObjectChanged if no day has the raw files that were published
 */
export async function diff(target: Target, options: DiffOptions): Promise<Diff> {
  const { dataset, limit, folder } = options
  const { published, days } = await sampleDays(target, options)
  if (days.length === 0) throw nothingPublished(target, dataset)
  const raw = rawOf(target)
  const total = noChanges()
  const compared: ComparedDay[] = []
  const skipped: { date: Day; why: string }[] = []
  const all: Sides<FeatureRow[]> = { before: [], after: [] }
  const decimals: Sides<Set<string>> = { before: new Set(), after: new Set() }
  let columns: ColumnChanges | undefined
  for (const day of days) {
    options.signal?.throwIfAborted()
    try {
      const inputs = firstInputs(day.inputs, SAMPLE_BYTES / Math.min(limit, days.length))
      const copied = await copyInputs(raw, inputs, join(folder, day.date))
      const sides = await compareDay(dataOf(target), day, copied, options)
      columns = unionOf(columns, sides.columns)
      addChanges(total, day.date, sides.matching, sides.columns.same)
      compared.push(sides.day)
      all.before.push(...sides.before)
      all.after.push(...sides.after)
      addDecimals(decimals.before, sides.types.before)
      addDecimals(decimals.after, sides.types.after)
    } catch (error) {
      if (!(error instanceof DayfoldError && error.code === 'RawObjectChanged')) throw error
      skipped.push({ date: day.date, why: error.message })
    } finally {
      await rm(join(folder, day.date), { recursive: true, force: true })
    }
  }
  if (compared.length === 0) throw allSkipped(dataset, skipped)
  const profile = profileOf(all, decimals)
  const none = { added: [], gone: [], changed: [], same: [] }
  return { dataset, published, days: compared, skipped, columns: columns ?? none, rows: total, profile }
}

/** @throws DayfoldError UnknownDataset if the target does not have the dataset */
function nothingPublished({ datasets }: Target, dataset: string): DayfoldError {
  deployedDataset({ datasets }, dataset)
  const message = `Dataset "${dataset}": expected days that are published, found none. Run it.`
  return new DayfoldError('InvalidInput', message)
}

function allSkipped(dataset: string, skipped: Diff['skipped']): DayfoldError {
  const days = skipped.map(({ date }) => date).join(', ')
  return new DayfoldError(
    'RawObjectChanged',
    `Dataset "${dataset}": expected the raw files of ${days}, found none that can be read. ${skipped[0]!.why} ` +
      'Name days whose raw files are still there; on this machine, give --raw as for run.',
  )
}

function rawOf({ clients, rawBucket }: Target): Bucket {
  if (rawBucket !== undefined) return { s3: clients.s3, name: rawBucket }
  const found = 'expected it to say where the raw data is, found an older version. Deploy it again.'
  throw new DayfoldError('InvalidInput', `Target: ${found}`)
}

async function compareDay(
  data: Bucket,
  day: Published,
  copied: readonly CopiedInput[],
  { run }: DiffOptions,
) {
  const made = await run(copied)
  const isWhole = copied.length === day.inputs.length
  const [oldFiles, newFiles] = await Promise.all([
    Promise.all(day.parts.map((part) => openPart(data, part))),
    Promise.all(made.parts.map((path) => openParquet(path))),
  ])
  const now = declaredTypes(made.columns)
  // Parts of a day have the same columns. A day without rows says nothing about columns.
  const types = { before: oldFiles[0] ? storedTypes(columnTrees(oldFiles[0])) : now, after: now }
  const columns = compareColumns(types.before, types.after)
  const after = await rowsOf(newFiles)
  const candidates = columns.same
    .filter((name) => KEY_TYPES.has(now.get(name)!))
    .sort((one, other) => Number(other === made.key) - Number(one === made.key))
  const stored = await rowsOf(oldFiles)
  const matching = matchSample(stored, after, candidates, isWhole)
  // If only some of the day's files are compared, only matched rows are known to come from them.
  const before = isWhole ? stored : matching.pairs.map(([row]) => row)
  const counts = (inputs: readonly Input[], rows: number): SideCounts => {
    const { records, kept, dropped, rejected } = totalsOf(inputs, [])
    return { records, kept, dropped, rejected, rows }
  }
  const compared: ComparedDay = {
    date: day.date,
    featureVersion: day.featureVersion,
    files: { compared: copied.length, all: day.inputs.length },
    by: matching.by,
    before: counts(copied, before.length),
    after: counts(made.inputs, after.length),
  }
  return { day: compared, types, columns, matching, before, after }
}

/** If files are left out, published rows without a match are left out too: they may come from other files. */
function matchSample(
  stored: readonly FeatureRow[],
  after: readonly FeatureRow[],
  candidates: readonly string[],
  isWhole: boolean,
) {
  const matching = matchRows(stored, after, candidates)
  return isWhole ? matching : { ...matching, gone: [] }
}

/** Column types that can identify rows. */
const KEY_TYPES: ReadonlySet<string> = new Set(['string', 'int', 'bigint'])

/** Days may have been made by different code; a change of any day counts. */
function unionOf(one: ColumnChanges | undefined, other: ColumnChanges): ColumnChanges {
  if (!one) return other
  const join = <T extends { readonly name: string }>(left: readonly T[], right: readonly T[]) => [
    ...left,
    ...right.filter(({ name }) => !left.some((known) => known.name === name)),
  ]
  return {
    added: join(one.added, other.added),
    gone: join(one.gone, other.gone),
    changed: join(one.changed, other.changed),
    same: [...new Set([...one.same, ...other.same])],
  }
}

/** One thing of the published day, and one of what the present code makes. */
interface Sides<T> {
  readonly before: T
  readonly after: T
}

/** Adds the names of columns that hold decimals, at any depth. */
function addDecimals(names: Set<string>, types: ColumnTypes): void {
  for (const [name, type] of types) if (/\bdecimal\(/.test(type)) names.add(name)
}

function profileOf(
  rows: Sides<readonly FeatureRow[]>,
  decimals: Sides<ReadonlySet<string>>,
): Diff['profile'] {
  const names = [...new Set([...Object.keys(rows.after[0] ?? {}), ...Object.keys(rows.before[0] ?? {})])]
  const of = (side: keyof Sides<unknown>, name: string) => {
    const [first] = rows[side]
    if (!first || !(name in first)) return {}
    const values = rows[side].map((row) => row[name])
    return { [side]: profileValues(values, decimals[side].has(name)) }
  }
  return Object.fromEntries(names.map((name) => [name, { ...of('before', name), ...of('after', name) }]))
}
