import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { RUNNABLE_OPTIONS } from '../../../lib/bundle/options.ts'
import { IN_PLACE_OPTIONS } from '../../../lib/bundle/source-places.ts'
import { BUNDLES, PROGRAMS, PROJECT } from './programs.ts'

/** Bundles the programs that tests start. Returns a function that removes them. */
export default async function bundlePrograms(): Promise<() => void> {
  // Below the project, where packages that are not bundled are found.
  mkdirSync(join(PROJECT, 'build'), { recursive: true })
  const folder = mkdtempSync(join(PROJECT, 'build/test-programs-'))
  await build({
    ...RUNNABLE_OPTIONS,
    ...IN_PLACE_OPTIONS,
    entryPoints: PROGRAMS.map((name) => join(PROJECT, `${name}.ts`)),
    outbase: PROJECT,
    outdir: folder,
    splitting: true,
    external: ['@duckdb/node-api', 'esbuild', 'snappy', 'typescript'],
  })
  process.env[BUNDLES] = folder
  return () => rmSync(folder, { recursive: true, force: true })
}
