import { inParallel } from '../../aws/in-parallel.ts'
import type { Bucket } from '../../aws/objects.ts'
import type { DayOutcome, Summary } from '../../core/messages.ts'
import type { ColumnHistory, RunReport } from '../run-report.ts'
import { gatherColumns, MAX_COLUMNS } from './gather-columns.ts'
import { exampleRecords } from './example-records.ts'
import { lookAtDataset, type GatheredDay } from './look-at-dataset.ts'

/** Most days whose rejected records are shown. */
const MAX_DAYS_WITH_EXAMPLES = 100

/** Clock and limits of {@link lookAtRun}. */
export interface LookAtRunOptions {
  readonly now: () => Date
  /** True reads rejected records and shows values of records. */
  readonly showsValues: boolean
  /** Seconds after which no further day is looked at; the page names these days. @default no limit */
  readonly budgetSeconds?: number
}

/**
 * Gathers the data of a page about an execution: its summary and the present manifests of its days. Reads one manifest
 * per day, those of the seven days before each dataset's first, and the first KBs of rejected records. Holds the
 * numbers of up to 180 columns per day, and the whole profiles of seven days.
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

/** Groups days by dataset, as a summary is ordered by dataset. */
function byDataset(days: readonly DayOutcome[]): DayOutcome[][] {
  const groups: DayOutcome[][] = []
  for (const day of days) {
    if (groups.at(-1)?.[0]?.dataset === day.dataset) groups.at(-1)!.push(day)
    else groups.push([day])
  }
  return groups
}

/** Adds examples to published days with rejects, and to failed days from their staging. */
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
