import { isOutstanding } from '../../core/day-status.ts'
import { bytes, count, duration } from '../../core/format.ts'
import type { DayOutcome } from '../../core/messages.ts'
import { withoutDay } from '../../core/without-day.ts'
import { reportedTotals, type Present, type ReportDay, type RunReport } from '../run-report.ts'
import { dayId } from './grid.ts'
import { clipped, markup, type Content, type Html } from './html.ts'
import { STATE_LOOKS } from './states.ts'
import { table } from './table.ts'

/** Longest reason of a day, in bytes of the page. */
const MAX_REASON_BYTES = 240

const COLUMNS = [
  { title: 'dataset-day' },
  { title: 'state' },
  { title: 'rows', isNumber: true },
  { title: 'dropped', isNumber: true },
  { title: 'rejected', isNumber: true },
  { title: 'files', isNumber: true },
  { title: 'parts', isNumber: true },
  { title: 'size', isNumber: true },
  { title: 'generation', isNumber: true },
  { title: 'time', isNumber: true },
  { title: 'ledger now' },
  { title: 'why' },
] as const

/** Renders a table with one row per dataset-day: outcome, numbers, present state in the ledger and reason. */
export function dayTable({ days }: RunReport): Html {
  return table(
    'Each dataset-day',
    COLUMNS,
    days.map((day, index) => ({ id: dayId(index), cells: cells(day) })),
  )
}

function cells(day: ReportDay): Content[] {
  const { outcome, present } = day
  const { dataset, date, status, generation, seconds } = outcome
  const totals = reportedTotals(day)
  const numbers = totals
    ? [
        count(totals.rows),
        count(totals.dropped),
        rejectedText(totals),
        count(totals.files),
        count(totals.parts),
        bytes(totals.bytes),
      ]
    : ['', '', '', '', '', '']
  return [
    `${dataset} ${date}`,
    markup`<span class="key ${STATE_LOOKS[status].tone}">${status}</span>`,
    ...numbers,
    generation,
    seconds === undefined ? '' : duration(seconds),
    presentText(present),
    clipped(reason(outcome), MAX_REASON_BYTES),
  ]
}

/** Spells a number of rejects with their share of the records, such as `12 (0.4%)`, or `0`. */
export function rejectedText({ rejected, records }: { rejected: number; records: number }): string {
  return rejected === 0 ? '0' : `${count(rejected)} (${share(rejected, records)})`
}

/** Spells a share as a percentage with one decimal, such as `0.4%` or `<0.1%`; `0%` if `of` is 0. */
export function share(part: number, of: number): string {
  const percent = of === 0 ? 0 : (100 * part) / of
  if (percent > 0 && percent < 0.05) return '<0.1%'
  return `${percent >= 99.95 || percent === 0 ? Math.round(percent) : percent.toFixed(1)}%`
}

function reason(outcome: DayOutcome): string {
  const { status, why, error, cause, vanished } = outcome
  const isFailed = isOutstanding(status) === true || cause !== undefined
  const text = isFailed ? withoutDay(cause ?? why, outcome) : why
  const gone = vanished ? ` (${count(vanished)} raw files gone)` : ''
  return `${isFailed && error !== undefined ? `${error}: ` : ''}${text}${gone}`
}

function presentText(present: Present): Content {
  if (present.state === 'other') return `generation ${present.generation}, ${count(present.rows)} rows`
  if (present.state === 'unreadable')
    return markup`<span class="key bad">unreadable</span> ${clipped(present.problem, MAX_REASON_BYTES)}`
  return {
    same: 'the same',
    gone: markup`<span class="key bad">gone</span> nothing is published`,
    none: '',
    unknown: 'not looked at',
  }[present.state]
}
