import type { IncomingMessage } from 'node:http'
import { expect, test } from 'vitest'
import type { Service } from '@dayfold/local-aws/service'
import { beforePublish } from '../../support/lambda/cut-publish.ts'
import { expectMended, nextPlan, PARTITION, scenarios } from '../../support/lambda/scenarios.ts'
import {
  endRun,
  publish,
  publishedOf,
  runDay,
  visibleIds,
  type DayRunOptions,
} from '../../support/lambda/run-day.ts'
import { DAY, type World } from '../../support/lambda/world.ts'
import { latch } from '@dayfold/local-aws/test-support/latch'

/** Holds the k-th write of a caller back before it has any effect, until it is let go. */
function holdBack(caller: string, k: number) {
  const held = latch()
  const release = latch()
  let left = k
  let isArmed = false
  const wrap = (service: Service): Service => ({
    ...service,
    async handle(request, response, from) {
      if (isArmed && from.accessKeyId === caller && isWrite(request) && --left === 0) {
        held.open()
        await release.opened
      }
      await service.handle(request, response, from)
    },
  })
  const arm = () => {
    isArmed = true
  }
  return { wrap, arm, held: held.opened, release: release.open }
}

function isWrite({ method, headers }: IncomingMessage): boolean {
  const target = headers['x-amz-target']
  if (target !== undefined) return /Update|Create|Delete/.test(String(target))
  return method !== 'GET' && method !== 'HEAD'
}

/** What Athena sees, and what it follows from. */
async function tableOf(world: World) {
  const partition = (await world.glue.catalog.table(DAY.dataset)).partitions.get(DAY.date)
  return {
    ids: await visibleIds(world),
    published: await publishedOf(world),
    parts: world.keys(PARTITION),
    rejects: world.keys('rejected/'),
    location: partition?.descriptor.Location,
  }
}

const meanwhile = {
  'the next Plan and the next run have done its work': async (world: World, options: DayRunOptions = {}) => {
    await nextPlan(world, 'other')
    await runDay(world, { ...options, caller: 'other' })
  },
  'its work is done and the day rebuilt': async (world: World, options: DayRunOptions = {}) => {
    await nextPlan(world, 'other')
    await runDay(world, { ...options, caller: 'other' })
    await runDay(world, { ...options, caller: 'other', mode: 'rebuild' })
  },
}

/** An extension, a rebuild, a consolidation. */
const KINDS = [1, 2, 4].map((index) => scenarios[index]!)

const cases = KINDS.flatMap((scenario) =>
  Object.entries(meanwhile).map(([then, others]) => ({ name: scenario.name, then, scenario, others })),
)

test.each(cases)('$name: a write that arrives when $then changes nothing', async ({ scenario, others }) => {
  let k = 1
  for (let isHeld = true; isHeld; k++) {
    const hold = holdBack('sleeper', k)
    const { world, run, order } = await beforePublish(scenario, {
      caller: 'sleeper',
      services: ({ s3, glue }) => [hold.wrap(s3), hold.wrap(glue)],
    })
    hold.arm()
    const published = publish(run, order)
    isHeld = await Promise.race([hold.held.then(() => true), published.then(() => false)])
    endRun(run)
    await others(world, scenario.options)
    const before = await tableOf(world)
    hold.release()
    await published
    expect(await tableOf(world)).toEqual(before)
    await expectMended(world, { ...scenario, ids: before.ids })
    expect(world.keys('state/_crawling/')).toEqual([])
  }
  expect(k).toBeGreaterThan(5)
})
