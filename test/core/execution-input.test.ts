import { describe, expect, it } from 'vitest'
import {
  expandDatasetDays,
  MAX_DATASET_DAYS,
  parseExecutionInput,
  type ScheduledDataset,
} from '../../core/execution-input.ts'
import { DayfoldError } from '../../core/errors.ts'

const deployed: ScheduledDataset[] = [
  { name: 'jobs', timeZone: 'UTC', lookbackDays: 7 },
  { name: 'clicks', timeZone: 'America/New_York', lookbackDays: 1 },
]
const now = '2024-03-01T02:10:00Z'

function problemOf(work: () => unknown): DayfoldError {
  try {
    work()
  } catch (error) {
    if (error instanceof DayfoldError) return error
    throw error
  }
  throw new Error('expected a DayfoldError, nothing was thrown')
}

describe('the execution input', () => {
  it('has defaults for everything', () => {
    expect(parseExecutionInput({})).toEqual({ mode: 'changed', dryRun: false, allowEmpty: false })
  })

  it('takes a range of days', () => {
    const input = parseExecutionInput({ from: '2024-01-01', to: '2024-01-31' })
    expect(input).toMatchObject({ from: '2024-01-01', to: '2024-01-31' })
  })

  it.each([
    [{ form: '2024-01-01' }, /unknown field "form": expected one of from, to, scheduledAt/],
    [{ from: '2024-01-01' }, /both or neither, found only "from"/],
    [{ to: '2024-01-01' }, /both or neither, found only "to"/],
    [
      { from: '2024-02-02', to: '2024-02-01' },
      /"from": expected a day not after "to" \(2024-02-01\), found "2024-02-02"/,
    ],
    [
      { from: '2023-02-29', to: '2023-03-01' },
      /"from": expected an existing day as YYYY-MM-DD, found "2023-02-29"/,
    ],
    [{ from: '2023-2-1', to: '2023-03-01' }, /"from": .* found "2023-2-1"/],
    [{ from: 20230201, to: '2023-03-01' }, /"from": expected an existing day as YYYY-MM-DD, found 20230201/],
    [{ mode: 'all' }, /"mode": expected one of changed, failed, rebuild, accept, found "all"/],
    [{ maxConcurrency: 0 }, /"maxConcurrency": expected a whole number from 1 to 1000, found 0/],
    [{ maxConcurrency: 1.5 }, /"maxConcurrency": expected a whole number from 1 to 1000, found 1.5/],
    [{ maxConcurrency: 1001 }, /"maxConcurrency": expected a whole number from 1 to 1000, found 1001/],
    [{ maxConcurrency: '8' }, /"maxConcurrency": expected a whole number from 1 to 1000, found "8"/],
    [{ from: '2023-03-01', to: '2023-02-29' }, /"to": expected an existing day .* found "2023-02-29"/],
    [{ dryRun: 'yes' }, /"dryRun": expected true or false, found "yes"/],
    [{ allowEmpty: 1 }, /"allowEmpty": expected true or false, found 1/],
    [{ form: 1, until: 2 }, /unknown field "form", "until": expected one of/],
    [{ datasets: [] }, /"datasets": expected at least one name, found none/],
    [{ datasets: 'jobs' }, /"datasets": expected a list of names of datasets, found "jobs"/],
    [{ datasets: ['jobs', 7] }, /"datasets": expected a list of names of datasets, found 7/],
    [{ scheduledAt: 17 }, /"scheduledAt": expected an ISO 8601 time .* found 17/],
    [{ scheduledAt: 'noon' }, /"scheduledAt": expected an ISO 8601 time .* found "noon"/],
    [[], /expected a JSON object/],
    ['2024-01-01', /expected a JSON object .* found "2024-01-01"/],
  ])('refuses %j and says what was expected', (value, message) => {
    const problem = problemOf(() => parseExecutionInput(value))
    expect(problem.code).toBe('InvalidInput')
    expect(problem.message).toMatch(message)
  })

  it('lists every problem at once', () => {
    const problem = problemOf(() => parseExecutionInput({ form: 1, mode: 'x', dryRun: 1 }))
    expect(problem.message).toMatch(/mode/)
    expect(problem.message).toMatch(/dryRun/)
    expect(problem.message).toMatch(/form/)
    expect(problem.message).toMatch(/found "x"; "dryRun"/)
    expect(problem.context).toEqual({ input: { form: 1, mode: 'x', dryRun: 1 } })
  })
})

