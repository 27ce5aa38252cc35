import { expect, it } from 'vitest'
import { longestGapHours } from '../../lib/schedule-gap.ts'

it.each([
  ['0/3', 3],
  ['*', 1],
  ['*/4', 4],
  ['6', 24],
  ['6,18', 12],
  ['8-18', 14],
  ['8-18/5', 14],
  ['0,7/8', 8],
  ['noon', 24],
  ['30', 24],
])('hours %s leave at most %i hours between two starts', (hours, gap) => {
  expect(longestGapHours(`cron(10 ${hours} * * ? *)`)).toBe(gap)
})
