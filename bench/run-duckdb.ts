/**
 * Runs DuckDB once over a folder of raw files, in a process of its own: `node run-duckdb.mjs SETTINGS`, where SETTINGS
 * is the JSON of DuckDbSettings. Prints the JSON of DuckDbRun.
 */
import { mkdirSync } from 'node:fs'
import { DuckDBInstance } from '@duckdb/node-api'
import { STATEMENTS } from './duckdb-statements.ts'
import type { Shape } from '../test/support/generated/generate.ts'

/** Work, folders and threads of a run. */
export interface DuckDbSettings {
  readonly shape: Shape
  readonly variant: string
  readonly input: string
  readonly output: string
  readonly threads: number
}

/** Most resident memory in bytes, and user and system time in seconds, of the process. */
export interface DuckDbRun {
  readonly peakBytes: number
  readonly cpuSeconds: number
}

const { shape, variant, input, output, threads } = JSON.parse(process.argv[2]!) as DuckDbSettings
mkdirSync(output, { recursive: true })
const database = await DuckDBInstance.create(':memory:', { threads: String(threads) })
const connection = await database.connect()
for (const statement of STATEMENTS[shape][variant]!(`${input}/*.jsonl`, `${output}/part.parquet`)) {
  await connection.run(statement)
}
const usage = process.resourceUsage()
const run: DuckDbRun = {
  peakBytes: usage.maxRSS * 1024,
  cpuSeconds: (usage.userCPUTime + usage.systemCPUTime) / 1e6,
}
process.stdout.write(JSON.stringify(run))
