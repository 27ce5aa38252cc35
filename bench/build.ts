import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { GENERATED_REGISTRY } from '../test/support/generated/registry.ts'
import { PROJECT_ROOT, RUNNABLE_OPTIONS } from '../lib/bundle/options.ts'
import { bundleProgram } from '../lib/bundle/program.ts'

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url))

const PROGRAMS = ['run-engine', 'run-duckdb', 'run-s3', 'run-threads']
const THREADS = ['worker', 'reader']

/**
 * Bundles the program with the datasets of a registry, and the bench's own processes beside it. Returns the folder.
 *
 * @param registry @default that of the bench's own datasets
 */
export async function buildPrograms(registry = GENERATED_REGISTRY): Promise<string> {
  const outdir = join(PROJECT_ROOT, 'build', registry === GENERATED_REGISTRY ? 'bench' : 'bench-deployed')
  await bundleProgram({ outDir: outdir, registry })
  await build({
    ...RUNNABLE_OPTIONS,
    entryPoints: [
      ...PROGRAMS.map((name) => ({ in: here(`${name}.ts`), out: name })),
      ...THREADS.map((name) => ({ in: here('run-thread.ts'), out: `thread-${name}` })),
    ],
    outdir,
    external: ['snappy', '@duckdb/node-api'],
  })
  return outdir
}
