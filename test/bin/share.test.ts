import { expect, test } from 'vitest'
import { renderTotals } from '../../bin/view/progress.ts'
import { shareDone, silentDays, timeLeft } from '../../bin/view/share.ts'
import type { ExecutionSnapshot } from '../../client/follow.ts'
import type { Progress } from '../../core/messages.ts'

const day = (phase: Progress['phase'], done: number, total: number): Progress => ({
  dataset: 'jobs',
  date: '2026-01-01',
  phase,
  files: { done: 0, total: 1 },
  records: 0,
  rows: 0,
  rejected: 0,
  bytes: { done, total },
  at: '2026-01-01T00:00:00Z',
})
const at = (days: ExecutionSnapshot['days'], ...progress: Progress[]): ExecutionSnapshot => ({
  status: 'RUNNING',
  state: 'Days',
  days,
  progress,
})

test('the share is of bytes, unbegun days weigh what the others do on average, days without a job nothing', () => {
  expect(shareDone(at({ total: undefined, finished: 0 }))).toBeUndefined()
  expect(shareDone(at({ total: 4, finished: 1 }))).toBe(0.25)
  const begun = [day('done', 0, 300), day('reading', 50, 100), day('waiting', 0, 0)]
  // 300 + 50 of 400 + two days of 200; six days were unchanged.
  expect(shareDone(at({ total: 10, finished: 7 }, ...begun))).toBeCloseTo(350 / 800)
  expect(shareDone(at({ total: 10, finished: 10 }, ...begun))).toBe(1)
})

test('days that nothing is heard of are planned or have no instance yet; one that is published is neither', () => {
  const progress = [day('done', 1, 1), day('reading', 0, 1), day('waiting', 0, 0)]
  expect(silentDays(at({ total: 9, finished: 0, running: 5 }, ...progress))).toBe(2)
  expect(silentDays(at({ total: 9, finished: 1, running: 4 }, ...progress))).toBe(2)
  expect(silentDays(at({ total: 9, finished: 1 }, ...progress))).toBe(0)
  expect(renderTotals(at({ total: 9, finished: 0, running: 5 }), 60, 7500)).toBe(
    'Days · 0% · 0 of 9 dataset-days · 5 being planned or without an instance yet · 1 min 0 s · about 2 h 5 min left',
  )
})

test('the time left follows from the pace since the first look, once there is one', () => {
  const left = timeLeft()
  const finished = (count: number) => at({ total: 100, finished: count })
  expect(left(finished(50), 100)).toBeUndefined()
  expect(left(finished(51), 105)).toBeUndefined()
  expect(left(finished(50), 120)).toBeUndefined()
  expect(left(finished(60), 120)).toBeCloseTo(80)
  expect(left(finished(100), 200)).toBeUndefined()
})
