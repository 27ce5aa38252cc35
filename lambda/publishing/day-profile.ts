import { findManifest } from '../../aws/day-state.ts'
import { inParallel } from '../../aws/in-parallel.ts'
import { readDocument, type Bucket } from '../../aws/objects.ts'
import type { Check } from '../../core/checks.ts'
import { addDays, hasEnded } from '../../core/dates.ts'
import type { DeployedDataset } from '../../core/deployment.ts'
import { orCorrupt } from '../../core/documents.ts'
import { DAYS_BEFORE } from '../../core/drift.ts'
import { DayfoldError } from '../../core/errors.ts'
import type { DatasetDay } from '../../core/dataset-day.ts'
import { judgeChecks, type DayBefore } from '../../core/judge-checks.ts'
import type { Copy, Published, StoredFile } from '../../core/manifest.ts'
import { profileOf } from '../../core/profile.ts'
import { decodeSketch, mergeStored, type DaySketch } from '../../core/sketches/day-sketch.ts'
import { summarize } from '../../core/sketches/summarize.ts'

/** Manifests and sketches read at once: each may hold megabytes. */
const READ_AT_ONCE = 3

/** Bucket, dataset and clock of {@link describeDay}. */
export interface DescribeDayOptions {
  readonly data: Bucket
  readonly dataset: DeployedDataset
  /** ISO time from which follows if the day is over. */
  readonly at: string
}

/**
 * Makes the profile of a generation that is about to be published, and judges the dataset's checks. There is a profile
 * only if sketches describe all of its rows. If a check compares days, reads the manifests of the seven days before.
 * Holds a few sketches or manifests at a time; each may take megabytes.
 *
 * @param copies that the publish will make: sketches are read from where they are staged
 */
export async function describeDay(
  next: Published,
  copies: readonly Copy[],
  { data, dataset, at }: DescribeDayOptions,
): Promise<Partial<Pick<Published, 'profile' | 'checks'>>> {
  const sketch = await daySketch(data, next, copies)
  const profile = sketch && summarize(sketch)
  const { checks = [], timeZone } = dataset
  const results = judgeChecks(checks, {
    date: next.date,
    rows: next.totals.rows,
    profile,
    counted: sketch?.counted ?? new Map(),
    isOver: hasEnded(next.date, at, timeZone),
    before: checks.some(comparesDays) ? await daysBefore(data, next) : [],
  })
  return { ...(profile && { profile }), ...(results.length > 0 && { checks: results }) }
}

const comparesDays = ({ check }: Check) => check === 'rows' || check === 'drift'

/** Merges the sketches of a day; undefined where some rows have none that can be read. */
async function daySketch(
  data: Bucket,
  { sketches = [], totals }: Published,
  copies: readonly Copy[],
): Promise<DaySketch | undefined> {
  if (sketches.reduce((sum, { rows }) => sum + rows, 0) !== totals.rows) return undefined
  const staged = new Map(copies.map(({ from, to }) => [to, from]))
  const read = ({ key }: StoredFile) =>
    orCorrupt(() => readDocument(data, staged.get(key) ?? key, decodeSketch))
  const found = await inParallel(sketches, read, READ_AT_ONCE)
  const stored = found.flatMap((sketch) => (!sketch || sketch instanceof DayfoldError ? [] : [sketch]))
  return stored.length === found.length ? mergeStored(stored) : undefined
}

/** Reads the days that checks compare with, without those that cannot be read. */
async function daysBefore(data: Bucket, { dataset, date }: DatasetDay): Promise<DayBefore[]> {
  const dates = Array.from({ length: DAYS_BEFORE }, (_, index) => addDays(date, -1 - index))
  const days = await inParallel(
    dates,
    async (before) => {
      const manifest = await orCorrupt(() => findManifest(data, { dataset, date: before }))
      if (!manifest || manifest instanceof DayfoldError || !manifest.published) return []
      const { totals, ...published } = manifest.published
      return [{ date: before, rows: totals.rows, profile: profileOf(published) }]
    },
    READ_AT_ONCE,
  )
  return days.flat()
}
