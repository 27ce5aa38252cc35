import { severityOf } from '../../core/count-checks.ts'
import { count } from '../../core/format.ts'
import type { ReportDay, RunReport } from '../run-report.ts'
import { clipped, markup, NOTHING, type Content, type Html } from './html.ts'
import { table } from './table.ts'

const MAX_BYTES = 200
/** Maximum number of rows of a table. */
const MAX_ROWS = 200

/**
 * Renders the checks of the published days: how many passed, each that did not, and the days in which Verify found rows
 * that violate a `unique` check.
 */
export function checks(report: RunReport): Html {
  return markup`${judged(report)}${duplicates(report)}`
}

/** Shows the days with rows that a check wants to be unique, as counted by Athena. */
function duplicates({ summary: { verification } }: RunReport): Html {
  if (!verification?.duplicates) return NOTHING
  const { count: days, told } = verification.duplicates
  const items = told.map((text) => markup`<li>${clipped(text, MAX_BYTES)}</li>`)
  const left = days - told.length
  const more = left > 0 ? markup`<li>and ${count(left)} more</li>` : NOTHING
  return markup`<p><span class="key watch">not unique</span> on ${count(days)} dataset-days:</p><ul>${items}${more}</ul>\n`
}

function judged({ days }: RunReport): Html {
  const all = days.flatMap((day) => day.checks.map((check) => ({ day, check })))
  if (all.length === 0) return markup`<p>No dataset of this execution has checks.</p>\n`
  const told = all
    .filter(({ check }) => check.state !== 'passed')
    .toSorted((one, other) => severityOf(other.check) - severityOf(one.check))
  const passed = `${count(all.length - told.length)} of ${count(all.length)} checks have passed.`
  const rows = told.map(({ day, check: { check, otherwise, state, expected, found } }) => [
    nameOf(day),
    check,
    markup`<span class="key ${state === 'failed' ? (otherwise === 'fail' ? 'bad' : 'watch') : 'calm'}">${state}</span>`,
    clipped(expected, MAX_BYTES),
    clipped(found, MAX_BYTES),
  ])
  return markup`<p>${passed}</p>\n${limited('Checks that have not passed', ['dataset-day', 'check', 'state', 'expected', 'found'], rows)}`
}

/**
 * Renders a table of the columns whose values differ from those of the seven days before, or says that there are none;
 * empty if no day has a profile.
 */
export function drifts({ days, showsValues, columns }: RunReport): Html {
  if (columns.length === 0) return NOTHING
  const rows = days.flatMap((day) =>
    day.drifts.map(({ column, of, found, text }) => [
      nameOf(day),
      column,
      markup`<span class="key watch">${of}</span>`,
      clipped(showsValues && text !== undefined ? `${JSON.stringify(text)}: ${found}` : found, MAX_BYTES),
    ]),
  )
  if (rows.length === 0)
    return markup`<p>No column has drifted from the days before, or there are fewer than three to compare with.</p>\n`
  return limited(
    'Columns that have drifted from the seven days before',
    ['dataset-day', 'column', 'of', 'found'],
    rows,
  )
}

/**
 * Renders a table of differences between the files that readers see and the manifests; empty if nobody has compared
 * them.
 */
export function findings({ findings: all }: RunReport): Html {
  if (!all) return NOTHING
  if (all.length === 0) return markup`<p>What readers are shown is what the manifests say.</p>\n`
  const rows = all.map(({ dataset, date, kind, key, finding }) => [
    `${dataset} ${date}`,
    markup`<span class="key bad">${kind}</span>`,
    clipped(key, MAX_BYTES),
    clipped(finding.replace(`${key}: `, ''), MAX_BYTES),
  ])
  return limited(
    'What readers are shown otherwise than the manifests say',
    ['dataset-day', 'found', 'key', ''],
    rows,
  )
}

const nameOf = ({ outcome: { dataset, date } }: ReportDay) => `${dataset} ${date}`

function limited(caption: string, titles: readonly string[], rows: readonly (readonly Content[])[]): Html {
  if (rows.length === 0) return NOTHING
  const left = rows.length - MAX_ROWS
  const shown = rows.slice(0, MAX_ROWS).map((cells) => ({ cells }))
  const found = table(
    caption,
    titles.map((title) => ({ title })),
    shown,
  )
  return left > 0 ? markup`${found}<p>${count(left)} more are left out.</p>\n` : found
}
