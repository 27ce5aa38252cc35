import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { sandboxFlags } from '../../local/sandbox-flags.ts'

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'dayfold-flags-')))
afterAll(() => rmSync(folder, { recursive: true }))

test('a folder is named once, and by the name of each link to it', () => {
  const path = (...names: string[]) => join(folder, ...names)
  for (const name of ['node_modules', 'program', 'linked', 'data', 'out']) mkdirSync(path(name))
  symlinkSync(path('node_modules'), path('linked/node_modules'))
  const modules = [path('program'), path('program'), path('linked')]
  const flags = sandboxFlags({
    ...{ program: path('program'), modules },
    ...{ read: [path('data'), path('out')], write: [path('out')] },
  })
  // Node 20 dies of a repeated one.
  expect(new Set(flags).size).toBe(flags.length)
  const named = (flag: string) => flags.filter((each) => each.startsWith(`${flag}=${folder}`)).sort()
  const reads = ['data', 'linked/node_modules', 'node_modules', 'out', 'program']
  expect(named('--allow-fs-read')).toEqual(reads.map((name) => `--allow-fs-read=${path(name)}`))
  expect(named('--allow-fs-write')).toEqual([`--allow-fs-write=${path('out')}`])
})
