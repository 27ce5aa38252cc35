import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { rawMounts } from '../../bin/raw-mounts.ts'

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

test('a folder of years belongs to the one dataset that is named', () => {
  mkdirSync(join(dir, '2024/05/06'), { recursive: true })
  expect(rawMounts(dir, ['jobs'])).toEqual([{ prefix: 'jobs', dir }])
  expect(() => rawMounts(dir)).toThrow('expected exactly one --dataset that they belong to, found 0')
  expect(() => rawMounts(dir, ['jobs', 'clicks'])).toThrow('found 2')
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
