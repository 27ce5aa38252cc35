import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, expect, test } from 'vitest'
import { PROJECT_ROOT } from '../../../lib/bundle/options.ts'

const folder = mkdtempSync(join(tmpdir(), 'dayfold-types-'))
afterAll(() => rmSync(folder, { recursive: true }))

const wrong = (name: string) => `import { defineDataset, string } from 'dayfold'
export const ${name} = defineDataset({ name: '${name}', columns: { id: string() }, extract(raw: { id?: string }) {
  return {
    id: raw.id,
  }
} })
`
const INDEX = `import { one } from './one.ts'
import { other } from './other.ts'
export const datasets = [one, other]
`

test('npm run types tells the mistakes of all datasets of a registry, each at its property', async () => {
  for (const [name, text] of Object.entries({ one: wrong('one'), other: wrong('other'), index: INDEX }))
    writeFileSync(join(folder, `${name}.ts`), text)
  const main = join(PROJECT_ROOT, 'bin/types/main.ts')
  const ended = await promisify(execFile)(process.execPath, [
    ...['--import', 'tsx', main],
    join(folder, 'index.ts'),
  ]).catch((error: unknown) => error as { readonly code: number; readonly stdout: string })
  expect(ended).toMatchObject({
    code: 1,
    stdout: ['one', 'other']
      .map((name) => `${name}.ts:4:5: column 'id': expected string, found string | undefined\n`)
      .join(''),
  })
})
