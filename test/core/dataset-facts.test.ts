import { describe, expect, test } from 'vitest'
import {
  decodeFacts,
  encodeFacts,
  hoursSinceNewData,
  isMissed,
  isScheduled,
  mergeFacts,
  volumeRatio,
  type DatasetFacts,
  type DatedOutcome,
} from '../../core/dataset-facts.ts'

const dataset = { timeZone: 'UTC', lookbackDays: 2 }
const NOW = '2024-02-10T12:00:00.000Z'
const TOTALS = { files: 1, rawBytes: 1, parts: 1, bytes: 1, rejected: 0 }

function outcome(date: string, generation: number, rows: number, more: object = {}): DatedOutcome {
  const totals = { ...TOTALS, rows, records: rows } as DatedOutcome['totals'] & object
  const what = { status: 'published', why: '' } as const
  return { dataset: 'jobs', date, at: NOW, generation, totals, ...what, ...more }
}
const UNCHANGED = { status: 'unchanged' } as const
const merge = (outcomes: DatedOutcome[], facts?: DatasetFacts) => mergeFacts(facts, outcomes, dataset, NOW)

describe('the newest data', () => {
  const isNew = (...outcomes: DatedOutcome[]) => merge(outcomes, BEFORE).newDataAt === NOW
  const BEFORE: DatasetFacts = {
    since: '2024-02-01T00:00:00Z',
    newDataAt: '2024-02-09T12:00:00.000Z',
    days: { '2024-02-09': { generation: 3, rows: 10, records: 12 } },
  }

  const newAt = (newDataAt: string) => ({ newDataAt })
  test.each([
    ['of a day that was not known', outcome('2024-02-10', 1, 5, newAt(NOW)), true],
    ['of a day that is known', outcome('2024-02-09', 4, 15, newAt(NOW)), true],
    ['of a day that was found unchanged', outcome('2024-02-08', 1, 5, { ...UNCHANGED, ...newAt(NOW) }), true],
    ['of a day before those that the schedule covers', outcome('2024-02-07', 1, 5, newAt(NOW)), false],
    ['of a day that is not there yet', outcome('2024-02-11', 1, 5, newAt(NOW)), false],
    ['older than that of another day', outcome('2024-02-09', 4, 12, newAt('2024-02-09T11:00:00Z')), false],
    ['that was known already', outcome('2024-02-09', 3, 20, newAt(NOW)), false],
    ['of which only the records tell', outcome('2024-02-09', 4, 15), true],
    ['of which the records do not tell', outcome('2024-02-09', 4, 12), false],
    ['of files that extend a day', outcome('2024-02-10', 1, 5, { kind: 'extend' }), true],
    ['of a day that is new', outcome('2024-02-08', 1, 5, { kind: 'rebuild', newDay: true }), true],
    ['of files without records', outcome('2024-02-10', 1, 0, { kind: 'extend' }), false],
    ['of a rebuild of a day that is not known', outcome('2024-02-08', 4, 12, { kind: 'rebuild' }), false],
    ['of which nothing tells', outcome('2024-02-08', 4, 12), false],
  ])('%s: %s', (_, found, expected) => {
    expect(isNew(found)).toBe(expected)
  })

  test('is as old as its publish, whenever its execution ends, and no execution makes it older', () => {
    const newDataAt = '2024-02-10T03:00:00.000Z'
    const first = merge([outcome('2024-02-10', 1, 5, { newDataAt })], BEFORE)
    expect(hoursSinceNewData(first, NOW)).toBe(9)
    const late = merge([outcome('2024-02-08', 1, 5, newAt('2024-02-10T01:00:00.000Z'))], first)
    expect(late.newDataAt).toBe(newDataAt)
  })

  test('counts from the first execution while there is none', () => {
    const facts = merge([])
    expect(facts).toEqual({ since: NOW, days: {} })
    expect(hoursSinceNewData(facts, '2024-02-11T13:00:00Z')).toBe(25)
    expect(hoursSinceNewData(facts, '2024-02-10T11:00:00Z')).toBe(0)
  })

  test('is of the days that the schedule covers in the time zone of the dataset', () => {
    const auckland = { timeZone: 'Pacific/Auckland', lookbackDays: 1 }
    const covered = ['2024-02-09', '2024-02-10', '2024-02-11', '2024-02-12'].filter((day) =>
      isScheduled(auckland, day, NOW),
    )
    expect(covered).toEqual(['2024-02-10', '2024-02-11'])
  })
})

