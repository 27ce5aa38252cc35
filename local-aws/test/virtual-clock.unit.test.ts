import { setTimeout as really } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { virtualClock } from '../virtual-clock.ts'
import { latch } from './support/latch.ts'

const HOUR = 3_600_000

test('hours of sleep take no time, and who sleeps less wakes up first', async () => {
  const clock = virtualClock({ start: 0 })
  const woken: [string, number][] = []
  const sleep = async (name: string, hours: number) => {
    await clock.sleep(hours * HOUR)
    woken.push([name, clock.now()])
  }
  await Promise.all([sleep('long', 1000), sleep('short', 1), sleep('middle', 2)])
  expect(woken).toEqual([
    ['short', HOUR],
    ['middle', 2 * HOUR],
    ['long', 1000 * HOUR],
  ])
})

test('it stands still while anything works', async () => {
  const clock = virtualClock({ start: 0 })
  const working = latch()
  const work = clock.during(working.opened)
  let isAwake = false
  const sleeper = clock.sleep(1).then(() => (isAwake = true))
  await really(20)
  expect([clock.now(), isAwake]).toEqual([0, false])
  working.open()
  await Promise.all([work, sleeper])
  expect(clock.now()).toBe(1)
})

test('work that rests keeps it still no longer, and again once it goes on', async () => {
  const clock = virtualClock({ start: 0 })
  const goingOn = latch()
  const work = clock.during(
    (async () => {
      await clock.rest(HOUR)
      await goingOn.opened
      return clock.now()
    })(),
  )
  const later = clock.sleep(HOUR + 1)
  await really(20)
  expect(clock.now()).toBe(HOUR)
  goingOn.open()
  expect(await work).toBe(HOUR)
  await later
})

test('a limit expires on the way, and nothing waits for it alone', async () => {
  const clock = virtualClock({ start: 0 })
  const expired: number[] = []
  clock.limit(HOUR, () => expired.push(clock.now()))
  const stop = clock.limit(HOUR, () => expired.push(-1))
  stop()
  await really(20)
  expect(clock.now()).toBe(0)
  await clock.sleep(3 * HOUR)
  expect(expired).toEqual([HOUR])
})

test('who is told to stop sleeps no longer', async () => {
  const clock = virtualClock({ start: 0 })
  const stop = new AbortController()
  const sleep = clock.during(clock.sleep(HOUR, stop.signal))
  stop.abort(new Error('enough'))
  await expect(sleep).rejects.toThrow('enough')
  expect([clock.now(), clock.sleepers]).toEqual([0, 0])
})

test('it goes on beside work that takes its time, up to the end of that and no further', async () => {
  const clock = virtualClock({ start: 0 })
  const working = latch()
  const woken: number[] = []
  const work = clock.taking(2 * HOUR, working.opened).then(() => clock.now())
  const sleepers = [1, 2, 3].map(async (hours) => {
    await clock.sleep(hours * HOUR)
    woken.push(hours)
  })
  await really(20)
  expect([clock.now(), woken]).toEqual([HOUR, [1]])
  working.open()
  expect(await work).toBe(2 * HOUR)
  await Promise.all(sleepers)
  expect(woken).toEqual([1, 2, 3])
})

test('work that fails before its time takes its time as well', async () => {
  const clock = virtualClock({ start: 0 })
  await expect(clock.taking(HOUR, Promise.reject(new Error('broken')))).rejects.toThrow('broken')
  expect(clock.now()).toBe(HOUR)
})
