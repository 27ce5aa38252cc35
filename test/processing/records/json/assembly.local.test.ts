import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { COMPILED, compileAssembly } from '../../../support/assembly/compile.ts'

test('the compiled parser is that of its source: npm run assembly', () => {
  expect(readFileSync(COMPILED, 'utf8') === compileAssembly()).toBe(true)
})
