import { expect, test } from 'vitest'
import { costLines, sumUsage, total } from '../../core/cost/cost-lines.ts'
import { estimate, measured, type EstimateOptions } from '../../client/estimate.ts'
import { pricesWith, processors } from '../../client/prices.ts'
import { LIST_PRICES } from '../../core/cost/prices.ts'
import { costInSummary, spent } from '../../core/cost/spent.ts'
import { aroundDays, checkedDay, workedDay } from '../../core/cost/usage.ts'
import type { DayOutcome } from '../../core/messages.ts'

const planned = (dataset: string, bytes: number): DayOutcome => ({
  dataset,
  date: '2026-01-01',
  status: 'planned',
  why: 'new day',
  kind: 'extend',
  toRead: { files: 10, bytes },
})
const took = (dataset: string, bytes: number, programSeconds: number, startSeconds = 100) => ({
  dataset,
  bytes,
  programSeconds,
  startSeconds,
})
const OPTIONS: EstimateOptions = {
  prices: LIST_PRICES,
  atOnce: 2,
  history: [],
  instances: new Map([['jobs', 'ml.m5.large']]),
}

test('without history the speed and the instance are assumed, and both are said', () => {
  const { jobs, bytes, minutes, assumptions } = estimate([planned('clicks', 16e9)], OPTIONS)
  // 180 s, and 16 GB at 20 MB/s on each of 8 processors.
  expect({ jobs, bytes, minutes }).toEqual({ jobs: 1, bytes: 16e9, minutes: 280 / 60 })
  expect(assumptions).toEqual([
    'Jobs run on ml.m5.2xlarge.',
    'Nothing is known of how long clicks took: 180 s until a job has begun, then 20 MB of raw files a second on each of ' +
      'the 8 processors of ml.m5.2xlarge.',
  ])
})

test('with history the start and the speed are those of the dataset', () => {
  const history = [
    took('jobs', 1e9, 20),
    took('jobs', 3e9, 40),
    took('jobs', 2e9, 30, 4000),
    took('other', 1, 1),
  ]
  const { fixedSeconds, secondsPerByte } = measured(history.slice(0, 3))
  expect([fixedSeconds, secondsPerByte * 1e9]).toEqual([expect.closeTo(110), expect.closeTo(10)])
  const { minutes, assumptions, lines } = estimate([planned('jobs', 9e9)], { ...OPTIONS, history })
  expect(minutes).toBeCloseTo(200 / 60)
  expect(assumptions).toEqual([])
  expect(lines[0]).toEqual({
    item: 'jobs on ml.m5.large',
    quantity: '0.0556 hours',
    dollars: expect.closeTo((200 / 3600) * 0.115) as number,
  })
})

test('days of one size, and larger ones that took less, give no nonsense', () => {
  expect(measured([took('jobs', 1e9, 20), took('jobs', 1e9, 30)]).secondsPerByte).toBeCloseTo(2.5e-8)
  const falling = measured([took('jobs', 1e9, 30), took('jobs', 2e9, 10)])
  expect(falling).toEqual({ secondsPerByte: 0, fixedSeconds: 120 })
})

test('a crawl and a count of rows are reckoned for each table with days to read, once', () => {
  const { dataset, date } = planned('other', 1)
  const unchanged: DayOutcome = { dataset, date, status: 'unchanged', why: 'unchanged' }
  const days = [planned('jobs', 1), planned('jobs', 2), planned('clicks', 1), unchanged]
  const { lines } = estimate(days, OPTIONS)
  const quantities = new Map(lines.map(({ item, quantity }) => [item, quantity]))
  expect(quantities.get('Glue crawler')).toBe('0.667 DPU-hours')
  expect(quantities.get('Athena')).toBe('0.00002 TB')
})

test('as many jobs as may run at once share the time', () => {
  const history = [took('jobs', 1e9, 60, 0)]
  const days = [1e9, 1e9, 1e9].map((bytes) => planned('jobs', bytes))
  expect(estimate(days, { ...OPTIONS, history }).minutes).toBeCloseTo(2)
  expect(estimate(days, { ...OPTIONS, history, atOnce: 10 }).minutes).toBeCloseTo(1)
})

