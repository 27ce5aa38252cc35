import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { generateDay } from '../../test/support/generated/generate.ts'
import { DAY_DATASETS } from '../../test/support/increments/datasets.ts'
import { growingDay, rawFiles, rebuild, wholeDay } from '../../test/support/increments/day.ts'
import type { DayDataset, PassFigures, ReaderCounts, Step } from '../../test/support/increments/messages.ts'
import { runPassProcess } from '../../test/support/increments/pass-process.ts'
import { compareRows, keepOutputs, rowGroups, type Output, type RowDifferences } from './outputs.ts'
import { PROJECT_ROOT } from '../../lib/bundle/options.ts'

/** Size of the day and dataset. */
export interface IncrementsOptions {
  /** @default 400,000 */
  readonly records?: number | undefined
  /** Dataset of the measured passes. @default jobs */
  readonly dataset?: keyof typeof DAY_DATASETS | undefined
  /** Called with each step of the bench. */
  readonly say: (line: string) => void
}

/** Cost of a day that is processed nine times, compared with one pass. */
export interface IncrementsFigures {
  readonly dataset: string
  readonly records: number
  readonly rawBytes: number
  /** Raw bytes read over all runs, divided by the day's. */
  readonly bytesRatio: number
  /** Records extracted over all runs, divided by the day's. */
  readonly recordsRatio: number
  /** CPU time of jobs and functions, divided by that of one pass. */
  readonly cpuRatio: number
  /** CPU time including the services on this machine, divided by that of one pass. */
  readonly totalCpuRatio: number
  /** CPU seconds of each further run beyond the work of one pass. */
  readonly extraCpuSecondsARun: number
  /** Rows of each row group at the end. */
  readonly rowGroups: readonly number[]
  readonly differences: RowDifferences
  readonly increments: PassFigures
  readonly onePass: PassFigures
  /** Answers of queries over another such day while it was processed and then rebuilt. */
  readonly reader: ReaderCounts
  /** Folder of the three homes. */
  readonly outputs: string
}

const DEFAULT_RECORDS = 400_000
const RECORDS_A_FILE = 100
const OUT = join(PROJECT_ROOT, 'bench/out/increments')
const INPUT = join(PROJECT_ROOT, 'bench/out/input')

/** Processes the day in one pass, in batches, and in batches while a reader queries it; keeps the outputs. */
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
  // Readers see the same whatever features cost.
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

/** Returns the CPU seconds of the parts that would run on AWS. */
export const ownCpu = ({ cpu }: PassFigures) => cpu.jobs + cpu.lambdas
/** Returns the CPU seconds including the services on this machine. */
export const totalCpu = (figures: PassFigures) => ownCpu(figures) + figures.cpu.services
