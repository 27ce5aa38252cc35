import type { IncomingMessage } from 'node:http'
import { expect, test } from 'vitest'
import type { Service } from '@dayfold/local-aws/service'
import { tendDay } from '../../../lambda/ledger/tend.ts'
import { beforePublish, type Beginning, type Scenario } from '../../support/lambda/cut-publish.ts'
import { expectMended, scenarios } from '../../support/lambda/scenarios.ts'
import { endRun, publish, runDay, visibleIds } from '../../support/lambda/run-day.ts'
import { DAY, HELD } from '../../support/lambda/world.ts'
import { latch } from '@dayfold/local-aws/test-support/latch'

/** Holds back the k-th write of a caller, before it has any effect, until it is released. */
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

const [, , rebuild] = scenarios as [Scenario, Scenario, Scenario]

const away: Beginning = {
  async before(world) {
    await rebuild.before(world)
    await runDay(world, { graceSeconds: 1e9 })
    world.putRaw('b.jsonl', ['b1', 'b2'])
  },
  // The grace for queries is not over, so planning the day does not move it home.
  options: { graceSeconds: 1e9 },
}

test('a write of a day that goes home arrives when a publish has finished that and gone on', async () => {
  let k = 1
  for (let isHeld = true; isHeld; k++) {
    const hold = holdBack('tender', k)
    const { world, run, order } = await beforePublish(away, {
      services: ({ s3, glue }) => [hold.wrap(s3), hold.wrap(glue)],
    })
    hold.arm()
    const { ledger } = world.process('tender', 'tender')
    const tended = tendDay(ledger, DAY, () => Promise.resolve(false)).catch(() => [])
    isHeld = await Promise.race([hold.held.then(() => true), tended.then(() => false)])
    // The grace for queries is long: no file that is replaced meanwhile is deleted before the tender is long dead.
    const publishing = { ...run, context: { ...run.context, ...world.process('publisher', run.arn, LONG) } }
    const published = await publish(publishing, order).catch((error: unknown) => error)
    const before = await visibleIds(world)
    hold.release()
    await tended
    expect(await visibleIds(world)).toEqual(before)
    endRun(run)
    if (published instanceof Error) expect(published).toMatchObject({ code: 'CatalogBusy' })
    await expectMended(world, { ...rebuild, ids: ['a1', 'b1', 'b2'] })
    expect(world.keys('state/_away/')).toEqual([])
  }
  expect(k).toBeGreaterThan(8)
})

const LONG = { leaseSeconds: HELD, graceSeconds: 1e9 }
