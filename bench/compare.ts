import { join } from 'node:path'
import { buildPrograms } from './build.ts'
import { STATEMENTS } from './duckdb-statements.ts'
import { generateDay, type Shape } from '../test/support/generated/generate.ts'
import { median, type Measured } from './measure.ts'
import { OUT } from './options.ts'
import { runDuckDb, runEngine } from './programs.ts'
import type { EngineRun } from './run-engine.ts'
import { proveSameRows } from './same-rows.ts'

/** Days that both sides process, in files of 100 records as the seed's; the short records are as many as the seed's. */
const DAYS = {
  listings: { records: 200_000, files: 2000 },
  events: { records: 5_000_000, files: 50_000 },
} as const

export interface CompareOptions {
  readonly shape: Shape
  /** @default 200,000 listings in 2,000 files, 5,000,000 events in 50,000 */
  readonly records?: number | undefined
  readonly files?: number | undefined
  /** Pairs of runs. */
  readonly pairs: number
  /** Workers of the engine and threads of DuckDB. */
  readonly threads: number
  readonly say: (line: string) => void
}

/** Medians over the pairs; ratios are of the engine to DuckDB, pair by pair. */
export interface Comparison {
  readonly shape: Shape
  readonly records: number
  readonly files: number
  readonly rawBytes: number
  /** The variant of DuckDB's statement that was fastest. */
  readonly variant: string
  readonly engine: Side
  readonly duckdb: Side
  readonly ratio: { readonly wall: number; readonly memory: number; readonly cpu: number }
  readonly reencodedShare: number
}

export interface Side {
  readonly wallSeconds: number
  readonly cpuSeconds: number
  readonly peakBytes: number
  readonly recordsPerSecond: number
  readonly megabytesPerSecond: number
}

/** Lets the engine and DuckDB do the same work in turn, as whole processes. */
export async function compare({ shape, pairs, threads, say, ...asked }: CompareOptions): Promise<Comparison> {
  const { records = DAYS[shape].records, files = DAYS[shape].files } = asked
  const folder = await buildPrograms()
  say(`generating ${records} ${shape} in ${files} files`)
  const input = generateDay(join(OUT, 'input'), shape, records, files)
  const output = { engine: join(OUT, shape, 'engine'), duckdb: join(OUT, shape, 'duckdb') }
  const engine = () => runEngine(folder, { dataset: shape, input, output: output.engine, workers: threads })
  const duckdb = (variant: string) =>
    runDuckDb(folder, { shape, variant, input, output: output.duckdb, threads })

  const first = await engine()
  const tried = new Map<string, number>()
  for (const variant of Object.keys(STATEMENTS[shape])) {
    await duckdb(variant)
    tried.set(variant, (await duckdb(variant)).wallSeconds)
    say(`DuckDB, ${variant}: ${tried.get(variant)!.toFixed(2)} s`)
  }
  const variant = [...tried].sort(([, left], [, right]) => left - right)[0]![0]
  await duckdb(variant)
  const rows = await proveSameRows(join(output.engine, 'parts/*.parquet'), join(output.duckdb, '*.parquet'))
  say(`both hold the same ${rows} rows`)

  const runs: { engine: Measured<EngineRun>; duckdb: Awaited<ReturnType<typeof duckdb>> }[] = []
  for (let pair = 0; pair < pairs; pair++) {
    runs.push({ engine: await engine(), duckdb: await duckdb(variant) })
    const { engine: ours, duckdb: theirs } = runs.at(-1)!
    say(
      `pair ${pair + 1}: engine ${ours.wallSeconds.toFixed(2)} s, DuckDB ${theirs.wallSeconds.toFixed(2)} s`,
    )
  }
  const { rawBytes, encodedValues, reencodedValues } = first.result
  const side = (name: 'engine' | 'duckdb'): Side => {
    const wallSeconds = median(runs.map((run) => run[name].wallSeconds))
    return {
      wallSeconds,
      cpuSeconds: median(runs.map((run) => run[name].result.cpuSeconds)),
      peakBytes: median(runs.map((run) => run[name].result.peakBytes)),
      recordsPerSecond: records / wallSeconds,
      megabytesPerSecond: rawBytes / 1e6 / wallSeconds,
    }
  }
  const ratio = (of: (measured: Measured<{ cpuSeconds: number; peakBytes: number }>) => number) =>
    median(runs.map((run) => of(run.engine) / of(run.duckdb)))
  return {
    shape,
    records,
    files,
    rawBytes,
    variant,
    engine: side('engine'),
    duckdb: side('duckdb'),
    ratio: {
      wall: ratio((measured) => measured.wallSeconds),
      memory: ratio((measured) => measured.result.peakBytes),
      cpu: ratio((measured) => measured.result.cpuSeconds),
    },
    reencodedShare: reencodedValues / encodedValues,
  }
}
