import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { ASSEMBLIES, compileAssembly } from '../support/assembly/compile.ts'

test.each(ASSEMBLIES)('$source is compiled as it stands: npm run assembly', (assembly) => {
  expect(readFileSync(assembly.compiled, 'utf8') === compileAssembly(assembly)).toBe(true)
})
