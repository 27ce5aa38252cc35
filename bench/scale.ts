import { createReadStream, createWriteStream, existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { buildPrograms } from './build.ts'
import { generateDay } from '../test/support/generated/generate.ts'
import { OUT } from './options.ts'
import { runEngine } from './programs.ts'

/** Figures of one pass over a day of some shape. */
export interface ScaleRun {
  readonly input: string
  readonly records: number
  readonly files: number
  readonly workers: number
  readonly wallSeconds: number
  readonly cpuSeconds: number
  readonly peakBytes: number
}

const SIZES = [1000, 10_000, 100_000, 1_000_000]
const RECORDS_A_FILE = 100

/** Measures how time and memory grow: with more records, fewer workers, tiny files, one huge file, and gzip. */
export async function runScale(say: (line: string) => void): Promise<ScaleRun[]> {
  const folder = await buildPrograms()
  const runs: ScaleRun[] = []
  const inputs = join(OUT, 'input')
  const run = async (name: string, input: string, files: number, workers: number) => {
    say(`${name}, ${workers} workers`)
    const { wallSeconds, result } = await runEngine(folder, {
      dataset: 'listings',
      input,
      output: join(OUT, 'scale'),
      workers,
    })
    const { records, cpuSeconds, peakBytes } = result
    runs.push({ input: name, records, files, workers, wallSeconds, cpuSeconds, peakBytes })
  }
  for (const records of SIZES) {
    const files = records / RECORDS_A_FILE
    const input = generateDay(inputs, 'listings', records, files)
    for (const workers of [1, 2]) await run(`${files} files`, input, files, workers)
  }
  const tiny = generateDay(inputs, 'listings', 100_000, 50_000)
  await run('50000 tiny files', tiny, 50_000, 2)
  const million = generateDay(inputs, 'listings', 1_000_000, 10_000)
  await run('one file of 2 GB', await joined(million, false), 1, 2)
  await run('one gzip of the same', await joined(million, true), 1, 2)
  return runs
}

/** Growth of peak memory, with two workers. */
export interface MemoryGrowth {
  /** Peak of 1,000,000 records divided by that of 100,000. */
  readonly tenTimesTheRecords: number
  /** Peak of one file divided by that of 10,000 files with the same records. */
  readonly oneFile: number
}

/** Computes the growth of peak memory from the runs of {@link runScale}. */
export function memoryGrowth(runs: readonly ScaleRun[]): MemoryGrowth {
  const peak = (records: number, files: number) =>
    runs.find((run) => run.records === records && run.files === files && run.workers === 2)!.peakBytes
  const million = peak(1_000_000, 10_000)
  return { tenTimesTheRecords: million / peak(100_000, 1000), oneFile: peak(1_000_000, 1) / million }
}

/** Makes a folder with one file of everything that the files of another hold. */
async function joined(folder: string, gzip: boolean): Promise<string> {
  const name = gzip ? 'all.jsonl.gz' : 'all.jsonl'
  const target = `${folder}-${gzip ? 'gzip' : 'one'}`
  if (existsSync(join(target, name))) return target
  mkdirSync(target, { recursive: true })
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.jsonl'))
    .sort()
  async function* bytes() {
    for (const file of files) yield* createReadStream(join(folder, file)) as AsyncIterable<Buffer>
  }
  const output = createWriteStream(join(target, '_unfinished'))
  if (gzip) await pipeline(bytes, createGzip({ level: 6 }), output)
  else await pipeline(bytes, output)
  renameSync(join(target, '_unfinished'), join(target, name))
  return target
}
