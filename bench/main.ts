/**
 * Measures the engine:
 *
 * - `npm run bench` against DuckDB, and against Polars and Python's DuckDB if `python3`, or the interpreter named by
 * DAYFOLD_PYTHON, has them
 * - `npm run bench -- day` at full size; with `--dataset jobs` the cost of a deployed dataset per record, by phase and
 * field
 * - `npm run bench -- scale` time and memory for days of many shapes
 * - `npm run bench -- threads` CPU time by thread, over TLS
 * - `npm run bench -- start` what the job of a small day costs, and how soon it makes its first row
 * - `npm run bench -- increments` the whole pipeline on a day that grows
 * - `npm run bench -- languages` accuracy and speed of language detectors
 * - `npm run bench -- engine` one run of the engine over your own folder
 *
 * Prints tables and writes them to RESULTS.md beside this file; with `--json` prints one JSON document.
 */
import '../bin/quiet-sdk.ts'
import { compare, type Comparison } from './compare.ts'
import { runDay, type DayRun } from './day.ts'
import { benchDeployed, type DeployedDay } from './fields/bench.ts'
import { engineCommand } from './engine.ts'
import { benchIncrements } from './increments/bench.ts'
import { incrementsTables } from './increments/tables.ts'
import { benchLanguages, type LanguageFigures } from './languages.ts'
import { parseOptions, type BenchOptions } from './options.ts'
import { mebibytes, ratio, seconds, whole, writeResults, type Table } from './report.ts'
import { memoryGrowth, runScale, type MemoryGrowth, type ScaleRun } from './scale.ts'
import { benchStart, type ProcessCost, type StartBench } from './start.ts'
import { benchThreads, type ThreadsBench } from './threads.ts'

/** Size of a day of the original pipeline. */
const SEED = { records: 5_000_000, files: 50_000 } as const
/** Size of a day of a deployed dataset. */
const DEPLOYED = { records: 100_000, files: 1000 } as const

const say = (line: string) => void process.stderr.write(`${line}\n`)
const [command, ...others] = process.argv.slice(2)
process.stdout.write(command === 'engine' ? `${await engineCommand(others)}\n` : await bench())

/** Runs a bench and keeps its results. Returns the text to print. */
async function bench(): Promise<string> {
  const options = parseOptions(process.argv.slice(2))
  const { name = options.command, tables, document } = await run(options)
  const text = writeResults(name, tables, new Date().toISOString().slice(0, 10))
  return options.json ? `${JSON.stringify(document)}\n` : text
}

async function run({
  command,
  records,
  files,
  objects,
  pairs,
  threads,
  dataset,
  deployed,
}: BenchOptions): Promise<{ name?: string; tables: Table[]; document: object }> {
  switch (command) {
    case 'compare': {
      const listings = await compare({ shape: 'listings', records, files, pairs, threads, say })
      const events = await compare({ shape: 'events', records, files, pairs, threads, say })
      const document = {
        ratio: listings.ratio,
        secondShape: { ratio: events.ratio },
        comparisons: [listings, events],
      }
      return { tables: [listings, events].map(comparisonTable), document }
    }
    case 'day': {
      if (deployed !== undefined) {
        const size = { records: records ?? DEPLOYED.records, files: files ?? DEPLOYED.files }
        const days = await benchDeployed({ dataset: deployed, ...size, workers: threads, say })
        return { name: `day of ${deployed}`, tables: days.map(fieldsTable), document: { days } }
      }
      const days = await runDay({
        records: records ?? SEED.records,
        files: files ?? SEED.files,
        workers: threads,
        say,
      })
      return { tables: [dayTable(days), phaseTable(days)], document: { days } }
    }
    case 'scale': {
      const runs = await runScale(say)
      const growth = memoryGrowth(runs)
      return { tables: [scaleTable(runs), growthTable(growth)], document: { runs, growth } }
    }
    case 'threads': {
      const document = await benchThreads({ objects: objects ?? SEED.files, workers: [2, 1, 4], say })
      return { tables: [threadsTable(document)], document }
    }
    case 'start': {
      const document = await benchStart(say)
      return { tables: [startTable(document)], document }
    }
    case 'increments': {
      const figures = await benchIncrements({ records, dataset, say })
      return { tables: incrementsTables(figures), document: figures }
    }
    case 'languages': {
      const figures = benchLanguages()
      return { tables: [languagesTable(figures)], document: figures }
    }
  }
}

function comparisonTable(comparison: Comparison): Table {
  const { shape, records, files, engine, others, reencodedShare } = comparison
  const row = (name: string, side: Comparison['engine']) => [
    name,
    seconds(side.wallSeconds),
    seconds(side.cpuSeconds),
    mebibytes(side.peakBytes),
    whole(side.recordsPerSecond),
    whole(side.megabytesPerSecond),
  ]
  return {
    title: `${shape}: ${whole(records)} records in ${whole(files)} files; values encoded more than once: ${(reencodedShare * 100).toFixed(1)}%`,
    head: ['', 'wall s', 'CPU s', 'peak MiB', 'records/s', 'MB/s'],
    rows: [
      row('engine', engine),
      ...others.flatMap((other) => [
        row(`${other.engine} (${other.variant})`, other),
        [
          'ratio to it, median of rounds',
          ratio(other.ratio.wall),
          ratio(other.ratio.cpu),
          ratio(other.ratio.memory),
          '',
          '',
        ],
      ]),
    ],
  }
}

