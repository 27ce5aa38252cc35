import { inParallel } from '../../aws/in-parallel.ts'
import type { Bucket } from '../../aws/objects.ts'
import type { DayOutcome, Summary } from '../../core/messages.ts'
import { showsAttempt, type ColumnHistory, type RunReport } from '../run-report.ts'
import { gatherColumns, MAX_COLUMNS } from './gather-columns.ts'
import { exampleRecords } from './example-records.ts'
import { lookAtDataset, type GatheredDay } from './look-at-dataset.ts'

/** Maximum number of days whose rejected records are shown. */
const MAX_DAYS_WITH_EXAMPLES = 100

/** Clock and limits of {@link lookAtRun}. */
export interface LookAtRunOptions {
  /** Returns the current time. */
  readonly now: () => Date
  /** True to read rejected records, and to show them and other values of records on the page. */
  readonly showsValues: boolean
  /** Seconds after which no further day is read; the page says so of these days. @default no limit */
  readonly budgetSeconds?: number
}

/**
 * Gathers the data for the page of an execution: its summary, and what the ledger says of its days now. Reads one
 * manifest per day, those of the seven days before each dataset's first day, and the first KBs of rejected records.
 * Holds a few numbers of at most 180 columns per day, and the whole profiles of seven days.
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
  const isFailed = ({ outcome }: GatheredDay) => showsAttempt(outcome)
  const having = days.filter((day) => isFailed(day) || (day.rejectKeys?.length ?? 0) > 0)
  const chosen = having.toSorted((a, b) => Number(isFailed(b)) - Number(isFailed(a)))
  const asked = new Set(chosen.slice(0, MAX_DAYS_WITH_EXAMPLES))
  return await inParallel(days, async (day) => {
    if (!asked.has(day)) return day
    const keys = isFailed(day) ? undefined : day.rejectKeys
    return { ...day, examples: await exampleRecords(data, day.outcome, keys) }
  })
}
