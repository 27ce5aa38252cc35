import { expect, test } from 'vitest'
import { putObject } from '../../../aws/write-objects.ts'
import { decodeFacts, type DatedOutcome } from '../../../core/dataset-facts.ts'
import { factsKey } from '../../../core/layout.ts'
import { keepFacts } from '../../../lambda/ledger/dataset-facts.ts'
import { putDayEntry } from '../../../aws/day-entries.ts'
import { tellDataState, type DataState } from '../../../lambda/results/data-state.ts'
import { DATASET } from '../../support/lambda/dataset.ts'
import { fileOf, startWorld, type World } from '../../support/lambda/world.ts'
import { GARBAGE } from '../../support/garbage.ts'

const OTHER = { ...DATASET, name: 'other' }
const NOON = '2024-01-05T12:00:00Z'
const today = () => new Date().toISOString()

function published(rows: number): DatedOutcome {
  const totals = { files: 1, rawBytes: 1, rows, parts: 1, bytes: 1, records: rows, rejected: 0 }
  const day = { dataset: 'jobs', date: today().slice(0, 10), at: today() }
  return { ...day, status: 'published', why: '', kind: 'extend', generation: 1, totals: totals as never }
}

async function tell(world: World, outcomes: DatedOutcome[] = []) {
  const { data } = world.process('collect', 'arn').ledger
  const states: Record<string, DataState> = {}
  const problems: string[] = []
  await tellDataState(outcomes, {
    data,
    deployment: { datasets: [DATASET, OTHER] },
    now: today(),
    onState: (state, dataset) => void (states[dataset] = state),
    onProblem: ({ message }) => problems.push(message),
  })
  return { states, problems, data }
}

test('every deployed dataset is told of, those without a day in the execution among them', async () => {
  const world = await startWorld()
  const { data } = world.process('collect', 'arn').ledger
  await putDayEntry(data, 'state/_outstanding/', { dataset: 'other', date: '2020-01-01' })
  await putDayEntry(data, 'state/_outstanding/', { dataset: 'gone', date: '2020-01-01' })
  const { states } = await tell(world, [published(5)])
  expect(states).toEqual({
    jobs: { DaysOutstanding: 0, HoursSinceNewData: expect.closeTo(0, 2) as number },
    other: { DaysOutstanding: 1, HoursSinceNewData: 0 },
  })
  expect(JSON.parse(fileOf(world, factsKey('jobs')).toString())).toMatchObject({
    version: 1,
    days: { [today().slice(0, 10)]: { rows: 5 } },
  })
})

test('hours count by the clock of S3, and facts that stay the same are not written again', async () => {
  const world = await startWorld()
  await tell(world, [published(5)])
  const writes = world.writes.length
  const { states } = await tell(world, [])
  expect(world.writes).toHaveLength(writes)
  expect(states['jobs']!.HoursSinceNewData).toBeLessThan(0.01)
})

test('executions that end at once lose nothing of each other', async () => {
  const world = await startWorld()
  const { data } = world.process('collect', 'arn').ledger
  const days = ['2024-01-01', '2024-01-02', '2024-01-03', '2024-01-04']
  const ends = days.map((date) => {
    const fact = { generation: 1, rows: 1, records: 1 }
    return keepFacts(data, 'jobs', (known) => ({ since: NOON, days: { ...known?.days, [date]: fact } }), {
      now: NOON,
    })
  })
  await Promise.all(ends)
  const { days: kept } = decodeFacts(fileOf(world, factsKey('jobs')), 'key')
  expect(Object.keys(kept).sort()).toEqual(days)
})

test.each(GARBAGE)('facts that hold %s are told of and begin anew', async (_, garbage) => {
  const world = await startWorld()
  const { data } = world.process('collect', 'arn').ledger
  await putObject(data, factsKey('jobs'), garbage)
  const { states, problems } = await tell(world, [published(5)])
  expect(problems).toEqual([expect.stringContaining(factsKey('jobs'))])
  expect(states['jobs']).toMatchObject({ HoursSinceNewData: expect.closeTo(0, 2) as number })
  expect((await tell(world)).problems).toEqual([])
})
