import { expect, test } from 'vitest'
import { runDay } from '../support/lambda/run-day.ts'
import { startPublished } from '../support/lambda/published-days.ts'

test('a writer that has died leaves nothing that is taken for damage, wherever it was', async () => {
  const { home } = (await startPublished()).world
  for (const mode of ['changed', 'rebuild'] as const) {
    for (let k = 1, hasDied = true; hasDied; k++) {
      const { world, check } = await startPublished(home)
      world.putRaw('b.jsonl', ['b1'])
      world.dieAfter('functions', k)
      hasDied = await runDay(world, { mode, graceSeconds: 1e6 }).then(
        () => false,
        () => true,
      )
      expect(await check()).toEqual([])
    }
  }
})
