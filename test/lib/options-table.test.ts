import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { optionsTable } from '../../lib/options-table.ts'
import { PROJECT_ROOT } from '../../lib/bundle/options.ts'

const page = join(PROJECT_ROOT, 'docs/configuration.md')
/** Removes the spaces that align columns from a row. */
const bare = (row: string) => row.replace(/\s*\|\s*/g, '|').trim()

it.skipIf(!existsSync(page))(
  'docs/configuration.md has a row for every option, with its meaning and default',
  () => {
    const rows = readFileSync(page, 'utf8').split('\n').map(bare)
    const [, , ...expected] = optionsTable().split('\n').map(bare)
    expect(expected.filter((row) => !rows.includes(row))).toEqual([])
  },
)
