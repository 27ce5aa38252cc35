import { expect, test } from 'vitest'
import type { Summary } from '../../core/messages.ts'
import { putSummary } from '../../lambda/put-summary.ts'
import { emptySummary } from '../support/lambda/run-files.ts'
import { fileOf, startWorld } from '../support/lambda/world.ts'

const SUMMARY = emptySummary({ arn: 'arn', name: 'name' })

test.each<[string, string | undefined, string | undefined, string | undefined, number]>([
  ['a first page', undefined, 'new', 'new', 2],
  ['the same page again', 'old', 'old', 'old', 1],
  ['another page', 'old', 'new', 'new', 2],
  ['no page, as it could not be written', undefined, undefined, undefined, 1],
  ['no new page, as it could not be written', 'old', undefined, 'old', 1],
])('a summary with %s links the newest page', async (_, before, written, expected, writes) => {
  const world = await startWorld()
  const { data } = world.process('collect', 'arn').ledger
  const summary = { ...SUMMARY, ...(before !== undefined && { report: before }) }
  await putSummary(data, summary, () => Promise.resolve(written))
  const { report, ...rest } = JSON.parse(fileOf(world, 'runs/name/summary.json').toString()) as Summary
  expect(report).toBe(expected)
  expect(rest).toEqual(SUMMARY)
  expect(world.writes).toHaveLength(writes)
})
