import { addDays } from '../../core/dates.ts'
import { DAY_STATUSES } from '../../core/day-status.ts'
import type { DayOutcome, DayStatus, Summary } from '../../core/messages.ts'
import type { ColumnProfile, Profile } from '../../core/profile.ts'
import type { Reject } from '../../core/rejects.ts'
import type { ReportDay, RunReport } from '../../report/run-report.ts'

/** Makes the outcome of a published day. */
export function publishedDay(more: Partial<DayOutcome> = {}): DayOutcome {
  const [records, rejected] = [240, 3]
  const totals = {
    files: 4,
    rawBytes: 1e5,
    records,
    kept: 237,
    dropped: 0,
    rejected,
    rows: 237,
    parts: 1,
    bytes: 4e4,
  }
  return {
    dataset: 'jobs',
    date: '2024-05-06',
    status: 'published',
    why: 'new day: 4 files',
    generation: 1,
    totals,
    processed: { files: 4, records, rejected, bytes: 1e5 },
    seconds: 12.5,
    programSeconds: 4,
    ...more,
  }
}

/** Makes the summary of an execution with these days. */
export function summaryOf(days: readonly DayOutcome[]): Summary {
  const counts = Object.fromEntries(
    Object.keys(DAY_STATUSES).map((status) => [status, days.filter((day) => day.status === status).length]),
  ) as Record<DayStatus, number>
  const execution = { arn: 'arn:aws:states:eu-west-1:1:execution:dayfold:run-1', name: 'run-1' }
  return { execution, dryRun: false, mode: 'changed', counts, days, at: '2024-05-07T00:10:00Z' }
}

/** Makes a day of the report from its outcome. */
export const reportDay = (outcome: DayOutcome, more: Partial<ReportDay> = {}): ReportDay => ({
  outcome,
  present: { state: 'same' },
  checks: [],
  drifts: [],
  examples: [],
  ...more,
})

/** Makes a report of these days. */
export function reportOf(days: readonly ReportDay[], more: Partial<RunReport> = {}): RunReport {
  return {
    summary: summaryOf(days.map(({ outcome }) => outcome)),
    at: '2024-05-07T01:00:00Z',
    showsValues: true,
    days,
    columns: [],
    columnsLeft: 0,
    ...more,
  }
}

/** Makes a rejected record. */
export const reject = (more: Partial<Reject> = {}): Reject => ({
  source: 'jobs/2024/05/06/a.jsonl',
  line: 7,
  reason: 'invalid-json',
  message: 'Unexpected end',
  raw: '{"a": ',
  ...more,
})

/** Makes a profile of one column of numbers around `mean`, one of text and one of booleans. */
export function profile(mean = 10, more: Partial<ColumnProfile> = {}): Profile {
  const rows = 1000
  const at = [0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99]
  const quantiles = at.map((share) => [share, mean + (share - 0.5) * 4] as const)
  const salary = {
    type: 'double',
    nulls: 20,
    values: rows - 20,
    distinct: 900,
    min: mean - 3,
    max: mean + 3,
    mean,
    deviation: 1,
    quantiles,
    top: [{ value: mean, count: 3 }],
    ...more,
  }
  const top = ['fr', 'de', 'en'].map((value, index) => ({ value, count: 400 - index * 100 }))
  const language = {
    type: 'string',
    nulls: 100,
    values: 900,
    distinct: 3,
    min: 'de',
    max: 'fr',
    top,
    isTopExact: true as const,
  }
  const remote = {
    type: 'boolean',
    nulls: 0,
    values: rows,
    distinct: 2,
    min: false,
    max: true,
    mean: 0.25,
    deviation: 0.43,
    top: [
      { value: false, count: 750 },
      { value: true, count: 250 },
    ],
  }
  return { version: 1, rows, columns: { salary, language, remote } }
}

/** Returns the day that is `days` after 6 May 2024. */
export const dayAfter = (days: number) => addDays('2024-05-06', days)
