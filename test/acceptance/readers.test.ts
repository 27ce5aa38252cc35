import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { TEST_REGISTRY } from '../support/acceptance/places.ts'
import { DAY_DATASETS } from '../support/increments/datasets.ts'
import { growingDay, rebuild } from '../support/increments/day.ts'
import type { PassFigures } from '../support/increments/messages.ts'
import { runPassProcess } from '../support/increments/pass-process.ts'
import { generateDay } from '../support/generated/generate.ts'

const RECORDS = 900
const BATCHES = 3
const dataset = { ...DAY_DATASETS.listings, registry: TEST_REGISTRY }
let folder: string
let figures: PassFigures

/** A day that grows by batches, is consolidated and rebuilt, while queries run in loops. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dayfold-reader-'))
  const listings = generateDay(folder, 'listings', RECORDS, 9)
  const home = join(folder, 'home')
  mkdirSync(home)
  const steps = [...growingDay(dataset.name, listings, BATCHES), rebuild(dataset.name)]
  figures = await runPassProcess({ home, dataset, raw: join(home, 'raw'), steps, reader: true })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('each raw file is read once by the runs of a day, and once more by its rebuild', () => {
  expect(figures.recordsExtracted).toBe(2 * RECORDS)
  expect(figures.jobs).toBe(BATCHES + 2)
})

test('queries run during publishes, and none sees a row twice or misses one that was there before', () => {
  expect(figures.reader!.overlapping).toBeGreaterThan(0)
  expect(figures.reader).toMatchObject({ duplicates: 0, lost: 0 })
})

test('a query fails during a replacement at most, with the documented error, and succeeds when run again', () => {
  expect(figures.reader!.broken).toBe(0)
})
