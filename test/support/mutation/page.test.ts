import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { writePage } from './page.ts'
import type { Tested } from './run-stryker.ts'

const PAGE = `| area   | mutants | tested | killed | timed out | survived | not reached | errors | score | before |
| ------ | ------- | ------ | ------ | --------- | -------- | ----------- | ------ | ----- | ------ |
| core   |         |        |        |           |          |             |        |       | 61.3%  |
| lambda | 2       | 1      | 0      | 0         | 1        | 0           | 0      | 0.0%  |        |

### core

- core/one.ts:7 \`a\` → \`b\`: the same to its callers.

### lambda

- lambda/two.ts:1 \`c\` → \`d\`: a text.
`

/** One mutant in the first line of core/one.ts. */
const tested = (column: number, replacement: string, status: Tested['status']): Tested => ({
  mutant: {
    id: String(column),
    fileName: 'core/one.ts',
    mutatorName: 'StringLiteral',
    replacement,
    location: { start: { line: 0, column }, end: { line: 0, column: column + 1 } },
  },
  status,
})

it('has the counts of an area and its survivors with their reasons, and nothing else changes', async () => {
  const root = mkdtempSync(join(tmpdir(), 'page-'))
  mkdirSync(join(root, 'docs'))
  mkdirSync(join(root, 'core'))
  writeFileSync(join(root, 'docs/mutation.md'), PAGE)
  writeFileSync(join(root, 'core/one.ts'), 'a + e')
  const results = [
    tested(0, 'b', 'Survived'),
    tested(0, 'z', 'Killed'),
    tested(4, 'y', 'Timeout'),
    tested(4, 'f', 'NoCoverage'),
  ]
  await writePage(root, 'core', 9, results)
  const cells = ['core  ', '9      ', '4     ', '1     ', '1        ', '1       ', '1          ', '0     ']
  expect(readFileSync(join(root, 'docs/mutation.md'), 'utf8')).toBe(
    PAGE.replace(/\| core .*/, `| ${cells.join(' | ')} | 50.0% | 61.3%  |`).replace(
      /- core.*/,
      [
        '- core/one.ts:1 `a` → `b`: the same to its callers.',
        '- core/one.ts:1 `e` → `f` (no test reaches it): not looked at yet',
      ].join('\n'),
    ),
  )
})
