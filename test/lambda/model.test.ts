import { expect, test } from 'vitest'
import { loadFunctions } from '../support/model/load-functions.ts'
import { BUGS } from '../support/model/publishing/bugs.ts'
import { chance, checkBug, checkStory } from '../support/model/publishing/check.ts'
import { STORIES } from '../support/model/publishing/stories.ts'

/** What a test can afford of each story: `npm run model` goes further. */
const SCHEDULES = 400

test.each(Object.values(STORIES))('$name: no query sees but whole generations', async (story) => {
  const { violations, examples } = await checkStory(story, { maxSchedules: SCHEDULES, random: chance(1) })
  expect(examples.map(({ problem, trace }) => [problem, ...trace].join('\n'))).toEqual([])
  expect(violations).toBe(0)
})

test.each(BUGS.filter(({ name }) => ['a grace of nothing', 'an extension of two objects'].includes(name)))(
  '$name is found',
  async (bug) => {
    expect(await checkBug(bug, { maxSchedules: 20_000, random: chance(1) })).toMatchObject({ found: true })
  },
)

test('a bug is not planted where its text is not found', async () => {
  const plant = { file: 'lambda/ledger/intents.ts', text: 'no such text', by: '' }
  await expect(loadFunctions([plant])).rejects.toThrow(/expected to find once/)
})

test.each(BUGS)('the text in whose place $name is planted is there', async ({ plants }) => {
  await expect(loadFunctions(plants)).resolves.toBeDefined()
})
