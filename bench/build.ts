import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { GENERATED_REGISTRY } from '../test/support/generated/registry.ts'
import { PROJECT_ROOT, RUNNABLE_OPTIONS } from '../lib/bundle/options.ts'
import { bundleProgram } from '../lib/bundle/program.ts'

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url))

/** Bundles the program with the bench's datasets, and the bench's own processes beside it. Returns the folder. */
export async function buildPrograms(): Promise<string> {
  const outdir = join(PROJECT_ROOT, 'build/bench')
  await bundleProgram({ outDir: outdir, registry: GENERATED_REGISTRY })
  await build({
    ...RUNNABLE_OPTIONS,
    entryPoints: ['run-engine.ts', 'run-duckdb.ts', 'run-s3.ts'].map(here),
    outdir,
    external: ['snappy', '@duckdb/node-api'],
  })
  return outdir
}
