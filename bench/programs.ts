import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { NODE_FLAGS } from '../processing/crashes/node-flags.ts'
import type { DuckDbRun, DuckDbSettings } from './run-duckdb.ts'
import type { EngineRun, EngineSettings } from './run-engine.ts'
import { measure, type Measured } from './measure.ts'

/** Returns the arguments with which Node runs the engine over a folder. */
export function engineArguments(folder: string, settings: EngineSettings): string[] {
  return [...NODE_FLAGS, join(folder, 'run-engine.mjs'), JSON.stringify(settings)]
}

/** Runs the engine over a folder, after removing its former output. */
export function runEngine(folder: string, settings: EngineSettings): Promise<Measured<EngineRun>> {
  rmSync(settings.output, { recursive: true, force: true })
  return measure(engineArguments(folder, settings), (output) => JSON.parse(output) as EngineRun)
}

/** Runs DuckDB over a folder, after removing its former output. */
export function runDuckDb(folder: string, settings: DuckDbSettings): Promise<Measured<DuckDbRun>> {
  rmSync(settings.output, { recursive: true, force: true })
  const args = [join(folder, 'run-duckdb.mjs'), JSON.stringify(settings)]
  return measure(args, (output) => JSON.parse(output) as DuckDbRun)
}
