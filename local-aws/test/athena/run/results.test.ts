import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readResultPage, resultLine, type ResultRow } from '../../../athena/run/results.ts'

const cell = fc.option(
  fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('', '"', ',', '\n', '"",\n"', 'é')),
)
const table = fc
  .integer({ min: 1, max: 4 })
  .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { maxLength: 12 }))

test('rows come back as they were written, whatever the size of the pages', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'dayfold-results-'))
  const path = join(folder, 'results.csv')
  try {
    await fc.assert(
      fc.asyncProperty(table, fc.integer({ min: 1, max: 5 }), async (rows, pageRows) => {
        writeFileSync(path, rows.map(resultLine).join(''))
        const read: ResultRow[] = []
        let next: number | undefined = 0
        while (next !== undefined) {
          const page = await readResultPage(path, next, pageRows)
          expect(page.rows.length).toBeLessThanOrEqual(pageRows)
          read.push(...page.rows)
          next = page.next
        }
        expect(read).toEqual(rows)
      }),
    )
  } finally {
    rmSync(folder, { recursive: true })
  }
})
