import { expect, test } from 'vitest'
import { loadFunctions } from '../support/model/load-functions.ts'
import { BUGS } from '../support/model/publishing/bugs.ts'
import { cases } from '../support/cases.ts'
import { chance, checkBug, checkStory } from '../support/model/publishing/check.ts'
import { STORIES } from '../support/model/publishing/stories.ts'

/** Schedules that are tried of each story; `npm run model` follows all of them. */
const SCHEDULES = cases(400, 1000)

test.each(Object.values(STORIES))('$name: no schedule, of some, breaks a promise', async (story) => {
  const { schedules, examples } = await checkStory(story, { maxSchedules: SCHEDULES, random: chance(7) })
  expect(examples.map(({ problem, trace }) => [problem, ...trace].join('\n'))).toEqual([])
  expect(schedules).toBe(SCHEDULES)
})

test.each(BUGS)('found: $name', async (bug) => {
  expect(await checkBug(bug)).toMatchObject({ found: true })
})

test('a bug is planted where its text is, or not at all', async () => {
  const plant = { file: 'lambda/ledger/intents.ts', text: 'no such text', by: '' }
  await expect(loadFunctions([plant])).rejects.toThrow(/expected to find once/)
  const elsewhere = { file: 'lambda/results/collect.ts', text: 'import', by: '' }
  await expect(loadFunctions([elsewhere])).rejects.toThrow(/not part of the functions/)
})
