import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { MEMORY_BYTES, TABLES } from '../../../processing/records/json/record-layout.ts'

const ROOT = fileURLToPath(new URL('../../../processing/', import.meta.url))
const COMPILER = fileURLToPath(import.meta.resolve('assemblyscript/bin/asc.js'))
const PAGE = 1 << 16
const recordPages = String(Math.ceil(MEMORY_BYTES / PAGE))

/** AssemblyScript of the project: where it begins, the file that holds it compiled, and what it needs of memory. */
export const ASSEMBLIES = [
  {
    source: 'records/json/assembly/parse-record.ts',
    compiled: `${ROOT}records/json/parse-record.json`,
    memory: [
      ...['--memoryBase', String(TABLES)],
      ...['--initialMemory', recordPages, '--maximumMemory', recordPages],
    ],
  },
  {
    source: 'profile/assembly/profile-block.ts',
    compiled: `${ROOT}profile/profile-block.json`,
    memory: ['--importMemory', '--noExportMemory'],
  },
  {
    source: 'fields/assembly/code-units.ts',
    compiled: `${ROOT}fields/code-units.json`,
    memory: ['--importMemory', '--noExportMemory'],
  },
] as const

/**
 * Compiles AssemblyScript. Returns the text of its file.
 *
 * @throws Error with what the compiler says
 */
export function compileAssembly({ source, memory }: (typeof ASSEMBLIES)[number]): string {
  const output = mkdtempSync(join(tmpdir(), 'dayfold-'))
  try {
    const file = join(output, 'compiled.wasm')
    execFileSync(process.execPath, [
      ...[COMPILER, source, '--baseDir', ROOT, '--outFile', file, ...memory],
      ...[
        '-O3',
        '--converge',
        '--noAssert',
        '--runtime',
        'stub',
        '--enable',
        'simd',
        '--enable',
        'bulk-memory',
      ],
    ])
    const compiled = { source: `${source}, by: npm run assembly`, wasm: readFileSync(file, 'base64') }
    return `${JSON.stringify(compiled, null, 2)}\n`
  } finally {
    rmSync(output, { recursive: true })
  }
}
