import type { ComparedDay, Diff, SideCounts } from '../../client/diff/diff.ts'
import type { ChangedValue } from '../../client/diff/compare-rows.ts'
import type { ValueProfile } from '../../client/value-profile.ts'
import type { ProfileValue } from '../../core/profile.ts'
import { printable } from '../../core/printable.ts'
import { colors } from './colors.ts'
import { count, counted } from '../../core/format.ts'
import { shortValue } from './short-value.ts'
import { renderTable } from './tables.ts'

/** Maximum number of characters of a value on screen. */
const MAX_VALUE = 40

/** Renders the result of `diff`: days, columns, rows with examples, and statistics of the columns that differ. */
export function renderDiff(diff: Diff): string {
  return [
    daysLine(diff),
    ...diff.skipped.map(({ date, why }) => colors.red(`${date} was not compared: ${printable(why)}`)),
    ...columnLines(diff),
    ...rowLines(diff),
    ...profileLines(diff),
  ].join('\n')
}

function daysLine({ dataset, published, days }: Diff): string {
  const named = days.map(({ date, files }) =>
    files.compared < files.all ? `${date} (${files.compared} of ${counted(files.all, 'file')})` : date,
  )
  const versions = new Set(days.map(({ featureVersion }) => featureVersion))
  const of =
    versions.size === 1 ? `feature code ${[...versions].join()}` : `${versions.size} versions of the code`
  return `${dataset}: the present code against what is published, of ${of}, on ${days.length} of ${counted(published, 'day')}: ${named.join(', ')}.`
}

function columnLines({ columns: { added, gone, changed } }: Diff): string[] {
  const lines = [
    ...added.map(({ name, type }) => colors.green(`  + ${name} ${type}`)),
    ...gone.map(({ name, type }) => colors.red(`  - ${name} ${type}`)),
    ...changed.map(({ name, before, after }) => colors.yellow(`  ~ ${name} ${before} → ${after}`)),
  ]
  return lines.length > 0 ? ['Columns:', ...lines] : ['Columns: the same.']
}

function rowLines({ days, rows }: Diff): string[] {
  const sum = (of: (day: ComparedDay) => number) => days.reduce((total, day) => total + of(day), 0)
  const pair = (of: (side: ComparedDay['before']) => number, what: string) =>
    `${count(sum(({ before }) => of(before)))} → ${count(sum(({ after }) => of(after)))} ${what}`
  const counts = [
    pair(({ rows: of }) => of, 'rows'),
    pair(({ dropped }) => dropped, 'dropped'),
    pair(({ rejected }) => rejected, 'rejected'),
  ].join(', ')
  const share = rows.matched === 0 ? '' : ` (${percent(rows.changed / rows.matched)})`
  const partners = `${counted(rows.gone, 'row')} gone, ${count(rows.added)} new`
  const lines = [...rows.columns].map(([name, { changed, examples }]) => [
    `  ${name}: ${counted(changed, 'row')} (${percent(changed / rows.matched)})`,
    ...examples.map((example) => `    ${exampleText(example)}`),
  ])
  return [
    `Records: ${counts}.`,
    `Rows, ${matchedBy(days)}: ${count(rows.changed)} of ${count(rows.matched)} change${share}; ${partners}.`,
    ...lines.flat(),
  ]
}

function matchedBy(days: readonly ComparedDay[]): string {
  const ways = days.map(({ by }) => {
    if (by.kind === 'key') return `matched by ${by.column}, whose values are unique`
    if (by.kind === 'order') return 'matched one by one in the order of the raw files'
    return 'not matched where their number differs and no column is unique'
  })
  return [...new Set(ways)].join('; ')
}

const exampleText = ({ date, row, before, after }: ChangedValue) =>
  `${date} ${show(row)}: ${show(before)} → ${show(after)}`

function show(value: unknown): string {
  const text = typeof value === 'bigint' ? String(value) : (JSON.stringify(value, bigintText) ?? 'nothing')
  return printable(text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE - 1)}…` : text)
}

const bigintText = (_: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value)
const percent = (share: number) => `${Math.round(share * 1000) / 10}%`

const PROFILE_COLUMNS = [
  { title: 'column' },
  { title: 'null' },
  { title: 'different' },
  { title: 'mean' },
  { title: 'median' },
  { title: 'most frequent' },
] as const

/** Lists columns whose values differ. */
function profileLines({ profile, days }: Diff): string[] {
  const rowsOf = (of: (day: ComparedDay) => SideCounts) => days.reduce((sum, day) => sum + of(day).rows, 0)
  const rows = { before: rowsOf(({ before }) => before), after: rowsOf(({ after }) => after) }
  const moved = Object.entries(profile).filter(
    ([, { before, after }]) => before && after && JSON.stringify(before) !== JSON.stringify(after),
  )
  if (moved.length === 0) return ['Profile: the same.']
  const table = renderTable(
    PROFILE_COLUMNS,
    moved.map(([name, { before, after }]) => {
      const move = (of: Formatter) => arrow(of(before!, rows.before), of(after!, rows.after))
      return [name, ...PROFILED.map((of) => move(of))]
    }),
  )
  return ['Profile of what moves:', table]
}

const arrow = (before: string, after: string) => (before === after ? before : `${before} → ${after}`)

/** Formats the share of rows that hold null. */
export const nullShare = ({ nulls }: Pick<ValueProfile, 'nulls'>, rows: number) =>
  percent(nulls / Math.max(1, rows))

/** Formats one statistic of a column that has so many rows. */
type Formatter = (side: ValueProfile, rows: number) => string

/** Formatters of a column's values, in the order of the table. */
const PROFILED: readonly Formatter[] = [
  nullShare,
  ({ distinct }) => count(distinct),
  ({ mean }) => (mean === undefined ? '' : short(mean)),
  ({ quantiles }) => short(quantiles?.find(([share]) => share === 0.5)?.[1]),
  ({ top: [first] }) => short(first?.value),
]

/** Formats a value in few characters; '' if there is none. */
function short(value: ProfileValue | undefined): string {
  return value === undefined ? '' : shortValue(value, MAX_VALUE / 2)
}
