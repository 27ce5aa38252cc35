import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Summary } from '../../core/messages.ts'
import { dayfold } from '../support/acceptance/dayfold.ts'
import { temporaryFolder, TEST_REGISTRY } from '../support/acceptance/places.ts'
import { programOf } from '../support/programs/programs.ts'
import { writeReadings } from '../support/acceptance/readings.ts'

const DAYS = ['2024-03-01', '2024-03-02']

test('killed between publish and crawl, what is published is visible, and the next run starts no job', async () => {
  const home = temporaryFolder()
  const { raw } = writeReadings(temporaryFolder(), DAYS, 20)
  const { file, execArgv } = programOf('test/support/acceptance/kill-before-crawl')
  const child = spawn(process.execPath, [...execArgv, file, home, raw, TEST_REGISTRY, DAYS[0]!, DAYS[1]!])
  expect(await once(child, 'close')).toEqual([null, 'SIGKILL'])

  const common = ['--home', home, '--datasets', TEST_REGISTRY]
  const countRows = async () => {
    const out = join(home, 'count.jsonl')
    const sql = 'SELECT count(*) AS rows FROM readings'
    expect(await dayfold('load', '--sql', sql, '--out', out, ...common)).toMatchObject({ code: 0 })
    return (JSON.parse(readFileSync(out, 'utf8')) as { rows: number }).rows
  }
  const status = await dayfold('status', '--json', ...common)
  expect(status.json()).toMatchObject({ days: [{ rows: 20 }, { rows: 20 }] })
  expect(await countRows()).toBe(40)

  const range = ['--from', DAYS[0]!, '--to', DAYS[1]!, '--dataset', 'readings']
  const next = await dayfold('run', '--json', '--raw', raw, ...range, ...common)
  expect(next.code).toBe(0)
  expect(next.json<Summary>()).toMatchObject({
    counts: { unchanged: 2, published: 0 },
    verification: { verified: 2, mismatched: 0 },
  })
  expect(await countRows()).toBe(40)
})
