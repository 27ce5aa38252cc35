import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { generateDay } from '../../test/support/generated/generate.ts'
import { DAY_DATASETS } from '../../test/support/increments/datasets.ts'
import { growingDay, rawFiles, rebuild, wholeDay } from '../../test/support/increments/day.ts'
import type { DayDataset, PassFigures, ReaderCounts, Step } from '../../test/support/increments/messages.ts'
import { runPassProcess } from '../../test/support/increments/pass-process.ts'
import { compareRows, keepOutputs, rowGroups, type Output, type RowDifferences } from './outputs.ts'
import { PROJECT_ROOT } from '../../lib/bundle/options.ts'

export interface IncrementsOptions {
  /** @default 400,000 */
  readonly records?: number | undefined
  /** Of the passes that are measured. @default jobs */
  readonly dataset?: keyof typeof DAY_DATASETS | undefined
  /** Told what is being done. */
  readonly say: (line: string) => void
}

/** What a day costs that is processed nine times, against one that is processed once. */
export interface IncrementsFigures {
  readonly dataset: string
  readonly records: number
  readonly rawBytes: number
  /** Raw bytes read over all runs, by the day's. */
  readonly bytesRatio: number
  /** Records extracted over all runs, by the day's. */
  readonly recordsRatio: number
  /** CPU time of jobs and functions, by that of one pass. */
  readonly cpuRatio: number
  /** CPU time with the services on this machine counted in, by that of one pass. */
  readonly totalCpuRatio: number
  /** CPU seconds that each further run costs besides the work that one pass has as well. */
  readonly extraCpuSecondsARun: number
  /** Rows of each row group that is left. */
  readonly rowGroups: readonly number[]
  readonly differences: RowDifferences
  readonly increments: PassFigures
  readonly onePass: PassFigures
  /** What queries saw of another such day while it was processed and then rebuilt. */
  readonly reader: ReaderCounts
  /** Folder of the three homes. */
  readonly outputs: string
}

const DEFAULT_RECORDS = 400_000
const RECORDS_A_FILE = 100
const OUT = join(PROJECT_ROOT, 'bench/out/increments')
const INPUT = join(PROJECT_ROOT, 'bench/out/input')

/** Runs the day in one pass, in batches, and in batches under a reader; leaves the outputs. */
export async function benchIncrements(options: IncrementsOptions): Promise<IncrementsFigures> {
  const { records = DEFAULT_RECORDS, say } = options
  const dataset: DayDataset = DAY_DATASETS[options.dataset ?? 'jobs']
  const listings = generateDay(INPUT, 'listings', records, Math.ceil(records / RECORDS_A_FILE))
  rmSync(OUT, { recursive: true, force: true })
  const pass = (name: string, steps: readonly Step[], of = dataset, reader = false) => {
    say(`${name}: ${steps.length} executions over ${records} records of ${of.name}`)
    const home = join(OUT, name)
    mkdirSync(home, { recursive: true })
    return runPassProcess({ home, dataset: of, raw: join(home, 'raw'), steps, reader })
  }
  const onePass = await pass('one-pass', wholeDay(dataset.name, listings))
  const increments = await pass('increments', growingDay(dataset.name, listings))
  // What readers see does not depend on what features cost.
  const read = DAY_DATASETS.listings
  const underReader = [...growingDay(read.name, listings), rebuild(read.name)]
  const { reader } = await pass('under-reader', underReader, read, true)
  const output = (name: string): Output => ({ home: join(OUT, name), table: dataset.name })
  const left = {
    rowGroups: await rowGroups(output('increments')),
    differences: await compareRows(output('one-pass'), output('increments')),
  }
  for (const name of readdirSync(OUT)) keepOutputs(join(OUT, name))
  const rawBytes = rawFiles(listings).reduce((sum, file) => sum + statSync(file).size, 0)
  return {
    dataset: dataset.name,
    records,
    rawBytes,
    bytesRatio: increments.rawBytesRead / rawBytes,
    recordsRatio: increments.recordsExtracted / records,
    cpuRatio: ownCpu(increments) / ownCpu(onePass),
    totalCpuRatio: totalCpu(increments) / totalCpu(onePass),
    extraCpuSecondsARun: (ownCpu(increments) - ownCpu(onePass)) / (increments.runs.length - 1),
    ...left,
    increments,
    onePass,
    reader: reader!,
    outputs: OUT,
  }
}

/** CPU time of what would run on AWS, in seconds. */
export const ownCpu = ({ cpu }: PassFigures) => cpu.jobs + cpu.lambdas
/** CPU time with the services on this machine counted in, in seconds. */
export const totalCpu = (figures: PassFigures) => ownCpu(figures) + figures.cpu.services
