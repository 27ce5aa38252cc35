import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { MEMORY_BYTES, TABLES } from '../../../processing/records/json/record-layout.ts'

const FOLDER = fileURLToPath(new URL('../../../processing/records/json/', import.meta.url))
const COMPILER = fileURLToPath(import.meta.resolve('assemblyscript/bin/asc.js'))
const PAGE = 1 << 16

/** File that holds the compiled parser of records. */
export const COMPILED = `${FOLDER}parse-record.json`

/**
 * Compiles the parser of records. Returns the text of its file.
 *
 * @throws Error with what the compiler says
 */
export function compileAssembly(): string {
  const pages = String(Math.ceil(MEMORY_BYTES / PAGE))
  const output = mkdtempSync(join(tmpdir(), 'dayfold-'))
  try {
    const file = join(output, 'parse-record.wasm')
    execFileSync(process.execPath, [
      ...[COMPILER, 'assembly/parse-record.ts', '--baseDir', FOLDER, '--outFile', file],
      ...['-O3', '--converge', '--noAssert', '--runtime', 'stub', '--enable', 'simd'],
      ...['--memoryBase', String(TABLES), '--initialMemory', pages, '--maximumMemory', pages],
    ])
    const compiled = {
      source: 'The AssemblyScript in assembly/, compiled by: npm run assembly',
      wasm: readFileSync(file, 'base64'),
    }
    return `${JSON.stringify(compiled, null, 2)}\n`
  } finally {
    rmSync(output, { recursive: true })
  }
}
