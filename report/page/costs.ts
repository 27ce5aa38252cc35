import { NOT_IN_IT } from '../../core/cost/spent.ts'
import { bytes, count, dollars, duration } from '../../core/format.ts'
import type { DayOutcome, RunCost, Summary } from '../../core/messages.ts'
import type { RunReport } from '../run-report.ts'
import { markup, type Html } from './html.ts'
import { table } from './table.ts'

/** Renders the time that each dataset's days took, and the cost of the execution at list prices if it is known. */
export function costs({ summary, cost = summary.cost }: RunReport): Html {
  return markup`${times(summary)}${cost ? priced(cost) : markup`<p>What it has cost is not known.</p>\n`}`
}

function times({ days }: Summary): Html {
  const worked = days.filter(({ seconds }) => seconds !== undefined)
  if (worked.length === 0) return markup`<p>No dataset-day was worked on.</p>\n`
  const datasets = [...new Set(worked.map(({ dataset }) => dataset))]
  return table(
    'Time that dataset-days took',
    [
      { title: 'dataset' },
      { title: 'days', isNumber: true },
      { title: 'records read', isNumber: true },
      { title: 'raw bytes read', isNumber: true },
      { title: 'time of programs', isNumber: true },
      { title: 'the longest day', isNumber: true },
    ],
    datasets.map((dataset) => ({
      cells: timesOf(
        dataset,
        worked.filter((day) => day.dataset === dataset),
      ),
    })),
  )
}

function timesOf(dataset: string, days: readonly DayOutcome[]): string[] {
  const sum = (of: (day: DayOutcome) => number | undefined) =>
    days.reduce((all, day) => all + (of(day) ?? 0), 0)
  const longest = Math.max(...days.map(({ seconds }) => seconds!))
  return [
    dataset,
    count(days.length),
    count(sum(({ processed }) => processed?.records)),
    bytes(sum(({ processed }) => processed?.bytes)),
    duration(sum(({ programSeconds }) => programSeconds)),
    duration(longest),
  ]
}

function priced({ lines, dollars: all, prices: { date, region } }: RunCost): Html {
  const rows = [...lines, { item: 'together', quantity: '', dollars: all }]
  const found = table(
    `What it costs in an account: about ${dollars(all)}`,
    [{ title: 'for' }, { title: 'quantity', isNumber: true }, { title: 'dollars', isNumber: true }],
    rows.map(({ item, quantity, dollars: price }) => ({
      cells: [item, quantity, price === undefined ? 'price unknown' : dollars(price)],
    })),
  )
  return markup`${found}<p>By list prices of ${region}, ${date}. Not in it: ${NOT_IN_IT}; failed jobs where the time of programs is all that is known.</p>\n`
}
