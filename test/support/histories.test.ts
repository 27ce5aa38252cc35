import type { HistoryEvent } from '@aws-sdk/client-sfn'
import { expect, test } from 'vitest'
import { retriesIn } from './histories.ts'

type Row = readonly [seconds: number, type: string, error?: string]

/** Makes the events of a Task of one resource. */
const history = (rows: readonly Row[]) =>
  rows.map(([seconds, type, error]): HistoryEvent => ({
    id: undefined,
    timestamp: new Date(1000 * seconds),
    type: type as HistoryEvent['type'],
    ...(type === 'TaskScheduled' && {
      taskScheduledEventDetails: { resourceType: 'lambda', resource: 'invoke', region: '', parameters: '' },
    }),
    ...(type === 'TaskFailed' && {
      taskFailedEventDetails: { resourceType: 'lambda', resource: 'invoke', error },
    }),
  }))

test('a retry waits from the failure to the next try, or as long as the Wait state in between', () => {
  const events = history([
    [0, 'TaskScheduled'],
    [1, 'TaskFailed', 'Busy'],
    [5, 'TaskScheduled'],
    [6, 'TaskFailed', 'Full'],
    [7, 'TaskStateExited'],
    [8, 'WaitStateEntered'],
    [18, 'WaitStateExited'],
    [20, 'TaskScheduled'],
    [21, 'TaskFailed', 'Over'],
  ])
  expect(retriesIn(events)).toEqual([
    { error: 'Busy', waitedMs: 4000 },
    { error: 'Full', waitedMs: 10_000 },
  ])
})
