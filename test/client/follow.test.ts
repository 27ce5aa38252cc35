import {
  DescribeMapRunCommand,
  GetExecutionHistoryCommand,
  type DescribeExecutionCommandOutput,
  type DescribeMapRunCommandOutput,
  type HistoryEvent,
} from '@aws-sdk/client-sfn'
import { expect, test } from 'vitest'
import { startS3 } from '@dayfold/local-aws/test-support/start-s3'
import { putObject } from '../../aws/write-objects.ts'
import { followExecution, type ExecutionSnapshot } from '../../client/follow.ts'
import { dataOf, type Target } from '../../client/target.ts'
import { itemsKey, progressKey } from '../../core/layout.ts'
import type { Progress } from '../../core/messages.ts'
import { GARBAGE } from '../support/garbage.ts'

const { client: s3 } = await startS3()
const day = (date: string): Progress => ({
  dataset: 'jobs',
  date,
  phase: 'reading',
  files: { done: 1, total: 2 },
  records: 3,
  rows: 3,
  rejected: 0,
  bytes: { done: 1, total: 2 },
  at: '2024-01-02T00:00:00Z',
})

test.each(GARBAGE)('progress and items that hold %s do not stop following', async (_, garbage) => {
  const execution = { arn: 'arn', name: `run-${GARBAGE.findIndex(([what]) => what === _)}` }
  const statuses = ['RUNNING', 'RUNNING', 'SUCCEEDED']
  const send = (command: unknown) => {
    if (command instanceof DescribeMapRunCommand) return Promise.resolve({})
    if (command instanceof GetExecutionHistoryCommand) return Promise.resolve({ events: [] })
    return Promise.resolve({ status: statuses.shift() })
  }
  const target = { clients: { s3, sfn: { send } }, dataBucket: 'data' } as unknown as Target
  const put = (date: string, body: string | Buffer) =>
    putObject(dataOf(target), progressKey(execution.name, 'jobs', date), body)

  await putObject(dataOf(target), itemsKey(execution.name), garbage)
  await put('2024-01-01', JSON.stringify(day('2024-01-01')))
  await put('2024-01-02', garbage)
  const seen: ExecutionSnapshot[] = []
  for await (const snapshot of followExecution(target, execution, { pollSeconds: 0 })) {
    seen.push(snapshot)
    if (seen.length > 1) continue
    await put('2024-01-01', garbage)
    await put('2024-01-02', JSON.stringify(day('2024-01-02')))
    await putObject(dataOf(target), itemsKey(execution.name), JSON.stringify([day('2024-01-01')]))
  }
  const dates = seen.map(({ progress }) => progress.map(({ date }) => date))
  expect(dates).toEqual([['2024-01-01'], ['2024-01-01', '2024-01-02'], ['2024-01-01', '2024-01-02']])
  expect(seen.map(({ days }) => days.total)).toEqual([undefined, 1, 1])
})

/** Returns a target whose Step Functions answers with these, in turn for descriptions and counts, else with the last. */
function answering({
  descriptions,
  events = [],
  counts = [],
}: {
  readonly descriptions: readonly Partial<DescribeExecutionCommandOutput>[]
  readonly events?: readonly Partial<HistoryEvent>[]
  readonly counts?: readonly Partial<DescribeMapRunCommandOutput>[]
}): Target {
  const inTurn = <T>(answers: readonly T[]) => {
    let next = 0
    return () => answers[Math.min(next++, answers.length - 1)]
  }
  const [nextDescription, nextCounts] = [inTurn(descriptions), inTurn(counts)]
  const answer = (command: unknown) => {
    if (command instanceof DescribeMapRunCommand)
      return command.input.mapRunArn === 'arn:map' ? nextCounts() : undefined
    if (!(command instanceof GetExecutionHistoryCommand)) return nextDescription()
    const { reverseOrder, maxResults } = command.input
    return { events: (reverseOrder ? events.toReversed() : events).slice(0, maxResults) }
  }
  const sfn = { send: (command: unknown) => Promise.resolve(answer(command)) }
  return { clients: { s3, sfn }, dataBucket: 'data' } as unknown as Target
}

async function snapshots(target: Target, name: string): Promise<ExecutionSnapshot[]> {
  const seen: ExecutionSnapshot[] = []
  for await (const snapshot of followExecution(target, { arn: 'arn', name }, { pollSeconds: 0 }))
    seen.push(snapshot)
  return seen
}

const entered = (name: string) => ({ stateEnteredEventDetails: { name } })

test('a snapshot has the state entered last, however long the history is, and the counts of the Map', async () => {
  const target = answering({
    descriptions: [{ status: 'RUNNING' }, { status: 'SUCCEEDED' }],
    events: [
      entered('Plan'),
      ...Array<Partial<HistoryEvent>>(60).fill({ type: 'TaskScheduled' }),
      { mapRunStartedEventDetails: { mapRunArn: 'arn:map' } },
      entered('Collect'),
      { type: 'LambdaFunctionScheduled' },
    ],
    counts: [
      {
        itemCounts: { succeeded: 1, failed: 2, timedOut: 3, aborted: 4, running: 5 } as never,
        maxConcurrency: 6,
      },
      {},
    ],
  })
  expect(await snapshots(target, 'counted')).toStrictEqual([
    {
      status: 'RUNNING',
      state: 'Collect',
      days: { total: undefined, finished: 10, running: 5, atOnce: 6 },
      progress: [],
    },
    {
      status: 'SUCCEEDED',
      state: 'Collect',
      days: { total: undefined, finished: 0, running: 0 },
      progress: [],
    },
  ])
})

test('the last snapshot has the error of an execution that failed, and its cause if there is one', async () => {
  const startDate = new Date('2024-01-01T00:00:00Z')
  const ended = { status: 'FAILED', state: undefined, days: { total: undefined, finished: 0 }, progress: [] }
  const last = async (answer: Partial<DescribeExecutionCommandOutput>) =>
    (await snapshots(answering({ descriptions: [answer] }), 'failed')).at(-1)
  expect(await last({ status: 'FAILED', startDate, error: 'DaysFailed', cause: 'one day' })).toStrictEqual({
    ...ended,
    startedAt: startDate,
    error: 'DaysFailed',
    cause: 'one day',
  })
  expect(await last({ status: 'FAILED', error: 'DaysFailed' })).toStrictEqual({
    ...ended,
    error: 'DaysFailed',
  })
  expect(await last({ status: 'FAILED' })).toStrictEqual(ended)
})

test('a signal ends the pause between two snapshots, and no other follows', async () => {
  const controller = new AbortController()
  const target = answering({ descriptions: [{ status: 'RUNNING' }] })
  const following = followExecution(
    target,
    { arn: 'arn', name: 'left' },
    { pollSeconds: 1e6, signal: controller.signal },
  )
  expect((await following.next()).value).toMatchObject({ status: 'RUNNING' })
  const next = following.next()
  controller.abort()
  expect(await next).toEqual({ done: true, value: undefined })
})
