import { expect, test } from 'vitest'
import { addDays } from '../../core/dates.ts'
import { expandDatasetDays, MAX_DATASET_DAYS, parseExecutionInput } from '../../core/execution-input.ts'
import { manifestKey } from '../../core/layout.ts'
import {
  emptyingInputs,
  MANIFEST_GONE,
  MAX_NAMED_DATASETS,
  mendingInputs,
  redoInputs,
} from '../../core/redo.ts'

const day = (dataset: string, date: string, error = 'E') => ({ dataset, date, error })

test('failed days are redone with their range and their datasets', () => {
  const failed = [day('jobs', '2024-01-05'), day('jobs', '2024-01-03'), day('clicks', '2024-01-04')]
  expect(redoInputs(failed)).toEqual([
    { from: '2024-01-03', to: '2024-01-05', datasets: ['jobs', 'clicks'], mode: 'failed' },
  ])
  expect(emptyingInputs(failed)).toEqual([])
})

test('a day without raw files is not redone in vain, but emptied where that is allowed', () => {
  const failed = [day('jobs', '2024-01-05'), day('clicks', '2024-01-03', 'EmptyPrefix')]
  expect(redoInputs(failed)).toMatchObject([{ from: '2024-01-05', to: '2024-01-05', datasets: ['jobs'] }])
  expect(emptyingInputs(failed)).toEqual([
    { from: '2024-01-03', to: '2024-01-03', datasets: ['clicks'], mode: 'failed', allowEmpty: true },
  ])
})

test('every input is one that an execution accepts, and together they cover every failed day', () => {
  const datasets = Array.from({ length: 100 }, (_, index) => `d${index}`)
  const deployed = datasets.map((name) => ({ name, timeZone: 'UTC', lookbackDays: 0 }))
  const failed = [
    ...datasets.map((name) => day(name, '2024-01-01')),
    day('d1', '2019-01-01'),
    ...Array.from({ length: 900 }, (_, index) => day('d2', addDays('2021-06-01', index))),
  ]
  const inputs = redoInputs(failed)
  expect(Math.max(...inputs.map((input) => input.datasets.length))).toBe(MAX_NAMED_DATASETS)
  const covered = inputs.flatMap((input) => expandDatasetDays(parseExecutionInput(input), deployed, ''))
  const keys = new Set(covered.map(({ dataset, date }) => `${dataset} ${date}`))
  expect(failed.filter(({ dataset, date }) => !keys.has(`${dataset} ${date}`))).toEqual([])
})

test('a rebuild is what mends days whose manifest is gone, and no others that are damaged', () => {
  const lost = { dataset: 'jobs', date: '2024-01-05', error: 'DamagedDay', cause: `jobs: ${MANIFEST_GONE}` }
  const harmed = { dataset: 'jobs', date: '2024-01-06', error: 'DamagedDay', cause: '1 missing' }
  expect(mendingInputs([lost, harmed])).toMatchObject([{ from: lost.date, to: lost.date, mode: 'rebuild' }])
  expect(redoInputs([lost, harmed])).toMatchObject([{ from: harmed.date, to: harmed.date, mode: 'failed' }])
})

test('a rebuild is what mends days whose own manifest cannot be read, and no others with such an error', () => {
  const key = manifestKey('jobs', '2024-01-05')
  const unread = { dataset: 'jobs', date: '2024-01-05', error: 'CorruptState', cause: `${key}: expected …` }
  expect(mendingInputs([unread])).toMatchObject([{ from: unread.date, to: unread.date, mode: 'rebuild' }])
  expect(redoInputs([unread])).toEqual([])
  const others = [
    { ...unread, error: 'JobFailed' },
    { ...unread, date: '2024-01-06' },
    { ...unread, cause: `runs/x/items.json: not ${key}: …` },
    { ...unread, cause: undefined },
    { ...unread, error: undefined },
  ]
  for (const { cause, error, ...of } of others) {
    const failed = { ...of, ...(cause !== undefined && { cause }), ...(error !== undefined && { error }) }
    expect(mendingInputs([failed])).toEqual([])
    expect(redoInputs([failed])).toMatchObject([{ from: of.date, mode: 'failed' }])
  }
})

test.each([
  [MAX_DATASET_DAYS, 1],
  [MAX_DATASET_DAYS + 1, 2],
])('failed days that lie %d days apart, both counted, take %d inputs', (days, inputs) => {
  const last = addDays('2021-06-01', days - 1)
  expect(redoInputs([day('jobs', last), day('jobs', '2021-06-01')])).toHaveLength(inputs)
})

test('the days of several datasets count for each of them', () => {
  const last = addDays('2021-06-01', MAX_DATASET_DAYS / 2 - 1)
  expect(redoInputs([day('jobs', '2021-06-01'), day('clicks', last)])).toHaveLength(1)
  expect(redoInputs([day('jobs', '2021-06-01'), day('clicks', addDays(last, 1))])).toHaveLength(2)
})
