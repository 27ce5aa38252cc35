import { copyFileSync, mkdirSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import type { Checked } from '../../client/check.ts'
import { attemptKey, dayEntryKey, manifestKey, partitionPrefix, UNVERIFIED } from '../../core/layout.ts'
import type { Summary } from '../../core/messages.ts'
import { dayfold } from '../support/acceptance/dayfold.ts'
import { duckdb, partsOf } from '../support/acceptance/duckdb.ts'
import { temporaryFolder, TEST_REGISTRY } from '../support/acceptance/places.ts'
import { writeReadings } from '../support/acceptance/readings.ts'

const DAYS = ['2024-03-01', '2024-03-02', '2024-03-03', '2024-03-04'] as const
const RANGE = ['--from', DAYS[0], '--to', DAYS[3], '--dataset', 'readings']

test('damage is named by status --check, and mended by the commands that it gives', async () => {
  const home = temporaryFolder()
  const { raw } = writeReadings(temporaryFolder(), DAYS, 20)
  const place = ['--home', home, '--datasets', TEST_REGISTRY]
  const common = [...place, '--raw', raw]
  const file = (key: string) => join(home, 's3/data', key)
  const folder = (day: string) => file(partitionPrefix('readings', day))
  const part = (day: string) => join(folder(day), readdirSync(folder(day))[0]!)
  const rows = () =>
    duckdb(`SELECT day_partition, count(*)::INTEGER FROM ${partsOf(home, 'readings')} GROUP BY 1 ORDER BY 1`)
  const check = async () => {
    const { code, json } = await dayfold('status', '--check', '--json', ...place)
    const { checked, findings } = json<Checked>()
    expect(checked).toBe(4)
    expect(code).toBe(findings.length === 0 ? 0 : 1)
    return findings.map(({ date, kind }) => [date, kind])
  }

  expect((await dayfold('run', ...RANGE, ...common)).code).toBe(0)
  expect(await check()).toEqual([])

  rmSync(part(DAYS[0]))
  truncateSync(part(DAYS[1]), 10)
  copyFileSync(part(DAYS[2]), join(folder(DAYS[2]), 'twin.parquet'))
  expect(await check()).toEqual([
    [DAYS[0], 'missing'],
    [DAYS[1], 'altered'],
    [DAYS[2], 'foreign'],
  ])
  const shown = await dayfold('status', '--check', ...place)
  expect(shown.stdout).toContain('twin.parquet')
  expect(shown.stdout).toContain(`run --mode changed --from ${DAYS[0]} --to ${DAYS[2]} --dataset readings`)
  const mended = await dayfold('run', '--json', ...RANGE, ...common)
  expect(mended.code).toBe(0)
  const { days } = mended.json<Summary>()
  expect(days.map(({ why }) => why.includes('damaged'))).toEqual([true, true, true, false])
  expect(await check()).toEqual([])
  expect(await rows()).toEqual(DAYS.map((day) => [day, 20]))
})

test('a document that cannot be read stops its own day alone, and the command that is given mends it', async () => {
  const home = temporaryFolder()
  const { raw } = writeReadings(temporaryFolder(), DAYS.slice(0, 3), 20)
  const common = ['--home', home, '--datasets', TEST_REGISTRY, '--raw', raw]
  const range = ['--from', DAYS[0], '--to', DAYS[2], '--dataset', 'readings']
  const file = (key: string) => join(home, 's3/data', key)
  expect((await dayfold('run', ...range, ...common)).code).toBe(0)

  const unverified = dayEntryKey(UNVERIFIED, 'readings', DAYS[2])
  for (const key of [manifestKey('readings', DAYS[0]), attemptKey('readings', DAYS[1]), unverified]) {
    mkdirSync(dirname(file(key)), { recursive: true })
    writeFileSync(file(key), '{')
  }
  const failed = await dayfold('run', '--mode', 'failed', ...range, ...common)
  expect(failed.code).toBe(1)
  expect(failed.stdout).toContain(`${manifestKey('readings', DAYS[0])}: expected a manifest`)
  const command = `run --mode rebuild --from ${DAYS[0]} --to ${DAYS[0]} --dataset readings`
  expect(failed.stdout).toContain(command)
  expect(failed.stdout).toContain('1 verified')

  const status = await dayfold('status', ...common.slice(0, 4))
  expect(status.stdout).toContain(command)
  expect((await dayfold(...command.split(' '), ...common)).code).toBe(0)
  const checked = await dayfold('status', '--check', '--json', ...common.slice(0, 4))
  expect(checked.json<Checked>().findings).toEqual([])
})
