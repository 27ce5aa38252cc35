import { describe, expect, test } from 'vitest'
import { cutWorlds } from '../../support/lambda/cut-publish.ts'
import { expectMended, nextPlan, scenarios } from '../../support/lambda/scenarios.ts'

describe.each(scenarios.map((scenario, story) => ({ name: scenario.name, scenario, story })))(
  '$name',
  ({ scenario, story }) => {
    test('is mended by the next Plan, wherever the publisher died', async () => {
      let cuts = 0
      for await (const { world, k } of cutWorlds(scenario, story)) {
        await nextPlan(world, 'next')
        await expectMended(world, scenario)
        expect(world.keys('state/_open/')).toEqual([])
        cuts = k
      }
      expect(cuts).toBeGreaterThan(5)
    })
  },
)
