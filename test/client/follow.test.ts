import { DescribeMapRunCommand, GetExecutionHistoryCommand } from '@aws-sdk/client-sfn'
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