describe('the dataset-days of an execution', () => {
  it('are the days of the range for each dataset, newest first', () => {
    const input = parseExecutionInput({ from: '2024-02-28', to: '2024-03-01' })
    expect(expandDatasetDays(input, deployed, now)).toEqual([
      { dataset: 'jobs', date: '2024-03-01' },
      { dataset: 'clicks', date: '2024-03-01' },
      { dataset: 'jobs', date: '2024-02-29' },
      { dataset: 'clicks', date: '2024-02-29' },
      { dataset: 'jobs', date: '2024-02-28' },
      { dataset: 'clicks', date: '2024-02-28' },
    ])
  })

  it('are today and the lookback in each dataset’s own time zone without a range', () => {
    const days = expandDatasetDays(parseExecutionInput({}), deployed, now)
    expect(days.filter((day) => day.dataset === 'jobs').map((day) => day.date)).toEqual([
      ...['2024-03-01', '2024-02-29', '2024-02-28', '2024-02-27'],
      ...['2024-02-26', '2024-02-25', '2024-02-24', '2024-02-23'],
    ])
    expect(days.filter((day) => day.dataset === 'clicks').map((day) => day.date)).toEqual([
      '2024-02-29',
      '2024-02-28',
    ])
  })

  it('follow from scheduledAt, so that a late or repeated run means the same days', () => {
    const input = parseExecutionInput({ scheduledAt: '2023-12-31T23:10:00Z', datasets: ['jobs'] })
    expect(expandDatasetDays(input, deployed, now)[0]).toEqual({ dataset: 'jobs', date: '2023-12-31' })
  })

  it('are those of the named datasets, each once', () => {
    const input = parseExecutionInput({
      datasets: ['clicks', 'clicks'],
      from: '2024-01-01',
      to: '2024-01-01',
    })
    expect(expandDatasetDays(input, deployed, now)).toEqual([{ dataset: 'clicks', date: '2024-01-01' }])
  })

  it('must be of datasets that are deployed', () => {
    const problem = problemOf(() =>
      expandDatasetDays(parseExecutionInput({ datasets: ['job'] }), deployed, now),
    )
    expect(problem.code).toBe('UnknownDataset')
    expect(problem.message).toMatch(/expected names among jobs, clicks, found "job"/)
  })

  it(`are at most ${MAX_DATASET_DAYS}`, () => {
    const most = parseExecutionInput({ from: '2021-01-01', to: '2022-07-04' })
    expect(expandDatasetDays(most, deployed, now)).toHaveLength(MAX_DATASET_DAYS)
    const tooMany = parseExecutionInput({ from: '2021-01-01', to: '2022-07-05' })
    const problem = problemOf(() => expandDatasetDays(tooMany, deployed, now))
    expect(problem.code).toBe('TooManyDays')
    expect(problem.message).toMatch(/at most 1100 dataset-days an execution, found 1102 \(2 datasets\)\. /)
    expect(problem.context).toEqual({ count: 1102 })
  })

  it(`are at most ${MAX_DATASET_DAYS} for a lookback, today among them`, () => {
    const looking = (lookbackDays: number) =>
      expandDatasetDays(parseExecutionInput({}), [{ name: 'jobs', timeZone: 'UTC', lookbackDays }], now)
    expect(looking(MAX_DATASET_DAYS - 1)).toHaveLength(MAX_DATASET_DAYS)
    expect(problemOf(() => looking(MAX_DATASET_DAYS)).context).toEqual({ count: MAX_DATASET_DAYS + 1 })
  })

  it('are refused in range without counting them out one by one', () => {
    const input = parseExecutionInput({ from: '0001-01-01', to: '9999-12-31' })
    expect(problemOf(() => expandDatasetDays(input, deployed, now)).code).toBe('TooManyDays')
    const one = problemOf(() => expandDatasetDays({ ...input, datasets: ['jobs'] }, deployed, now))
    expect(one.message).toMatch(/found 3652059 \(1 dataset\)\. /)
  })
})
