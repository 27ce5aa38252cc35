import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { checkMounts, rawMounts } from '../../bin/raw-mounts.ts'

let dir: string

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'dayfold-raw-'))
})

afterEach(() => {
  rmSync(dir, { recursive: true, force: true })
})

test('no folder, no mounts', () => {
  expect(rawMounts(undefined, ['jobs'])).toEqual([])
})

/** Makes datasets of a deployment whose raw data lies under their names. */
const datasets = (names: readonly string[], rawLayout = 'YYYY/MM/DD') =>
  names.map((name) => ({ name, rawPrefix: name, rawLayout }))
const JOBS = datasets(['jobs'])

test.each([
  ['YYYY/MM/DD', '2024/05/06'],
  ['dt=YYYY-MM-DD', 'dt=2024-05-06'],
  ['year=YYYY/month=MM/day=DD', 'year=2024/month=05/day=06'],
])('a folder of days %s belongs to the one dataset that is named', (layout, day) => {
  mkdirSync(join(dir, day), { recursive: true })
  const both = [...datasets(['jobs'], layout), ...datasets(['clicks'])]
  expect(rawMounts(dir, ['jobs'], both)).toEqual([{ prefix: 'jobs', dir }])
  expect(() => checkMounts(rawMounts(dir, ['jobs'], both), both.slice(0, 1))).not.toThrow()
  expect(() => rawMounts(dir, [], both)).toThrow(
    'expected exactly one --dataset that they belong to, found 0',
  )
  expect(() => rawMounts(dir, ['jobs', 'clicks'], both)).toThrow('found 2')
})

test('a folder of days stands for the raw prefix of the dataset', () => {
  mkdirSync(join(dir, '2024/05/06'), { recursive: true })
  const deployed = [{ name: 'jobs', rawPrefix: 'raw/jobs', rawLayout: 'YYYY/MM/DD' }]
  expect(rawMounts(dir, ['jobs'], deployed)).toEqual([{ prefix: 'raw/jobs', dir }])
})

test('a folder of folders shows each under its name', () => {
  for (const name of ['jobs', 'clicks', '.git']) mkdirSync(join(dir, name))
  expect(rawMounts(dir)).toEqual([
    { prefix: 'clicks', dir: join(dir, 'clicks') },
    { prefix: 'jobs', dir: join(dir, 'jobs') },
  ])
})

test('an empty folder is a mistake', () => {
  expect(() => rawMounts(dir)).toThrow('found no folders in it')
})

test('a folder that holds a day of one of the datasets is accepted', () => {
  mkdirSync(join(dir, 'jobs/2024/05/06'), { recursive: true })
  mkdirSync(join(dir, 'clicks'))
  expect(() => checkMounts(rawMounts(dir), datasets(['jobs', 'clicks']))).not.toThrow()
  expect(() => checkMounts(rawMounts(join(dir, 'jobs'), ['jobs'], JOBS), JOBS)).not.toThrow()
  expect(() => checkMounts([], JOBS)).not.toThrow()
})

test('a raw prefix may lie deeper', () => {
  mkdirSync(join(dir, 'site/jobs/2024/05/06'), { recursive: true })
  expect(() => checkMounts(rawMounts(dir), datasets(['site/jobs']))).not.toThrow()
  expect(() => checkMounts(rawMounts(dir), datasets(['site/clicks']))).toThrow(
    'expected site/clicks/YYYY/MM/DD in it',
  )
})

test('a misspelt folder is a mistake, and the message names it', () => {
  mkdirSync(join(dir, 'serches/2024/05/06'), { recursive: true })
  expect(() => checkMounts(rawMounts(dir), datasets(['searches']))).toThrow(
    `--raw: expected searches/YYYY/MM/DD in it, found ${join(dir, 'serches')}.`,
  )
})

test.each(['2024-05-01', '2024/5/1', '2024/05'])('a folder of %s is a mistake', (day) => {
  mkdirSync(join(dir, 'searches', day), { recursive: true })
  expect(() => checkMounts(rawMounts(dir), datasets(['searches']))).toThrow(
    `--raw: expected folders YYYY/MM/DD, found ${join(dir, 'searches', day)}.`,
  )
})

test('a layout that no folder has is a mistake', () => {
  mkdirSync(join(dir, 'jobs/2024/05/06'), { recursive: true })
  expect(() => checkMounts(rawMounts(dir), datasets(['jobs'], 'dt=YYYY-MM-DD'))).toThrow(
    `--raw: expected folders dt=YYYY-MM-DD, found ${join(dir, 'jobs/2024')}.`,
  )
})

const EXPORTS = [{ name: 'jobs', rawPrefix: 'exports/jobs', rawLayout: 'YYYY/MM/DD' }]

test('a folder called like a dataset is its raw data, whatever its raw prefix is', () => {
  mkdirSync(join(dir, 'jobs/2024/05/06'), { recursive: true })
  const mounts = rawMounts(dir, [], EXPORTS)
  expect(mounts).toEqual([{ prefix: 'exports/jobs', dir: join(dir, 'jobs') }])
  expect(() => checkMounts(mounts, EXPORTS)).not.toThrow()
})

test('a folder that begins a raw prefix is that, also where it is called like another dataset', () => {
  mkdirSync(join(dir, 'jobs/2024/05/06'), { recursive: true })
  const other = { name: 'clicks', rawPrefix: 'jobs', rawLayout: 'YYYY/MM/DD' }
  expect(rawMounts(dir, [], [...EXPORTS, other])).toEqual([{ prefix: 'jobs', dir: join(dir, 'jobs') }])
  mkdirSync(join(dir, 'exports/jobs/2024/05/06'), { recursive: true })
  expect(rawMounts(dir, [], EXPORTS).map(({ prefix }) => prefix)).toContain('exports')
})

test('the message names both folders that a dataset may have, and those that are there', () => {
  mkdirSync(join(dir, 'job/2024/05/06'), { recursive: true })
  expect(() => checkMounts(rawMounts(dir, [], EXPORTS), EXPORTS)).toThrow(
    `--raw: expected jobs/YYYY/MM/DD or exports/jobs/YYYY/MM/DD in it, found ${join(dir, 'job')}.`,
  )
})

test('a folder of days is the bucket itself where the raw prefix is empty', () => {
  mkdirSync(join(dir, '2024/05/06'), { recursive: true })
  const whole = [{ name: 'jobs', rawPrefix: '', rawLayout: 'YYYY/MM/DD' }]
  const mounts = rawMounts(dir, ['jobs'], whole)
  expect(mounts).toEqual([{ prefix: '2024', dir: join(dir, '2024') }])
  expect(() => checkMounts(mounts, whole)).not.toThrow()
})
