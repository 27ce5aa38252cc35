/**
 * Compiles the parser of records from AssemblyScript: `npm run assembly`. A test tells when its file is out of date.
 */
import { writeFileSync } from 'node:fs'
import { COMPILED, compileAssembly } from './compile.ts'

writeFileSync(COMPILED, compileAssembly())
