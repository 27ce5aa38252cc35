import { expect, test } from 'vitest'
import { costLines, sumUsage, total } from '../../../core/cost/cost-lines.ts'
import { LIST_PRICES, type Prices } from '../../../core/cost/prices.ts'
import { costInSummary, spent } from '../../../core/cost/spent.ts'
import { aroundDays, checkedDay, workedDay } from '../../../core/cost/usage.ts'
import type { DayOutcome } from '../../../core/messages.ts'

const PRICES: Prices = { ...LIST_PRICES, instances: { small: 2, large: 8 } }
const TOTALS = {
  files: 4000,
  rawBytes: 0,
  rows: 0,
  parts: 0,
  bytes: 0,
  records: 0,
  kept: 0,
  dropped: 0,
  rejected: 0,
}
const day = (dataset: string, more: Partial<DayOutcome> = {}): DayOutcome => ({
  ...{ dataset, date: '2024-01-02', status: 'unchanged', why: '' },
  ...more,
})
const processed = { files: 3, records: 10 }
const worked = (files: number, listed: number) =>
  workedDay({ files, listed, instanceType: 'none', seconds: 0 })

test('an execution costs its jobs by their billed time, each day by what was done, and what is around them', () => {
  const jobs = [
    { instanceType: 'small', seconds: 900 },
    { instanceType: 'large', seconds: 1800 },
    { instanceType: 'small', seconds: 2700 },
  ]
  const days = [
    day('jobs', { processed, totals: TOTALS, newDay: true }),
    day('jobs', { processed, newDay: true }),
    day('clicks', { processed, totals: TOTALS }),
    day('clicks', { totals: TOTALS }),
    day('views'),
  ]
  const usages = [
    ...[worked(3, 4000), worked(3, 0), worked(3, 4000), checkedDay(4000), checkedDay(0)],
    aroundDays({ tables: 2, crawls: 1 }),
  ]
  const lines = costLines({ ...sumUsage(usages), jobSeconds: { small: 3600, large: 1800 } }, PRICES)
  expect(spent(jobs, { days }, PRICES)).toEqual({ dollars: total(lines), lines })
  expect(lines.slice(0, 2)).toEqual([
    { item: 'jobs on small', quantity: '1 hours', dollars: 2 },
    { item: 'jobs on large', quantity: '0.5 hours', dollars: 4 },
  ])
})

test('the summary counts the time of the programs on the instances of their datasets', () => {
  const days = [
    day('jobs', { programSeconds: 360 }),
    day('clicks', { programSeconds: 720 }),
    day('gone', { programSeconds: 360 }),
    day('views'),
  ]
  const datasets = [{ name: 'jobs', instanceType: 'large' }, { name: 'clicks' }, { name: 'views' }]
  const cost = costInSummary({ days }, datasets, { instanceType: 'small', prices: PRICES })
  const jobs = [
    { instanceType: 'large', seconds: 360 },
    { instanceType: 'small', seconds: 1080 },
  ]
  const prices = { date: PRICES.date, region: PRICES.region }
  expect(cost).toEqual({ ...spent(jobs, { days }, PRICES), prices })
})

test('jobs of an unknown price are told with their hours, and left out of the total', () => {
  const lines = costLines({ ...sumUsage([]), jobSeconds: { small: 1800, other: 7200 } }, PRICES)
  expect(lines.slice(0, 2)).toEqual([
    { item: 'jobs on small', quantity: '0.5 hours', dollars: 1 },
    { item: 'jobs on other', quantity: '2 hours', dollars: undefined },
  ])
  expect(total(lines)).toBe(1)
})

test('the total is the sum of the items', () => {
  const line = (dollars: number | undefined) => ({ item: '', quantity: '', dollars })
  expect(total([])).toBe(0)
  expect(total([line(1), line(undefined), line(2.5)])).toBe(3.5)
})
