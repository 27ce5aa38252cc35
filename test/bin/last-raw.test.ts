import { join, relative } from 'node:path'
import { temporaryHome } from '@dayfold/local-aws/test-support/home'
import { expect, test } from 'vitest'
import { lastRaw, noteRaw, withLastRaw } from '../../bin/last-raw.ts'
import type { CommonFlags } from '../../bin/options.ts'

const flags = (home: string): CommonFlags => ({
  target: 'local',
  home,
  context: {},
  json: false,
  debug: false,
})

test('commands that are printed name the raw files of the newest run that was given any', async () => {
  const home = temporaryHome()
  expect(withLastRaw(flags(home))).toEqual(flags(home))
  await noteRaw(home, 'mine/first')
  await noteRaw(home, 'mine/raw')
  expect(lastRaw(home)).toBe(join('mine', 'raw'))
  expect(withLastRaw(flags(home)).raw).toBe(join('mine', 'raw'))
})

test('a folder elsewhere keeps its whole path, and the working directory is a dot', async () => {
  const home = temporaryHome()
  const elsewhere = join(home, 'raw')
  expect(relative('.', elsewhere)).toMatch(/^\.\./)
  await noteRaw(home, elsewhere)
  expect(lastRaw(home)).toBe(elsewhere)
  await noteRaw(home, '.')
  expect(lastRaw(home)).toBe('.')
})

test('what a command was given itself is kept, and an account has no such folder', async () => {
  const home = temporaryHome()
  await noteRaw(home, 'mine/raw')
  expect(withLastRaw({ ...flags(home), raw: 'other' }).raw).toBe('other')
  expect(withLastRaw({ ...flags(home), target: 'aws' }).raw).toBeUndefined()
})
