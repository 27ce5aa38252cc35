import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { PROJECT_ROOT } from '../../lib/bundle/options.ts'

const FOLDERS = ['bench', 'bin', 'client', 'core', 'lambda', 'lib', 'local', 'processing', 'test']

const sources = FOLDERS.flatMap((folder) =>
  readdirSync(join(PROJECT_ROOT, folder), { recursive: true })
    .map((name) => join(PROJECT_ROOT, folder, String(name)))
    .filter((path) => /\.(ts|py)$/.test(path) && !path.includes('node_modules')),
)
const named = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([name]) => name)

test('docs/local.md names every variable that is read, and no other', () => {
  const read = sources.flatMap((path) => named(readFileSync(path, 'utf8'), /\bDAYFOLD_[A-Z_]+\b/g))
  const told = named(readFileSync(join(PROJECT_ROOT, 'docs/local.md'), 'utf8'), /\bDAYFOLD_[A-Z_]+\b/g)
  expect([...new Set(told)].toSorted()).toEqual([...new Set(read)].toSorted())
})
