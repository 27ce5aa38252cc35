import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { DEFAULT_REGISTRY, programImports, PROJECT_ROOT, RUNNABLE_OPTIONS } from '../../lib/bundle/options.ts'
import { generateDay } from '../../test/support/generated/generate.ts'
import type { SAMPLE_SHAPES } from '../../test/support/generated/samples.ts'
import { buildPrograms } from '../build.ts'
import { measure } from '../measure.ts'
import { OUT } from '../options.ts'
import { runEngine } from '../programs.ts'
import { timedFields } from './time-fields.ts'

/** Dataset and size of the day. */
export interface DeployedDayOptions {
  readonly dataset: keyof typeof SAMPLE_SHAPES
  readonly records: number
  readonly files: number
  readonly workers: number
  readonly say: (line: string) => void
}

/** Cost of a deployed dataset per record. */
export interface DeployedDay {
  readonly source: 'files'
  readonly dataset: string
  readonly records: number
  readonly rows: number
  readonly rejected: number
  readonly bytesPerRecord: number
  /** CPU time of the whole process, its start included. */
  readonly cpuMicrosecondsPerRecord: number
  /** The same by phase, in proportion to the time that threads spent in each. */
  readonly phases: Readonly<Record<string, number>>
  /** Microseconds per record of each column, and of each constant that columns share. */
  readonly fields: Readonly<Record<string, number>>
}

const RUNS = 3

/**
 * Processes a day of a deployed dataset with the engine, from files of the samples' generator; the median of three
 * runs.
 */
export async function benchDeployed(options: DeployedDayOptions): Promise<DeployedDay[]> {
  const { dataset, files, workers, say } = options
  const folder = await buildPrograms(DEFAULT_REGISTRY)
  say(`generating ${options.records} ${dataset} in ${files} files`)
  const input = generateDay(join(OUT, 'input'), dataset, options.records, files)
  const runs = []
  for (let run = 0; run < RUNS; run++) {
    const { result } = await runEngine(folder, { dataset, input, output: join(OUT, 'deployed'), workers })
    say(`${result.cpuSeconds.toFixed(1)} s of CPU`)
    runs.push(result)
  }
  const run = runs.sort((left, right) => left.cpuSeconds - right.cpuSeconds)[RUNS >> 1]!
  const { records, rows, rejected, rawBytes } = run
  const cpuMicrosecondsPerRecord = (run.cpuSeconds * 1e6) / records
  const day: DeployedDay = {
    source: 'files',
    dataset,
    ...{ records, rows, rejected },
    bytesPerRecord: rawBytes / records,
    cpuMicrosecondsPerRecord,
    phases: sharedOut(cpuMicrosecondsPerRecord, run.phaseSeconds),
    fields: await timeFields(dataset, input),
  }
  return [day]
}

function sharedOut(total: number, seconds: Readonly<Record<string, number>>): Record<string, number> {
  const sum = Object.values(seconds).reduce((left, right) => left + right, 0)
  return Object.fromEntries(Object.entries(seconds).map(([phase, spent]) => [phase, (total * spent) / sum]))
}

async function timeFields(dataset: string, input: string): Promise<Record<string, number>> {
  const outdir = join(PROJECT_ROOT, 'build/bench-fields')
  await build({
    ...RUNNABLE_OPTIONS,
    entryPoints: [fileURLToPath(new URL('./run-fields.ts', import.meta.url))],
    outdir,
    plugins: [timedFields(dirname(DEFAULT_REGISTRY)), programImports(DEFAULT_REGISTRY)],
  })
  const args = [join(outdir, 'run-fields.mjs'), dataset, input]
  const { result } = await measure(args, (output) => JSON.parse(output) as Record<string, number>)
  return result
}
