import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

const PROJECT = join(import.meta.dirname, '../../..')

/** The registry of the datasets that exist only for tests. */
export const TEST_REGISTRY = join(PROJECT, 'test/fixtures/datasets/index.ts')

/** Folder of real data, if there is any: DAYFOLD_TEST_DATA, or `shared/data` beside the checkout. */
export const DATA = process.env['DAYFOLD_TEST_DATA'] ?? join(PROJECT, '../shared/data')

/** True if the data set is absent; prints so. */
export function isAbsent(name: string): boolean {
  const folder = join(DATA, name)
  if (existsSync(folder)) return false
  console.warn(`Skipped: there is no ${folder}. Set DAYFOLD_TEST_DATA to the folder that holds ${name}.`)
  return true
}

/** Makes an empty folder, which is removed after the tests of the file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'dayfold-acceptance-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
