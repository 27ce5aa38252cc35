import { expect, test } from 'vitest'
import { POSITION, POSITION_BYTES } from '../../../processing/read/shard.ts'
import { watchRecords } from '../../../processing/workers/record-watch.ts'

function startWatch() {
  const position = new Int32Array(POSITION_BYTES / 4)
  const told: string[] = []
  let now = 0
  const watch = watchRecords(
    position,
    {
      seconds: 60,
      onSlow: ({ input, line }) => told.push(`slow ${input}:${line}`),
      onEndless: ({ message }) => told.push(message),
    },
    () => now,
  )
  return {
    told,
    at: (input: number, line: number, record: number) => position.set([input, line, record], POSITION.input),
    lookAfter: (seconds: number) => {
      now += seconds * 1000
      watch.look()
    },
  }
}

test('a record that takes longer than a second is told once, one that does not end as well', () => {
  const { told, at, lookAfter } = startWatch()
  at(2, 7, 3)
  lookAfter(0)
  lookAfter(0.9)
  expect(told).toEqual([])
  lookAfter(0.2)
  lookAfter(30)
  expect(told).toEqual(['slow 2:7'])
  lookAfter(29)
  expect(told).toEqual(['slow 2:7', 'a record took longer than 60 s (recordTimeoutSeconds)'])
})

test('another record, another object and a worker that reads none begin anew', () => {
  const { told, at, lookAfter } = startWatch()
  for (const [input, record] of [
    [1, 1],
    [1, 2],
    [2, 2],
    [2, 0],
    [2, 0],
  ] as const) {
    at(input, 1, record)
    lookAfter(0.9)
  }
  lookAfter(100)
  expect(told).toEqual([])
})
