/** Compiles AssemblyScript: `npm run assembly`. A test tells when a compiled file is out of date. */
import { writeFileSync } from 'node:fs'
import { ASSEMBLIES, compileAssembly } from './compile.ts'

for (const assembly of ASSEMBLIES) writeFileSync(assembly.compiled, compileAssembly(assembly))
