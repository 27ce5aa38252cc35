import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { generateDay } from '../generate.ts'
import { DATASET, growingDay, rawFiles, REBUILD, wholeDay } from './day.ts'
import type { PassFigures, ReaderCounts, Step } from './messages.ts'
import { compareRows, keepOutputs, rowGroups, type RowDifferences } from './outputs.ts'
import { runPassProcess } from './pass-process.ts'

export interface IncrementsOptions {
  readonly records: number
  /** Whether the day is run a second time, under a reader, and rebuilt. */
  readonly reader: boolean
  /** Told what is being done. */
  readonly note: (line: string) => void
}

/** What a day costs that is processed nine times, against one that is processed once. */
export interface IncrementsFigures {
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
  /** Rows of each row group that is left. */
  readonly rowGroups: readonly number[]
  readonly differences: RowDifferences
  readonly increments: PassFigures
  readonly onePass: PassFigures
  readonly reader?: ReaderCounts
}

const RECORDS_A_FILE = 100
const OUT = fileURLToPath(new URL('../out/increments', import.meta.url))
const INPUT = fileURLToPath(new URL('../out/input', import.meta.url))

/** Runs the day in batches, in one pass and, if asked to, in batches under a reader; leaves the homes. */
export async function benchIncrements(options: IncrementsOptions): Promise<IncrementsFigures> {
  const { records, note } = options
  note(`Listings: ${records}`)
  const listings = generateDay(INPUT, 'listings', records, Math.ceil(records / RECORDS_A_FILE))
  rmSync(OUT, { recursive: true, force: true })

  const pass = (name: string, steps: readonly Step[], reader = false) => {
    note(`${name}: ${steps.length} executions`)
    const home = join(OUT, name)
    mkdirSync(home, { recursive: true })
    return runPassProcess({ home, raw: join(home, DATASET), steps, reader })
  }
  const onePass = await pass('one-pass', wholeDay(listings))
  const increments = await pass('increments', growingDay(listings))
  const groups = await rowGroups(join(OUT, 'increments'))
  const differences = await compareRows(join(OUT, 'one-pass'), join(OUT, 'increments'))
  const reader = options.reader
    ? (await pass('reader', [...growingDay(listings), REBUILD], true)).reader
    : undefined
  for (const name of readdirSync(OUT)) keepOutputs(join(OUT, name))
  const rawBytes = rawFiles(listings).reduce((sum, file) => sum + statSync(file).size, 0)
  return {
    records,
    rawBytes,
    bytesRatio: increments.rawBytesRead / rawBytes,
    recordsRatio: increments.recordsExtracted / records,
    cpuRatio: ownCpu(increments) / ownCpu(onePass),
    totalCpuRatio: totalCpu(increments) / totalCpu(onePass),
    rowGroups: groups,
    differences,
    increments,
    onePass,
    ...(reader && { reader }),
  }
}

export const ownCpu = ({ cpu }: PassFigures) => cpu.jobs + cpu.lambdas
export const totalCpu = (figures: PassFigures) => ownCpu(figures) + figures.cpu.services
