import { join } from 'node:path'
import { buildPrograms } from './build.ts'
import { generateDay, type Shape } from '../test/support/generated/generate.ts'
import { median, type Measured } from './measure.ts'
import { OUT } from './options.ts'
import { runEngine } from './programs.ts'
import { rivals, type Rival } from './rivals.ts'
import { compareRows } from './same-rows.ts'

/**
 * Default sizes of the days: files of 100 records as in the original pipeline, and as many events as its day has
 * records.
 */
const DAYS = {
  listings: { records: 200_000, files: 2000 },
  events: { records: 5_000_000, files: 50_000 },
} as const

/** Size of the day and number of runs of {@link compare}. */
export interface CompareOptions {
  readonly shape: Shape
  /** @default 200,000 listings in 2,000 files, 5,000,000 events in 50,000 */
  readonly records?: number | undefined
  readonly files?: number | undefined
  /** Number of rounds; each side runs once per round. */
  readonly pairs: number
  /** Workers of the engine and threads of the others. */
  readonly threads: number
  readonly say: (line: string) => void
}

/** Medians over the rounds. Ratios are the engine's figures over another's, round by round. */
export interface Comparison {
  readonly shape: Shape
  readonly records: number
  readonly files: number
  readonly rawBytes: number
  readonly engine: Side
  /** DuckDB as it is installed here comes first. */
  readonly others: readonly Other[]
  /** Ratio to the first of the others. */
  readonly ratio: Ratio
  readonly reencodedShare: number
}

/** An engine with its fastest variant that gives the same rows. */
export interface Other extends Side {
  readonly engine: string
  readonly variant: string
  readonly ratio: Ratio
}

/** The engine's figures over another's: below 1 the engine is better. */
export interface Ratio {
  readonly wall: number
  readonly memory: number
  readonly cpu: number
}

/** Figures of one side. */
export interface Side {
  readonly wallSeconds: number
  readonly cpuSeconds: number
  readonly peakBytes: number
  readonly recordsPerSecond: number
  readonly megabytesPerSecond: number
}

type Run = Measured<{ readonly cpuSeconds: number; readonly peakBytes: number }>

/** Lets the engine and others do the same work in turn, as whole processes. */
export async function compare({ shape, pairs, threads, say, ...asked }: CompareOptions): Promise<Comparison> {
  const { records = DAYS[shape].records, files = DAYS[shape].files } = asked
  const programs = await buildPrograms()
  say(`generating ${records} ${shape} in ${files} files`)
  const input = generateDay(join(OUT, 'input'), shape, records, files)
  const output = join(OUT, shape)
  const engineOutput = join(output, 'engine')
  const engine = () => runEngine(programs, { dataset: shape, input, output: engineOutput, workers: threads })

  const first = await engine()
  const tried = rivals({ shape, programs, input, output, threads, say })
  const others = await fastest(tried, join(engineOutput, 'parts/*.parquet'), say)

  const runs: { readonly engine: Run; readonly others: readonly Run[] }[] = []
  for (let pair = 0; pair < pairs; pair++) {
    const ours = await engine()
    const theirs: Run[] = []
    for (const rival of others) theirs.push(await rival.run())
    runs.push({ engine: ours, others: theirs })
    const times = theirs.map(
      ({ wallSeconds }, index) => `${others[index]!.engine} ${wallSeconds.toFixed(2)} s`,
    )
    say([`round ${pair + 1}: engine ${ours.wallSeconds.toFixed(2)} s`, ...times].join(', '))
  }
  const { rawBytes, encodedValues, reencodedValues } = first.result
  const sideOf = (measured: readonly Run[]): Side => {
    const wallSeconds = median(measured.map((run) => run.wallSeconds))
    return {
      wallSeconds,
      cpuSeconds: median(measured.map((run) => run.result.cpuSeconds)),
      peakBytes: median(measured.map((run) => run.result.peakBytes)),
      recordsPerSecond: records / wallSeconds,
      megabytesPerSecond: rawBytes / 1e6 / wallSeconds,
    }
  }
  const compared = others.map(({ engine, variant }, index) => {
    const side = sideOf(runs.map((run) => run.others[index]!))
    const ratio = (of: (run: Run) => number) =>
      median(runs.map((run) => of(run.engine) / of(run.others[index]!)))
    return {
      engine,
      variant,
      ...side,
      ratio: {
        wall: ratio((run) => run.wallSeconds),
        memory: ratio((run) => run.result.peakBytes),
        cpu: ratio((run) => run.result.cpuSeconds),
      },
    }
  })
  return {
    shape,
    records,
    files,
    rawBytes,
    engine: sideOf(runs.map((run) => run.engine)),
    others: compared,
    ratio: compared[0]!.ratio,
    reencodedShare: reencodedValues / encodedValues,
  }
}

/**
 * Runs all variants and returns the fastest of each engine that gives the same rows as ours.
 *
 * @param ours pattern of the engine's Parquet files
 * @throws Error when no variant of the first engine does
 */
async function fastest(tried: readonly Rival[], ours: string, say: (line: string) => void): Promise<Rival[]> {
  const best = new Map<string, { readonly rival: Rival; readonly wallSeconds: number }>()
  for (const rival of tried) {
    await rival.run()
    const { rows, surplus, areSame } = await compareRows(ours, join(rival.output, '*.parquet'))
    const name = `${rival.engine}, ${rival.variant}`
    if (!areSame) {
      say(`${name}: other rows, ${surplus.join(' and ')} in one only; not compared with`)
      continue
    }
    const { wallSeconds } = await rival.run()
    say(`${name}: the same ${rows} rows, ${wallSeconds.toFixed(2)} s`)
    if (wallSeconds < (best.get(rival.engine)?.wallSeconds ?? Infinity))
      best.set(rival.engine, { rival, wallSeconds })
  }
  if (!best.has(tried[0]!.engine))
    throw new Error(`${tried[0]!.engine}: expected the engine's rows, found others.`)
  return [...best.values()].map(({ rival }) => rival)
}
