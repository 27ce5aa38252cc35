import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Sidecar } from '../../client/sidecar.ts'
import type { Summary } from '../../core/messages.ts'
import { dayfold } from '../support/acceptance/dayfold.ts'
import { duckdb, partsOf } from '../support/acceptance/duckdb.ts'
import { temporaryFolder, TEST_REGISTRY } from '../support/acceptance/places.ts'
import { writeReadings } from '../support/acceptance/readings.ts'

const DAYS = ['2024-03-01', '2024-03-02', '2024-03-03']
const RANGE = ['--from', '2024-03-01', '--to', '2024-03-03', '--dataset', 'readings']

test('a day that fails leaves the others published, is named with how to redo it, and is redone alone', async () => {
  const home = temporaryFolder()
  const { raw, setBadDay } = writeReadings(temporaryFolder(), DAYS, 20)
  const common = ['--home', home, '--datasets', TEST_REGISTRY, '--raw', raw]
  const published = () =>
    duckdb(`SELECT day_partition, count(*)::INTEGER FROM ${partsOf(home, 'readings')} GROUP BY 1 ORDER BY 1`)

  setBadDay('2024-03-02')
  const failed = await dayfold('run', ...RANGE, ...common)
  expect(failed.code).toBe(1)
  expect(failed.stdout).toContain('Failed with DaysFailed')
  expect(failed.stdout).toMatch(/readings 2024-03-02: .*rejected/)
  expect(failed.stdout).toMatch(
    /found 20 of 20 .*of these 20 for extract-error, the first at readings\/2024\/03\/02\/readings\.jsonl:1: Error at [\w-]+\.ts:\d+:\d+\./,
  )
  expect(failed.stdout).toContain(
    'npm run -s dayfold -- run --mode failed --from 2024-03-02 --to 2024-03-02 --dataset readings ' +
      `--home ${home} --raw ${raw} --datasets ${TEST_REGISTRY}`,
  )
  expect(await published()).toEqual([
    ['2024-03-01', 20],
    ['2024-03-03', 20],
  ])

  const [, page = ''] = /^Page: (.*)$/m.exec(failed.stdout) ?? []
  expect(readFileSync(page, 'utf8')).toContain('2024-03-02: failed')
  const file = join(home, 'page.html')
  const reported = await dayfold('report', '--json', '--out', file, ...common.slice(0, 4))
  expect(reported.json<Summary>().counts).toMatchObject({ published: 2, failed: 1 })
  expect(readFileSync(file, 'utf8')).toContain('Some records of readings 2024-03-02')

  // A backfill of days outside the schedule says nothing about its freshness: only Plan logs it.
  const log = readFileSync(join(home, 'run.log'), 'utf8')
  expect(log.match(/"Deployment":"dayfold","HoursSinceVerified":0/g)).toHaveLength(1)
  expect(log.match(/"Dataset":"readings","DaysFailed":1/g)).toHaveLength(1)

  const status = await dayfold('status', '--json', ...common.slice(0, 4))
  const { days } = status.json<{ days: { date: string; rows: number; lastAttempt: { state: string } }[] }>()
  expect(days.map(({ date, rows, lastAttempt }) => [date, rows, lastAttempt.state])).toEqual([
    ['2024-03-01', 20, 'ok'],
    ['2024-03-02', 0, 'failed'],
    ['2024-03-03', 20, 'ok'],
  ])

  const out = join(home, 'readings.csv')
  const refused = await dayfold('load', ...RANGE, '--out', out, ...common.slice(0, 4))
  expect(refused.code).toBe(1)
  expect(refused.stderr).toMatch(/readings 2024-03-02: failed: .*rejected/)
  const allowed = await dayfold('load', '--allow-gaps', ...RANGE, '--out', out, ...common.slice(0, 4))
  expect(allowed).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('3 dataset-days checked') as string,
  })
  const sidecar = JSON.parse(readFileSync(`${out}.json`, 'utf8')) as Sidecar
  expect(sidecar).toMatchObject({ rows: 40, gaps: 'gaps', allowGaps: true })
  expect(sidecar.days!.map(({ state }) => state)).toEqual(['published', 'failed', 'published'])

  setBadDay(null)
  const redone = await dayfold('run', '--json', '--mode', 'failed', ...RANGE, ...common)
  expect(redone.code).toBe(0)
  expect(redone.json<Summary>().counts).toMatchObject({ published: 1, 'not-failed': 2, failed: 0 })
  expect(await published()).toEqual(DAYS.map((day) => [day, 20]))

  const compared = await dayfold('diff', 'readings', '--json', '--limit', '2', ...common)
  expect(compared).toMatchObject({ code: 0, stderr: '' })
  expect(compared.json()).toMatchObject({
    days: ['2024-03-01', '2024-03-03'].map((date) => ({
      ...{ date, before: { rows: 20, rejected: 0 }, after: { rows: 20, rejected: 0 } },
    })),
    columns: { added: [], gone: [], changed: [] },
    rows: { matched: 40, changed: 0 },
  })
})
