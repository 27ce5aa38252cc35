import { count } from '../../core/format.ts'
import type { Reject } from '../../core/rejects.ts'
import { rejectedTable } from '../../core/layout.ts'
import type { Totals } from '../../core/manifest.ts'
import { reportedTotals, showsAttempt, type ReportDay, type RunReport } from '../run-report.ts'
import { rejectedText, share } from './day-table.ts'
import { clipped, markup, NOTHING, type Content, type Html } from './html.ts'
import { table } from './table.ts'

/** Longest source, message and record, in bytes of the page. */
const MAX_BYTES = { source: 120, message: 200, raw: 300 } as const
/** Maximum number of days that are shown: those with the largest shares of rejects. */
const MAX_DAYS = 100

/** Renders the rejected records of each day: number, reasons, and, if the report shows values, some of the records. */
export function rejects(report: RunReport): Html {
  const days = report.days.filter(hasRejects)
  if (days.length === 0) return markup`<p>No record was rejected.</p>\n`
  const shown = days.toSorted((a, b) => shareOf(b) - shareOf(a)).slice(0, MAX_DAYS)
  const left =
    days.length > shown.length
      ? markup`<p>${count(days.length - shown.length)} more days with smaller shares are left out.</p>\n`
      : NOTHING
  return markup`${shown.map((day, index) => ofDay(day, report, index < 3))}${left}`
}

function hasRejects(day: ReportDay): boolean {
  const { processed, rejectedFor = [] } = day.outcome
  return (
    (shownTotals(day)?.rejected ?? 0) > 0 ||
    (processed?.rejected ?? 0) > 0 ||
    rejectedFor.length > 0 ||
    day.examples.length > 0
  )
}

/** Totals of the generation whose rejects are shown; undefined for those of an attempt that failed. */
function shownTotals(day: ReportDay): Totals | undefined {
  return reportedTotals(day) ?? (showsAttempt(day.outcome) ? undefined : day.totals)
}

/** Puts a day without totals first: it failed because of its rejects. */
function shareOf(day: ReportDay): number {
  const totals = shownTotals(day)
  if (!totals) return 1
  return totals.records === 0 ? 0 : totals.rejected / totals.records
}

function ofDay(day: ReportDay, report: RunReport, isOpen: boolean): Html {
  const { dataset, date } = day.outcome
  const totals = shownTotals(day)
  const told = totals
    ? `${rejectedText(totals)} of ${count(totals.records)} records`
    : 'of an attempt that was not published'
  const content = [reasonsOf(day), examplesOf(day, report)]
  return markup`<details${isOpen ? ' open' : ''}><summary>${dataset} ${date}: ${told}</summary>${content}</details>\n`
}

function reasonsOf({ outcome: { dataset, date, rejectedFor = [] } }: ReportDay): Html {
  if (rejectedFor.length === 0) return NOTHING
  const all = rejectedFor.reduce((sum, { records }) => sum + records, 0)
  return table(
    `Reasons of ${dataset} ${date}, each with its first record`,
    [
      { title: 'reason' },
      { title: 'records', isNumber: true },
      { title: 'share', isNumber: true },
      { title: 'first at' },
      { title: 'what was found' },
    ],
    rejectedFor.map(({ reason, records, first }) => ({
      cells: [
        reason,
        count(records),
        share(records, all),
        place(first),
        clipped(first.message, MAX_BYTES.message),
      ],
    })),
  )
}

const place = ({ source, line }: Pick<Reject, 'source' | 'line'>) =>
  markup`<code>${clipped(source, MAX_BYTES.source)}:${line}</code>`

function examplesOf(
  { outcome: { dataset, date }, examples }: ReportDay,
  { showsValues, summary }: RunReport,
): Html {
  const select = `SELECT * FROM ${rejectedTable(dataset)} WHERE day_partition = '${date}'`
  if (!showsValues)
    return markup`<p>The records themselves: <code>dayfold report ${summary.execution.name}</code>, or in Athena <code>${select}</code>.</p>`
  if (examples.length === 0) return markup`<p>No record is at hand. In Athena: <code>${select}</code>.</p>`
  return table(
    `Some records of ${dataset} ${date}`,
    [{ title: 'reason' }, { title: 'at' }, { title: 'message' }, { title: 'record' }],
    examples.map((reject) => ({ cells: exampleCells(reject) })),
  )
}

function exampleCells(reject: Reject): Content[] {
  const { reason, message, raw, rawBase64 = '' } = reject
  const record =
    raw === undefined ? markup`base64 ${clipped(rawBase64, MAX_BYTES.raw)}` : clipped(raw, MAX_BYTES.raw)
  return [
    reason,
    place(reject),
    clipped(message, MAX_BYTES.message),
    markup`<code class="raw">${record}</code>`,
  ]
}