function dayTable(days: readonly DayRun[]): Table {
  return {
    title: 'A day',
    head: ['source', 'records', 'rows', 'rejected', 'parts', 'wall s', 'records/s', 'MB/s', 'peak MiB'],
    rows: days.map((day) => [
      day.source,
      whole(day.records),
      whole(day.rows),
      whole(day.rejected),
      whole(day.parts),
      seconds(day.wallSeconds),
      whole(day.recordsPerSecond),
      whole(day.rawBytes / 1e6 / day.wallSeconds),
      mebibytes(day.peakBytes),
    ]),
  }
}

/**
 * Lays out the seconds of each phase, summed over threads, and their share of one core. Reading and uploading include
 * waits.
 */
function phaseTable(days: readonly DayRun[]): Table {
  const phases = [...new Set(days.flatMap((day) => Object.keys(day.phaseSeconds)))]
  return {
    title: 'Time by phase: seconds over all threads, and share of one core',
    head: ['source', ...phases],
    rows: days.map((day) => [
      day.source,
      ...phases.map((phase) => {
        const spent = day.phaseSeconds[phase] ?? 0
        return `${spent.toFixed(1)} (${((spent / day.wallSeconds) * 100).toFixed(0)}%)`
      }),
    ]),
  }
}

function scaleTable(runs: readonly ScaleRun[]): Table {
  return {
    title: 'Growth',
    head: ['input', 'records', 'workers', 'wall s', 'CPU s', 'peak MiB'],
    rows: runs.map((run) => [
      run.input,
      whole(run.records),
      String(run.workers),
      seconds(run.wallSeconds),
      seconds(run.cpuSeconds),
      mebibytes(run.peakBytes),
    ]),
  }
}

function growthTable({ tenTimesTheRecords, oneFile }: MemoryGrowth): Table {
  return {
    title: 'Peak memory, 2 workers',
    head: ['', 'ratio'],
    rows: [
      ['1,000,000 records to 100,000', ratio(tenTimesTheRecords)],
      ['one file to 10,000 with the same records', ratio(oneFile)],
    ],
  }
}

function startTable({ process, jobs }: StartBench): Table {
  const cells = ({ wallMilliseconds, cpuMilliseconds }: ProcessCost) => [
    whole(wallMilliseconds),
    whole(cpuMilliseconds),
  ]
  return {
    title: 'Milliseconds of a job of two small files, from the local S3, and of a process that does nothing',
    head: ['', 'wall', 'CPU', 'to the first row'],
    rows: [
      ['node -e 0', ...cells(process), ''],
      ...jobs.map((job) => [job.dataset, ...cells(job), whole(job.firstRowMilliseconds)]),
    ],
  }
}

function languagesTable({ texts, languages, detectors }: LanguageFigures): Table {
  return {
    title: `${whole(texts)} sentences in ${languages} languages`,
    head: ['detector', 'told right', 'CPU us a text'],
    rows: detectors.map(({ detector, accuracy, cpuMicrosecondsPerText }) => [
      detector,
      ratio(accuracy),
      whole(cpuMicrosecondsPerText),
    ]),
  }
}

function fieldsTable({
  records,
  rejected,
  bytesPerRecord,
  cpuMicrosecondsPerRecord,
  ...day
}: DeployedDay): Table {
  const row = (name: string, microseconds: number) => [name, microseconds.toFixed(1)]
  const phases = Object.entries(day.phases).map(([phase, microseconds]) => row(phase, microseconds))
  const fields = Object.entries(day.fields).map(([field, microseconds]) => row(`- ${field}`, microseconds))
  return {
    title: `${whole(records)} ${day.dataset} of ${whole(bytesPerRecord)} bytes, ${whole(rejected)} rejected`,
    head: ['', 'us a record'],
    rows: [row('CPU', cpuMicrosecondsPerRecord), ...phases, ...fields],
  }
}

function threadsTable({ objects, runs, partsEqual }: ThreadsBench): Table {
  const programs = [...new Set(runs.flatMap(({ threads }) => Object.keys(threads)))]
  const same = partsEqual ? 'the same' : 'NOT the same'
  return {
    title: `CPU seconds by thread: ${whole(objects)} objects over TLS, ${same} parts for each number of workers`,
    head: ['workers', 'wall s', 'peak MiB', 'all', 'main', ...programs],
    rows: runs.map((run) => [
      String(run.workers),
      seconds(run.wallSeconds),
      mebibytes(run.peakBytes),
      seconds(run.process),
      seconds(run.main),
      ...programs.map((program) => (run.threads[program] ?? []).map(seconds).join(' + ')),
    ]),
  }
}
