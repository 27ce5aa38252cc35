import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { advancingClock } from '../clock.ts'
import { openHomeClock } from '../home/clock.ts'
import { homePaths } from '../home/paths.ts'
import { temporaryHome } from './support/home.ts'

const HOUR = 3_600_000

test('who sleeps on a clock wakes up when it has jumped far enough', async () => {
  const clock = advancingClock()
  const woken: string[] = []
  const short = clock.sleep(HOUR).then(() => woken.push('short'))
  const long = clock.sleep(2 * HOUR).then(() => woken.push('long'))
  expect(clock.sleepers).toBe(2)
  clock.advance(HOUR)
  await short
  expect(woken).toEqual(['short'])
  expect(clock.sleepers).toBe(1)
  clock.advance(HOUR)
  await long
  expect(clock.sleepers).toBe(0)
})

test('without a jump it runs as the clock of this machine does', async () => {
  const clock = advancingClock({ ahead: HOUR })
  const before = clock.now()
  await clock.sleep(5)
  expect(clock.now()).toBeGreaterThanOrEqual(before + 5)
  expect(Math.abs(clock.now() - Date.now() - HOUR)).toBeLessThan(1000)
})

test('who is told to stop sleeps no longer', async () => {
  const clock = advancingClock()
  const controller = new AbortController()
  const sleep = clock.sleep(HOUR, controller.signal)
  controller.abort(new Error('enough'))
  await expect(sleep).rejects.toThrow('enough')
  await expect(clock.sleep(HOUR, controller.signal)).rejects.toThrow('enough')
  expect(clock.sleepers).toBe(0)
})

test('the jumps of the clock of a home outlive the process', () => {
  const home = temporaryHome()
  const first = openHomeClock(home)
  expect(first.ahead).toBe(0)
  first.advance(HOUR)
  first.advance(HOUR)
  expect(openHomeClock(home).ahead).toBe(2 * HOUR)
  rmSync(homePaths(home).clock)
  expect(openHomeClock(home).ahead).toBe(0)
})

test.each([
  ['', 'an empty file'],
  ['{', 'no JSON'],
  ['[]', 'no object'],
  ['{"behind": 1}', 'an object without "ahead"'],
])('a clock file that holds %j is refused by its name', (text, found) => {
  const home = temporaryHome()
  const path = homePaths(home).clock
  mkdirSync(home, { recursive: true })
  writeFileSync(path, text)
  expect(() => openHomeClock(home)).toThrow(
    expect.objectContaining({ code: 'CorruptState', message: expect.stringContaining(path) as string }),
  )
  expect(() => openHomeClock(home)).toThrow(`found ${found}`)
  expect(readFileSync(path, 'utf8')).toBe(text)
})
