import { count } from '../../core/format.ts'
import type { ColumnProfile } from '../../core/profile.ts'
import type { ColumnHistory, RunReport } from '../run-report.ts'
import { asNumber } from '../value-number.ts'
import { share } from './day-table.ts'
import { markup, NOTHING, type Content, type Html } from './html.ts'
import { bars, density, lines } from './plots.ts'
import { table } from './table.ts'
import { meanText, valueText } from './values.ts'

/** Maximum number of most frequent values that are shown. */
const MAX_TOP = 3

const COLUMNS = [
  { title: 'column' },
  { title: 'type' },
  { title: 'nulls', isNumber: true },
  { title: 'nulls by day' },
  { title: 'distinct', isNumber: true },
  { title: 'least' },
  { title: 'median' },
  { title: 'most' },
  { title: 'mean', isNumber: true },
  { title: 'values by day' },
  { title: 'spread on the last day' },
] as const

/** Renders the profiles of the columns, one table per dataset: numbers of the last day, and plots over all days. */
export function columns(report: RunReport): Html {
  if (report.columns.length === 0) return markup`<p>No day of this execution has a profile.</p>\n`
  const datasets = [...new Set(report.columns.map(({ dataset }) => dataset))]
  const left =
    report.columnsLeft > 0
      ? markup`<p>${count(report.columnsLeft)} more columns are left out: the manifests have their profiles.</p>\n`
      : NOTHING
  return markup`${datasets.map((dataset) => ofDataset(dataset, report))}${left}`
}

function ofDataset(dataset: string, report: RunReport): Html {
  const own = report.columns.filter((column) => column.dataset === dataset)
  const dates = own.flatMap(({ points }) => points.map(({ date }) => date)).sort()
  const [first, last] = [dates[0]!, dates.at(-1)!]
  const top = report.showsValues ? [{ title: 'most frequent' }] : []
  const days = first === last ? last : `${last}, plots from ${first}`
  return markup`<h3>${dataset}</h3>${table(
    `Columns of ${dataset} on ${days}`,
    [...COLUMNS, ...top],
    own.map((column) => ({ cells: cells(column, report) })),
  )}`
}

function cells({ name, points, last }: ColumnHistory, { showsValues }: RunReport): Content[] {
  const { type, nulls, values, distinct, mean } = last
  const nullShares = points.map((point) => (point.rows === 0 ? 0 : point.nulls / point.rows))
  const now = share(nulls, nulls + values)
  const most = share(Math.max(...nullShares), 1)
  return [
    name,
    markup`<code>${type}</code>`,
    now,
    lines(`Nulls by day: ${now} on the last, at most ${most}`, [nullShares], [0, 0.05]),
    count(distinct),
    ...bounds(last, showsValues),
    mean === undefined ? '' : type === 'boolean' ? `${share(mean, 1)} true` : meanText(mean, type),
    byDay({ points, last }),
    spread(last),
    ...(showsValues ? [mostFrequent(last)] : []),
  ]
}

/** Returns minimum, median and maximum; those of text are values of records. */
function bounds({ min, max, quantiles, type }: ColumnProfile, showsValues: boolean): Content[] {
  const middle = quantiles?.find(([at]) => at === 0.5)?.[1]
  const shown = (value: typeof min) =>
    value === undefined || (!showsValues && !quantiles) ? '' : valueText(value, type)
  return [shown(min), shown(middle), shown(max)]
}

/**
 * Plots the median and the 0.1 and 0.9 quantiles; for booleans the share of true, for text the number of different
 * values.
 */
function byDay({ points, last }: Pick<ColumnHistory, 'points' | 'last'>): Html {
  if (last.quantiles) {
    const series = [1, 0, 2].map((index) => points.map(({ spread: values }) => values?.[index]))
    return lines('Median by day, and the values that a tenth and nine tenths are not above', series)
  }
  if (last.type === 'boolean') return lines('Share of true by day', [points.map(({ mean }) => mean)], [0, 1])
  return lines('Different values by day', [points.map(({ distinct }) => distinct)], [0, 1])
}

function spread({ quantiles, top, type, values }: ColumnProfile): Html {
  if (quantiles)
    return density(
      'How densely the values of the last day lie, least to most',
      quantiles.map(([at, value]) => [at, asNumber(value, type)]),
    )
  const shares = top.map(({ count: number }) => number / Math.max(1, values))
  return bars(
    `Shares of the most frequent values: ${shares
      .slice(0, MAX_TOP)
      .map((part) => share(part, 1))
      .join(', ')}`,
    shares,
  )
}

function mostFrequent({ top, values, type }: ColumnProfile): Content {
  return top
    .slice(0, MAX_TOP)
    .map(({ value, count: number }) => markup`<div>${valueText(value, type)} ${share(number, values)}</div>`)
}
