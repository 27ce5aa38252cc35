import type { CostLine, Spent } from '../../core/cost/cost-lines.ts'
import type { Estimate } from '../../client/estimate.ts'
import type { Prices } from '../../core/cost/prices.ts'
import { NOT_IN_IT } from '../../core/cost/spent.ts'
import { bytes, counted, dollars, duration } from '../../core/format.ts'

/**
 * Renders the estimate of a dry run in a few lines: jobs, bytes, time and price, assumptions, and the source of the
 * prices. Empty if no job would start.
 */
export function renderEstimate(estimate: Estimate, prices: Prices): string {
  if (estimate.jobs === 0) return ''
  const { jobs, minutes, assumptions } = estimate
  const parts = [
    `Would take ${counted(jobs, 'job')} over ${bytes(estimate.bytes)}, about ${duration(minutes * 60)}, about ${dollars(estimate.dollars)}: ${told(estimate.lines)}.`,
    ...assumptions.map((assumption) => `  Assumed: ${assumption}`),
    priced(prices),
  ]
  return parts.join('\n')
}

/** Renders the cost of an execution in two lines, with the source of the prices and what is not included. */
export function renderSpent(spent: Spent, prices: Prices): string {
  return `Cost about ${dollars(spent.dollars)}: ${told(spent.lines)}.\n${priced(prices)}`
}

const priced = ({ date, source }: Prices) => `  Prices of ${date} (${source}). Not in it: ${NOT_IN_IT}.`

/** Dollars below which items are summed up as one. */
const WORTH_TELLING = 0.005

function told(lines: readonly CostLine[]): string {
  const isTold = ({ dollars: price, item }: CostLine) =>
    price === undefined || price >= WORTH_TELLING || item.startsWith('jobs')
  const rest = lines.filter((line) => !isTold(line)).reduce((sum, { dollars: price = 0 }) => sum + price, 0)
  const parts = lines
    .filter(isTold)
    .map(
      ({ item, quantity, dollars: price }) =>
        `${item} ${quantity} ${price === undefined ? '(price unknown)' : dollars(price)}`,
    )
  return [...parts, `other ${dollars(rest)}`].join(', ')
}