test('days that need nothing take no job; an instance without a price is said to have none', () => {
  const { dataset, date } = planned('jobs', 1)
  const unchanged: DayOutcome = { dataset, date, status: 'unchanged', why: 'unchanged' }
  const none = estimate([unchanged], OPTIONS)
  expect({ jobs: none.jobs, minutes: none.minutes }).toEqual({ jobs: 0, minutes: 0 })
  const history = [took('jobs', 1e9, 20)]
  const gpu = estimate([planned('jobs', 1e9)], {
    ...OPTIONS,
    history,
    instances: new Map([['jobs', 'ml.p9.xlarge']]),
  })
  expect(gpu.lines[0]?.dollars).toBeUndefined()
  expect(gpu.assumptions).toEqual(['No price is known of jobs on ml.p9.xlarge: see --prices.'])
})

test('a run has cost what its jobs were billed, failed ones among them, and what its days took', () => {
  const done = { files: 2000, records: 1, bytes: 5 }
  const days: DayOutcome[] = [
    { dataset: 'jobs', date: '2026-01-01', status: 'published', why: '', processed: done, newDay: true },
    { dataset: 'jobs', date: '2026-01-02', status: 'unchanged', why: '' },
  ]
  const job = (instanceType: string, seconds: number) => ({
    name: 'j',
    instanceType,
    seconds,
    isRunning: false,
  })
  const jobs = [job('ml.m5.large', 3600), job('ml.m5.large', 1800), job('ml.r5.4xlarge', 3600)]
  const { lines, dollars } = spent(jobs, { days }, LIST_PRICES)
  const price = (item: string) => lines.find((line) => line.item === item)?.dollars
  expect(price('jobs on ml.m5.large')).toBeCloseTo(1.5 * 0.115)
  expect(price('jobs on ml.r5.4xlarge')).toBeCloseTo(1.21)
  expect(price('Glue crawler')).toBeCloseTo(0.44 / 3)
  expect(dollars).toBeCloseTo(total(lines))
  const rest = sumUsage([
    workedDay({ files: 2000, listed: 0, instanceType: 'x', seconds: 0 }),
    checkedDay(0),
    aroundDays({ tables: 1, crawls: 1 }),
  ])
  const restLines = costLines({ ...rest, jobSeconds: {} }, LIST_PRICES)
  expect(dollars - 1.5 * 0.115 - 1.21).toBeCloseTo(total(restLines))
})

test('by what a summary tells, jobs have cost the time of their programs on the instances of their datasets', () => {
  const day = { date: '2024-01-01', status: 'published', why: '' } as const
  const days = [
    { ...day, dataset: 'jobs', programSeconds: 3600 },
    { ...day, dataset: 'clicks', programSeconds: 1800 },
    { ...day, dataset: 'clicks', date: '2024-01-02', status: 'failed' as const },
  ]
  const datasets = [{ name: 'jobs', instanceType: 'ml.r5.4xlarge' }, { name: 'clicks' }]
  const settings = { instanceType: 'ml.m5.large', prices: LIST_PRICES }
  const { lines, prices } = costInSummary({ days }, datasets, settings)
  expect(lines.slice(0, 2)).toMatchObject([
    { item: 'jobs on ml.r5.4xlarge', dollars: 1.21 },
    { item: 'jobs on ml.m5.large', dollars: 0.115 / 2 },
  ])
  expect(prices).toEqual({ date: LIST_PRICES.date, region: 'us-east-1' })
})

test('prices of a file come in the place of list prices, and what is no price is refused by its name', () => {
  const prices = pricesWith('{"region":"eu-west-1","instances":{"ml.m5.large":0.2}}', 'p.json')
  expect(prices).toMatchObject({ region: 'eu-west-1', source: 'p.json', athenaTerabyte: 5 })
  expect([prices.instances['ml.m5.large'], prices.instances['ml.m5.xlarge']]).toEqual([0.2, 0.23])
  expect(() => pricesWith('{"instances":{"ml.m5.large":"much"}}', 'p.json')).toThrow(
    /^--prices p\.json: .* at instances\.ml\.m5\.large: /,
  )
  expect(() => pricesWith('{"athena":5}', 'p.json')).toThrow(/Unrecognized key: "athena"/)
  expect(() => pricesWith('no JSON', 'p.json')).toThrow(/^--prices p\.json: expected JSON/)
})

test.each([
  ['ml.t3.medium', 2],
  ['ml.m5.large', 2],
  ['ml.m5.xlarge', 4],
  ['ml.r5.4xlarge', 16],
  ['ml.m5.24xlarge', 96],
])('%s has %i processors', (type, count) => {
  expect(processors(type)).toBe(count)
})
