import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { PROJECT_ROOT } from '../../../lib/bundle/options.ts'
import { bundleProgram } from '../../../lib/bundle/program.ts'
import { PROGRAM } from './program.ts'

/** Bundles the program with the fixtures' registry before the first test, and removes it after the last. */
export default async function bundleFixtures(): Promise<() => void> {
  mkdirSync(join(PROJECT_ROOT, 'build'), { recursive: true })
  const folder = mkdtempSync(join(PROJECT_ROOT, 'build/test-program-'))
  await bundleProgram({
    outDir: folder,
    runsHere: true,
    registry: join(PROJECT_ROOT, 'test/fixtures/processing/registry.ts'),
  })
  process.env[PROGRAM] = folder
  return () => rmSync(folder, { recursive: true, force: true })
}
