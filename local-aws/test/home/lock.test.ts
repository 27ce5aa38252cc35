import { fork, type ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { homePaths } from '../../home/paths.ts'
import { acquireHomeLock, type HomeHolder } from '../../home/lock.ts'

let home: string
const children: ChildProcess[] = []

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'dayfold-lock-'))
})

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  rmSync(home, { recursive: true, force: true })
})

/** A process that takes the home and holds it until it is killed. */
async function holdElsewhere(): Promise<ChildProcess> {
  const source = `
    import { acquireHomeLock } from ${JSON.stringify(new URL('../../home/lock.ts', import.meta.url).href)}
    await acquireHomeLock(${JSON.stringify(home)}, { purpose: 'the other run' })
    process.send('taken')
    setInterval(() => {}, 1000)`
  const script = join(home, 'hold.mts')
  writeFileSync(script, source)
  const child = fork(script, { execArgv: ['--import', 'tsx'] })
  children.push(child)
  await once(child, 'message')
  return child
}

test('of twenty contenders at once one holds the home at a time', async () => {
  let holders = 0
  let most = 0
  const contend = async () => {
    const lock = await acquireHomeLock(home, { purpose: 'test', pollMilliseconds: 1 })
    holders++
    most = Math.max(most, holders)
    await new Promise((resolve) => setImmediate(resolve))
    holders--
    await lock.release()
  }
  await Promise.all(Array.from({ length: 20 }, contend))
  expect(most).toBe(1)
  expect(readdirSync(homePaths(home).locks)).toEqual([])
})

test('a second process is told whom it waits for, and has the home when that one is killed', async () => {
  const child = await holdElsewhere()
  const waitedFor: HomeHolder[] = []
  const lock = await acquireHomeLock(home, {
    purpose: 'test',
    pollMilliseconds: 5,
    onWait: (holder) => {
      waitedFor.push(holder)
      child.kill('SIGKILL')
    },
  })
  expect(waitedFor).toMatchObject([{ pid: child.pid, purpose: 'the other run' }])
  await lock.release()
})

test('the lock of a process that had the same id as a living one counts for nothing', async () => {
  mkdirSync(homePaths(home).locks)
  const holder: HomeHolder = {
    pid: process.pid,
    born: '1',
    since: '2024-01-01T00:00:00Z',
    purpose: 'long ago',
  }
  writeFileSync(join(homePaths(home).locks, 'old.json'), JSON.stringify(holder))
  const onWait = () => expect.unreachable('waited for a dead process')
  await (await acquireHomeLock(home, { purpose: 'test', onWait })).release()
})

test('waiting ends when it is told to', async () => {
  const lock = await acquireHomeLock(home, { purpose: 'first' })
  const controller = new AbortController()
  const second = acquireHomeLock(home, {
    purpose: 'second',
    signal: controller.signal,
    onWait: () => controller.abort(new Error('enough')),
  })
  await expect(second).rejects.toThrow()
  await lock.release()
})

describe('a lock file that says nothing', () => {
  const write = (name: string, text: string) => {
    mkdirSync(homePaths(home).locks)
    writeFileSync(join(homePaths(home).locks, name), text)
  }

  test.each([
    ['empty, of a process that is gone', '999999999-a.json', ''],
    ['broken, of nobody', 'old.json', '{"pid": 1'],
    ['of another kind, named after this process, which wrote none', `${process.pid}-a.json`, '[]'],
  ])('counts for nothing: %s', async (_what, name, text) => {
    write(name, text)
    const onWait = () => expect.unreachable('waited for nobody')
    await (await acquireHomeLock(home, { purpose: 'test', onWait })).release()
    expect(readdirSync(homePaths(home).locks)).toEqual([])
  })

  test('is waited for while the process that it is named after lives, and told by its name', async () => {
    write(`${process.ppid}-a.json`, '')
    const path = join(homePaths(home).locks, `${process.ppid}-a.json`)
    const waitedFor: HomeHolder[] = []
    const onWait = (holder: HomeHolder) => {
      waitedFor.push(holder)
      rmSync(path)
    }
    await (await acquireHomeLock(home, { purpose: 'test', pollMilliseconds: 5, onWait })).release()
    expect(waitedFor).toMatchObject([{ pid: process.ppid }])
    expect(waitedFor[0]!.since).toContain(`${path}: expected who holds the home, found an empty file.`)
    expect(waitedFor[0]!.since).toContain('Delete the file')
  })
})
