import { inParallel } from '../../aws/in-parallel.ts'
import type { Bucket } from '../../aws/objects.ts'
import type { DayOutcome, Summary } from '../../core/messages.ts'
import type { ColumnHistory, RunReport } from '../run-report.ts'
import { gatherColumns, MAX_COLUMNS } from './gather-columns.ts'
import { exampleRecords } from './example-records.ts'
import { lookAtDataset, type GatheredDay } from './look-at-dataset.ts'

/** Days of which rejected records are shown. */
const MAX_DAYS_WITH_EXAMPLES = 100

export interface LookAtRunOptions {
  readonly now: () => Date
  /** Whether rejected records are read, and values of records shown. */
  readonly showsValues: boolean
  /** Seconds after which no further day is looked at: the page says of which. @default no end */
  readonly budgetSeconds?: number
}

/**
 * Gathers what a page about an execution shows: its summary, and what the manifests of its days say now. Reads a manifest
 * a day, and those of the seven days before each dataset's first; of rejected records the first KBs. Holds the numbers of
 * up to 180 columns a day, and of seven days the whole profiles.
 */
export async function lookAtRun(
  data: Bucket,
  summary: Summary,
  { now, showsValues, budgetSeconds = Infinity }: LookAtRunOptions,
): Promise<RunReport> {
  const start = now()
  const isLate = () => now().getTime() - start.getTime() > budgetSeconds * 1000
  const days: GatheredDay[] = []
  const columns: ColumnHistory[] = []
  let columnsLeft = 0
  const datasets = byDataset(summary.days)
  const share = Math.max(1, Math.floor(MAX_COLUMNS / datasets.length))
  for (const outcomes of datasets) {
    const gathered = gatherColumns(outcomes[0]!.dataset, Math.min(share, MAX_COLUMNS - columns.length))
    days.push(...(await lookAtDataset(data, outcomes, { onProfile: gathered.add, isLate })))
    const told = gathered.told()
    columns.push(...told.columns)
    columnsLeft += told.columnsLeft
  }
  const shown = showsValues ? await withExamples(data, days) : days
  return { summary, at: start.toISOString(), showsValues, days: shown, columns, columnsLeft }
}

/** A summary is in the order of datasets. */
function byDataset(days: readonly DayOutcome[]): DayOutcome[][] {
  const groups: DayOutcome[][] = []
  for (const day of days) {
    if (groups.at(-1)?.[0]?.dataset === day.dataset) groups.at(-1)!.push(day)
    else groups.push([day])
  }
  return groups
}

/** Of published days with rejects, and of failed ones what they have staged. */
async function withExamples(data: Bucket, days: readonly GatheredDay[]): Promise<GatheredDay[]> {
  const isFailed = ({ outcome: { status } }: GatheredDay) => status === 'failed' || status === 'stuck'
  const having = days.filter((day) => isFailed(day) || (day.rejectKeys?.length ?? 0) > 0)
  const chosen = having.toSorted((a, b) => Number(isFailed(b)) - Number(isFailed(a)))
  const asked = new Set(chosen.slice(0, MAX_DAYS_WITH_EXAMPLES))
  return await inParallel(days, async (day) => {
    if (!asked.has(day)) return day
    const keys = isFailed(day) ? undefined : day.rejectKeys
    return { ...day, examples: await exampleRecords(data, day.outcome, keys) }
  })
}
