import { utimesSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { deleteObjects } from '../../../aws/write-objects.ts'
import { beforePublish, cutWorlds, publishUntil, type Scenario } from '../../support/lambda/cut-publish.ts'
import { cuts } from '../../support/lambda/cuts.ts'
import { endRun, plan, publish, publishedOf, startRun } from '../../support/lambda/run-day.ts'
import { expectMended, nextPlan, PARTITION, scenarios } from '../../support/lambda/scenarios.ts'
import { DAY, HELD } from '../../support/lambda/world.ts'

const [first, extension, rebuild, , consolidation] = scenarios as [
  Scenario,
  Scenario,
  Scenario,
  Scenario,
  Scenario,
]

test('a rebuild is mended by the same day alone, wherever the publisher died', async () => {
  for await (const { world } of cutWorlds(rebuild)) await expectMended(world, rebuild)
})

test('a rebuild is finished by a retry of the same publish, wherever it died', async () => {
  const beginning = { ...rebuild, options: { leaseSeconds: HELD } }
  for (const k of cuts(1)) {
    const { world, run, order } = await beforePublish(beginning)
    world.dieAfter('publisher', k)
    const isCut = await publish(run, order).then(
      () => false,
      () => true,
    )
    const retried = { ...run, context: { ...run.context, ...world.process('retry', run.arn) } }
    expect(await publish(retried, order)).toMatchObject({ won: true, outcome: { status: 'published' } })
    expect(world.keys('state/_open/')).toEqual([])
    endRun(run)
    await expectMended(world, rebuild)
    if (!isCut) break
  }
})

test('whoever mends a day may die as well', async () => {
  for (const k of cuts()) {
    const moment = await beforePublish(rebuild)
    const { world } = moment
    await publishUntil(moment, 4)
    world.dieAfter('second', k)
    // Plan skips an intent that it cannot finish, and dies of its own items.
    const isCut = await nextPlan(world, 'second').then(
      () => false,
      () => true,
    )
    await nextPlan(world, 'third')
    await expectMended(world, rebuild)
    if (!isCut) break
  }
})

test.each(
  [extension, rebuild, consolidation].map((scenario, story) => ({ name: scenario.name, scenario, story })),
)('$name stands as it did before when its staged files are gone', async ({ scenario, story }) => {
  for await (const { world, died } of cutWorlds(scenario, story)) {
    const { generation } = await publishedOf(world)
    const { ledger } = world.process('lifecycle', 'lifecycle')
    await deleteObjects(ledger.data, world.keys('staging/'))
    const { swept } = await nextPlan(world, 'next')
    if (swept.some(({ end }) => end === 'forgotten')) {
      expect((await publishedOf(world)).generation).toBe(generation)
      const { parts } = await publishedOf(world)
      expect(world.keys(PARTITION)).toEqual(parts.map(({ key }) => key))
    }
    await expectMended(world, scenario)
    if (!died) break
  }
})

test('an intent under lease is nobody else’s: a scheduled run leaves the day, a manual one waits', async () => {
  const moment = await beforePublish(first)
  const { world } = moment
  await publishUntil(moment, 3)
  const lease = { leaseSeconds: 1e9 }
  const { swept } = await nextPlan(world, 'next', lease.leaseSeconds)
  expect(swept).toMatchObject([{ ...DAY, end: 'in-progress' }])
  const { length } = world.writes
  expect(await plan(startRun(world, { ...lease, scheduled: true }))).toMatchObject({
    action: 'done',
    outcome: { status: 'busy' },
  })
  const waiting = await plan(startRun(world, lease))
  expect(waiting).toMatchObject({ action: 'wait', outcome: { status: 'busy' } })
  expect(waiting).toHaveProperty('outcome.why', expect.stringMatching(/finished after 2\d{3}-[^ ]*Z$/))
  expect(world.writes.slice(length).map(({ key }) => key)).toEqual([expect.stringContaining('/progress/')])
  expect(await plan(startRun(world))).toMatchObject({ action: 'done', outcome: { status: 'published' } })
})

test('who waits for a lease that a clock set back has made longer is told so', async () => {
  const moment = await beforePublish(first)
  const { world } = moment
  await publishUntil(moment, 3)
  const tomorrow = new Date(Date.now() + 86_400_000)
  const [manifest] = world.keys('state/').filter((key) => key.endsWith('manifest.json.gz'))
  utimesSync(join(world.home, 's3/data', manifest!), tomorrow, tomorrow)
  const leaseSeconds = 960
  const { outcome } = (await plan(startRun(world, { leaseSeconds }))) as { outcome: { why: string } }
  // S3 tells whole seconds.
  const end = new Date((Math.floor(tomorrow.getTime() / 1000) + leaseSeconds) * 1000)
  expect(outcome.why).toContain(`finished after ${end.toISOString()}`)
  expect(outcome.why).toMatch(/the clock was set back since: set it right$/)
})

test('a day that Plan had to give up joins the items of its execution', async () => {
  const moment = await beforePublish(first)
  const { world } = moment
  // Only its entry and its intent are written; no file is copied.
  await publishUntil(moment, 2)
  const { ledger } = world.process('lifecycle', 'lifecycle')
  await deleteObjects(ledger.data, world.keys('staging/'))
  const { output, swept } = await nextPlan(world, 'next')
  expect(swept).toMatchObject([{ ...DAY, end: 'forgotten' }])
  expect(output.count).toBe(2)
})