describe('the rows of days', () => {
  test('are those of the newest generation, whatever the order of executions, for 35 days', () => {
    const found = [outcome('2024-02-09', 4, 40), outcome('2024-01-06', 1, 1), outcome('2024-01-05', 1, 1)]
    const facts = merge([outcome('2024-02-09', 3, 30)], merge(found))
    expect(Object.entries(facts.days).map(([date, { rows }]) => [date, rows])).toEqual([
      ['2024-01-06', 1],
      ['2024-02-09', 40],
    ])
    expect(merge([outcome('2024-02-09', 3, 30), ...found])).toEqual(facts)
  })

  test('state the version of their format, without which they are refused', () => {
    const facts = merge([outcome('2024-02-09', 4, 40)])
    const text = encodeFacts(facts).toString()
    expect(JSON.parse(text)).toEqual({ version: 1, ...facts })
    const without = Buffer.from(JSON.stringify(facts))
    expect(() => decodeFacts(without, 'key')).toThrow(
      'key: expected the facts of a dataset of version 1, found no version. The next execution begins it anew.',
    )
  })

  test('are kept as they were found', () => {
    const facts = merge([outcome('2024-02-09', 4, 40)])
    expect(decodeFacts(encodeFacts(facts), 'key')).toEqual(facts)
    expect(() => decodeFacts(Buffer.from('{"version":1,"since":"x"}'), 'key')).toThrow(/"days" as object/)
  })
})

test('a publish is missed if neither an outcome nor the facts tell what it holds, for 35 days', () => {
  const facts = merge([outcome('2024-02-09', 3, 30)])
  const bare = (date: string, generation?: number) => ({
    dataset: 'jobs',
    date,
    generation,
    ...UNCHANGED,
    why: '',
  })
  const missed = (found: object) => isMissed(found as DatedOutcome, facts, dataset, NOW)
  expect(missed(bare('2024-02-09', 4))).toBe(true)
  expect(missed(bare('2024-02-09', 3))).toBe(false)
  expect(missed(outcome('2024-02-09', 4, 30))).toBe(false)
  expect(missed(bare('2024-01-06', 1))).toBe(true)
  expect(missed(bare('2024-01-05', 1))).toBe(false)
  expect(missed(bare('2024-02-08'))).toBe(false)
  expect(isMissed(bare('2024-02-09', 1) as DatedOutcome, undefined, dataset, NOW)).toBe(true)
})

describe('the volume', () => {
  const facts = (rows: Record<string, number>): DatasetFacts => ({
    since: NOW,
    days: Object.fromEntries(
      Object.entries(rows).map(([date, count]) => [date, { generation: 1, rows: count, records: count }]),
    ),
  })
  const FOUR = { '2024-01-12': 100, '2024-01-19': 300, '2024-01-26': 200, '2024-02-02': 5000 }

  test('is that of the newest day that is over, to the median of its weekday', () => {
    expect(volumeRatio(facts({ ...FOUR, '2024-02-09': 125, '2024-02-10': 1 }), dataset, NOW)).toBe(0.5)
    const three = { '2024-01-19': 300, '2024-01-26': 200, '2024-02-02': 5000, '2024-02-09': 150 }
    expect(volumeRatio(facts(three), dataset, NOW)).toBe(0.5)
  })

  test('waits until the day has been over for as long as new data may take', () => {
    const rows = facts({ '2024-01-25': 10, '2024-02-01': 10, '2024-02-08': 10, ...FOUR, '2024-02-09': 0 })
    expect(volumeRatio(rows, { ...dataset, expectNewDataHours: 13 }, NOW)).toBe(1)
    expect(volumeRatio(rows, { ...dataset, expectNewDataHours: 12 }, NOW)).toBe(0)
  })

  test('is not told with fewer than two days to compare with, or none that had rows', () => {
    expect(volumeRatio(facts({}), dataset, NOW)).toBeUndefined()
    expect(volumeRatio(facts({ '2024-02-02': 10, '2024-02-09': 10 }), dataset, NOW)).toBeUndefined()
    const empty = { '2024-01-26': 0, '2024-02-02': 0, '2024-02-09': 10 }
    expect(volumeRatio(facts(empty), dataset, NOW)).toBeUndefined()
  })
})
