import { createHash } from 'node:crypto'
import { count, minute } from '../../core/format.ts'
import type { Summary, VerifyOutput } from '../../core/messages.ts'
import { reportedTotals, type RunReport } from '../run-report.ts'
import { checks, drifts, findings } from './checks.ts'
import { columns } from './columns.ts'
import { costs } from './costs.ts'
import { dayTable } from './day-table.ts'
import { grid } from './grid.ts'
import { clipped, markup, NOTHING, type Content, type Html } from './html.ts'
import { rejects } from './rejects.ts'
import { STATE_LOOKS } from './states.ts'
import { STYLE } from './style.ts'

const MAX_NAME_BYTES = 300

/** Sections of the page, in order. */
const SECTIONS: readonly {
  readonly id: string
  readonly title: string
  readonly content: (report: RunReport) => Html
}[] = [
  { id: 'grid', title: 'Days by state', content: grid },
  { id: 'days', title: 'Days', content: dayTable },
  { id: 'rejects', title: 'Rejected records', content: rejects },
  { id: 'checks', title: 'Checks', content: (report) => markup`${checks(report)}${findings(report)}` },
  {
    id: 'columns',
    title: 'Columns and drift',
    content: (report) => markup`${drifts(report)}${columns(report)}`,
  },
  { id: 'cost', title: 'Time and cost', content: costs },
]

/** Allows nothing to be fetched or run, and the page's own style by its digest. */
const POLICY =
  `default-src 'none'; base-uri 'none'; form-action 'none'; ` +
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`

/**
 * Renders the page of an execution: one HTML document that loads nothing else, below 2 MB for 1,100 dataset-days. All
 * data in it is escaped.
 */
export function renderPage(report: RunReport): string {
  const { summary } = report
  const title = `Dayfold: ${summary.execution.name}`
  const style: Html = { safe: STYLE }
  const links = SECTIONS.map(({ id, title: name }) => markup`<li><a href="#${id}">${name}</a></li>`)
  const sections = SECTIONS.map(
    ({ id, title: name, content }) =>
      markup`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${name}</h2>\n${content(report)}</section>\n`,
  )
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${clipped(title, MAX_NAME_BYTES)}</title>
<style>${style}</style>
</head>
<body>
<a class="skip" href="#days">To the days</a>
<header>
<h1>${clipped(summary.execution.name, MAX_NAME_BYTES)}</h1>
${facts(report)}
<nav aria-label="Sections"><ul>${links}</ul></nav>
</header>
<main>
${sections}</main>
</body>
</html>
`.safe
}

function facts(report: RunReport): Html {
  const { summary, at, days } = report
  const { execution, mode, dryRun, verification, at: today, collectedAt } = summary
  const told: readonly (readonly [string, Content])[] = [
    ['outcome', outcome(summary)],
    ['mode', `${mode}${dryRun ? ', a dry run: nothing was changed' : ''}`],
    ['dataset-days', `${count(days.length)}, ${rowsOf(report)}`],
    ['verification', verified(verification, dryRun)],
    ['began', today === undefined ? '' : `${minute(today)} UTC`],
    ['ended', collectedAt === undefined ? '' : `${minute(collectedAt)} UTC`],
    ['ledger looked at', `${minute(at)} UTC`],
    ['execution', clipped(execution.arn, MAX_NAME_BYTES)],
  ]
  return markup`<dl>${told.map(([name, value]) => (value === '' ? NOTHING : markup`<dt>${name}</dt><dd>${value}</dd>`))}</dl>`
}

function outcome({ counts }: Summary): Html {
  const parts = Object.entries(STATE_LOOKS).flatMap(([status, { tone }]) => {
    const number = counts[status as keyof typeof counts]
    return number > 0 ? [markup`<span class="key ${tone}">${count(number)} ${status}</span> `] : []
  })
  return markup`${parts}`
}

function rowsOf({ days }: RunReport): string {
  const sum = (of: 'rows' | 'dropped' | 'rejected') =>
    days.reduce((all, day) => all + (reportedTotals(day)?.[of] ?? 0), 0)
  return `${count(sum('rows'))} rows, ${count(sum('dropped'))} dropped and ${count(sum('rejected'))} rejected records`
}

function verified(verification: VerifyOutput | undefined, dryRun: boolean): Content {
  if (!verification) return dryRun ? '' : 'not yet'
  const { verified: agreed, moved, mismatched, cause } = verification
  const parts = [
    `${count(agreed)} counted by Athena as the manifests say`,
    ...(moved > 0 ? [`${count(moved)} published again meanwhile`] : []),
  ].join(', ')
  if (mismatched === 0) return parts
  return markup`${parts}, <span class="key bad">${count(mismatched)} with another count</span> ${clipped(cause, 1000)}`
}
