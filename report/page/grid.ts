import { count } from '../../core/format.ts'
import type { DayStatus } from '../../core/messages.ts'
import { reportedTotals, type ReportDay, type RunReport } from '../run-report.ts'
import { markup, NOTHING, type Html } from './html.ts'
import { STATE_LOOKS } from './states.ts'
import { frame } from './table.ts'

const DAYS = Array.from({ length: 31 }, (_, index) => index + 1)

/**
 * Returns the HTML id of a day's row in the table of days, to which the grid links.
 *
 * @param index of the day in the report, from 0
 */
export const dayId = (index: number) => `day-${index + 1}`

/**
 * Renders the states of the dataset-days as a calendar: one row per dataset and month, one column per day of the month,
 * and a legend of the letters in the cells.
 */
export function grid({ days, summary }: RunReport): Html {
  const months = new Map<string, { readonly title: string; readonly cells: Map<number, Html> }>()
  for (const [index, day] of days.entries()) {
    const { dataset, date } = day.outcome
    const title = `${dataset} ${date.slice(0, 7)}`
    const month = months.get(title) ?? { title, cells: new Map<number, Html>() }
    month.cells.set(Number(date.slice(8)), cell(day, index))
    months.set(title, month)
  }
  const head = DAYS.map((day) => markup`<th scope="col">${day}</th>`)
  const rows = [...months.values()].map(
    ({ title, cells }) => markup`<tr><th scope="row">${title}</th>${row(cells)}</tr>\n`,
  )
  const caption = 'Dataset-days by state'
  const found = markup`<table class="grid"><caption>${caption}</caption><thead><tr><th scope="col">dataset, month</th>${head}</tr></thead><tbody>${rows}</tbody></table>`
  return markup`${frame(caption, found)}${legend(summary.counts, days.some(isLost))}`
}

/** Joins days that the execution does not cover to one empty cell. */
function row(cells: ReadonlyMap<number, Html>): Html[] {
  const found: Html[] = []
  let missing = 0
  for (const day of [...DAYS, 0]) {
    const own = cells.get(day)
    if (day !== 0 && !own) missing += 1
    else {
      if (missing > 0) found.push(missing === 1 ? markup`<td></td>` : markup`<td colspan="${missing}"></td>`)
      missing = 0
      if (own) found.push(own)
    }
  }
  return found
}

function cell(day: ReportDay, index: number): Html {
  const { date, status } = day.outcome
  const totals = reportedTotals(day)
  const { letter, tone, words } = STATE_LOOKS[status]
  const isOther = isLost(day)
  const rows = totals ? `, ${count(totals.rows)} rows` : ''
  const label = `${date}: ${words}${rows}${isOther ? '; its manifest is not there any more' : ''}`
  return markup`<td class="${isOther ? 'bad' : tone}"><a href="#${dayId(index)}" aria-label="${label}">${letter}${isOther ? '!' : ''}</a></td>`
}

/** True if the generation that the execution reported is gone or its manifest cannot be read. */
const isLost = ({ present: { state } }: Pick<ReportDay, 'present'>) =>
  state === 'gone' || state === 'unreadable'

function legend(counts: Readonly<Record<DayStatus, number>>, hasLost: boolean): Html {
  const items = (Object.keys(STATE_LOOKS) as DayStatus[])
    .filter((status) => counts[status] > 0)
    .map((status) => {
      const { letter, tone, words } = STATE_LOOKS[status]
      return markup`<li><span class="key ${tone}">${letter}</span> ${words}: ${count(counts[status])}</li>`
    })
  const lost = hasLost
    ? markup`<li><span class="key bad">!</span> its manifest is gone or cannot be read now</li>`
    : NOTHING
  return markup`<ul class="legend">${items}${lost}</ul>\n`
}
