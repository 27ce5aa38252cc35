import { outcomeCheckLines } from './checks.ts'
import { colors } from './colors.ts'
import type { Totals } from '../../core/manifest.ts'
import { isOutstanding } from '../../core/day-status.ts'
import { NO_RAW_FILES, type DayOutcome, type DayStatus, type Summary } from '../../core/messages.ts'
import { withoutDay } from '../../core/without-day.ts'
import { bytes, count, counted } from '../../core/format.ts'
import { renderTable, withoutZeros } from './tables.ts'
import { unreadLines } from './unread.ts'

/** Maximum number of days listed one by one. More are summed up by dataset. */
const MAX_DAYS_LISTED = 30
/** Statuses of days that deserve a line. */
const LISTED: readonly DayStatus[] = ['published', 'planned', 'failed', 'stuck', 'superseded', 'accepted']

const COLUMNS = [
  { title: 'dataset' },
  { title: 'day' },
  { title: 'status' },
  { title: 'rows', align: 'right' },
  { title: 'dropped', align: 'right' },
  { title: 'rejected', align: 'right' },
  { title: 'files', align: 'right' },
  { title: 'parts', align: 'right' },
  { title: 'size', align: 'right' },
  { title: 'why' },
] as const

/** Columns that are shown if a day has another number than 0. */
const OPTIONAL = ['dropped']

/** True for an unchanged day whose published raw files are gone: its rows are not what a rebuild would give today. */
const isStale = ({ status, vanished = 0 }: DayOutcome) => status === 'unchanged' && vanished > 0
/** True for an empty day with objects below its raw prefix that may have been meant as raw files. */
const isPuzzling = ({ status, why }: DayOutcome) => status === 'empty' && why !== NO_RAW_FILES
const isListed = (day: DayOutcome) => LISTED.includes(day.status) || isStale(day) || isPuzzling(day)

/**
 * Renders the outcomes of an execution: one line per day that was worked on or needs attention (one per dataset and
 * status if there are more than 30), unread objects, checks, counts of the other days, and Verify's result.
 */
export function renderSummary({ days, verification }: Summary): string {
  const listed = days.filter(isListed)
  const failed = listed.filter(({ status }) => isOutstanding(status) === true)
  const rows =
    listed.length <= MAX_DAYS_LISTED
      ? listed.map(dayRow)
      : [...datasetRows(listed), ...failed.slice(0, MAX_DAYS_LISTED).map(dayRow)]
  const parts = [
    rows.length === 0 ? '' : renderTable(...withoutZeros(COLUMNS, rows, OPTIONAL)),
    ...unreadLines(days),
    ...outcomeCheckLines(days, verification?.duplicates),
    restLine(days),
    verification ? verificationLine(verification) : '',
  ]
  return parts.filter((part) => part !== '').join('\n')
}

function dayRow({ dataset, date, status, totals, why, kind, vanished, cause }: DayOutcome): string[] {
  const numbers = totals
    ? [
        count(totals.rows),
        count(totals.dropped),
        count(totals.rejected),
        count(totals.files),
        count(totals.parts),
        bytes(totals.bytes),
      ]
    : ['', '', '', '', '', '']
  // If published rows stay, the reason mentions the raw files that are gone.
  const gone = vanished && kind === 'rebuild' ? ` (${counted(vanished, 'raw file')} gone)` : ''
  const reason = isOutstanding(status) ? firstLine(withoutDay(cause ?? why, { dataset, date })) : why + gone
  return [dataset, date, coloured(status), ...numbers, reason]
}

/** The complete cause is in the execution's cause and in summary.json. */
function firstLine(text: string): string {
  const line = text.split('\n', 1)[0]!
  return line.length > 100 ? `${line.slice(0, 99)}…` : line
}

function coloured(status: DayStatus): string {
  if (isOutstanding(status)) return colors.red(status)
  return status === 'published' ? colors.green(status) : status
}

function datasetRows(days: readonly DayOutcome[]): string[][] {
  const groups = new Map<string, DayOutcome[]>()
  for (const day of days) {
    const key = `${day.dataset} ${day.status}`
    groups.set(key, [...(groups.get(key) ?? []), day])
  }
  return [...groups.values()].map(groupRow)
}

function groupRow(days: readonly DayOutcome[]): string[] {
  const [first] = days
  const { dataset, status } = first!
  const dates = days.map(({ date }) => date).sort()
  const sum = (of: (totals: Totals) => number) =>
    days.reduce((total, { totals }) => total + (totals ? of(totals) : 0), 0)
  const records = [sum((t) => t.rows), sum((t) => t.dropped), sum((t) => t.rejected)].map(count)
  const files = [count(sum((t) => t.files)), count(sum((t) => t.parts)), bytes(sum((t) => t.bytes))]
  const dated = `${dates[0]} … ${dates.at(-1)}`
  const span = isStale(first!) || isPuzzling(first!) ? `${dated}; the first: ${first!.why}` : dated
  return [dataset, counted(days.length, 'day'), coloured(status), ...records, ...files, span]
}

const REST: readonly (readonly [status: DayStatus, words: string])[] = [
  ['unchanged', 'unchanged'],
  ['empty', `empty (${NO_RAW_FILES})`],
  ['busy', 'busy with another execution'],
  ['not-failed', 'without a failed attempt'],
]

function restLine(days: readonly DayOutcome[]): string {
  const counts = REST.map(([status, words]) => {
    const number = days.filter((day) => day.status === status && !isListed(day)).length
    return number === 0 ? '' : `${count(number)} ${words}`
  }).filter((part) => part !== '')
  const isOther = days.some((day) => isListed(day) && REST.some(([status]) => status === day.status))
  const subject = isOther ? 'Other dataset-days' : 'Dataset-days'
  return counts.length === 0 ? '' : `${subject} left as they were: ${counts.join(', ')}.`
}

function verificationLine({ verified, moved, mismatched }: NonNullable<Summary['verification']>): string {
  if (verified + moved + mismatched === 0) return ''
  const parts = [`${count(verified)} verified against Athena's count`]
  if (moved > 0) parts.push(`${count(moved)} published again meanwhile, to be verified by the next run`)
  if (mismatched > 0) parts.push(colors.red(`${count(mismatched)} with another count than Athena's`))
  return `${parts.join(', ')}.`
}
