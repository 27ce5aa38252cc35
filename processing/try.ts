import { mkdir, open } from 'node:fs/promises'
import { join } from 'node:path'
import type { ColumnSpec } from '../core/columns.ts'
import { DayfoldError } from '../core/errors.ts'
import { DEFAULT_FILE_LIMITS } from '../core/file-limits.ts'
import type { RawObject } from '../core/manifest.ts'
import type { CheckResult } from '../core/checks.ts'
import { judgeChecks } from '../core/judge-checks.ts'
import type { Profile } from '../core/profile.ts'
import { summarize } from '../core/sketches/summarize.ts'
import { readSettings, type ReadSettings } from '../core/read-settings.ts'
import { NOTES_FD, type Crash } from './crashes/crash-notes.ts'
import { crashed } from './crashes/crashed.ts'
import { columnSpecs, isDataset, type Dataset } from './dataset.ts'
import { processDay } from './day/process-day.ts'
import { describeOwn } from './records/refused-read.ts'
import type { Source } from './read/source.ts'
import { failureData, type FailureData } from './workers/failures.ts'
import type { ProcessedDay } from './write/merge-results.ts'
import type { Sink } from './write/sink.ts'

/** The program of `try`: processes local files as the job processes those of a day, and reports the result. */

/** Settings of the program of `try`. The command passes them as JSON in the first argument. */
export interface TrySettings {
  /** Name of the dataset. */
  readonly dataset: string
  /** Names and sizes of the raw files. `paths` has the path of each, in the same order. */
  readonly inputs: readonly RawObject[]
  /** Paths of the raw files on this machine. */
  readonly paths: readonly string[]
  /** Folder to write parts and reject files to. */
  readonly outDir: string
  /** Crashes of earlier attempts at the same files. */
  readonly crashes: readonly Crash[]
}

/** Columns and settings of the dataset, as its module defines them. */
export interface TriedDataset extends ReadSettings {
  readonly columns: readonly ColumnSpec[]
  /** Column that a `unique` check names alone, by which rows can be told apart. @default there is no such check */
  readonly key?: string
}

/**
 * Messages that the program of `try` sends to the command. `found` comes first, `done` or `failed` last; `slow` (a
 * record takes long) and `slow setup` may come in between. `seconds` counts those so far.
 */
export type TryMessage =
  | { readonly type: 'found'; readonly dataset: TriedDataset }
  | { readonly type: 'slow'; readonly key: string; readonly line: number; readonly seconds: number }
  | { readonly type: 'slow setup'; readonly seconds: number }
  | ({ readonly type: 'done'; readonly seconds: number } & TriedDay)
  | ({ readonly type: 'failed' } & FailureData)

/** Result of trying feature code on some files. */
export interface TriedDay {
  /** Counts, parts and rejects, as for a day. */
  readonly processed: Omit<ProcessedDay, 'sketch'>
  /** Profile of the rows. */
  readonly profile: Profile
  /** Results of the checks, judged as for a day that is not over and has no earlier days to compare with. */
  readonly checks: readonly CheckResult[]
}

const say = (message: TryMessage) => void process.send!(message)
// Once the command is gone, nobody needs the answer.
process.once('disconnect', () => process.exit(1))
process.once('uncaughtException', (error) => {
  say({ type: 'failed', ...failureData(error) })
  process.disconnect()
})
try {
  const settings = JSON.parse(process.argv[2]!) as TrySettings
  const dataset = await find(settings.dataset)
  const found = { columns: columnSpecs(dataset), ...keyOf(dataset), ...readSettings(dataset) }
  say({ type: 'found', dataset: found })
  if (settings.crashes.length > 1) throw crashed(settings.inputs, settings.crashes)
  const start = performance.now()
  const { sketch, ...processed } = await work(settings, found)
  const seconds = (performance.now() - start) / 1000
  const profile = summarize(sketch)
  const { rows, counted } = sketch
  const judged = { date: '', rows, profile, counted, isOver: false, before: [] }
  say({ type: 'done', seconds, processed, profile, checks: judgeChecks(dataset.checks ?? [], judged) })
} catch (error) {
  say({ type: 'failed', ...failureData(error) })
}

async function find(name: string): Promise<Dataset> {
  const datasets = await load()
  const known = Array.isArray(datasets) ? datasets.filter((each) => isDataset(each)) : []
  const dataset = known.find((each) => each.name === name)
  if (dataset) return dataset
  const names =
    known.map((each) => each.name).join(', ') || 'those of a registry that exports none as datasets'
  throw new DayfoldError('UnknownDataset', `Dataset: expected one of ${names}, found "${name}".`)
}

function keyOf({ checks = [] }: Dataset): Pick<TriedDataset, 'key'> {
  for (const check of checks) {
    if (check.check !== 'unique') continue
    const [key, ...others] = check.columns
    if (key !== undefined && others.length === 0) return { key }
  }
  return {}
}

/** Loads the registry. Not a static import, so that an error of a module is reported like any other of feature code. */
async function load(): Promise<unknown> {
  try {
    return (await import('virtual:datasets')).datasets
  } catch (cause) {
    if (cause instanceof DayfoldError) throw cause
    const problem = `Registry: expected modules that load, found ${describeOwn(cause)}`
    throw new DayfoldError('InvalidDataset', problem, { cause })
  }
}

function work(
  { dataset, inputs, paths, outDir, crashes }: TrySettings,
  { columns, unreadable, recordTimeoutSeconds }: TriedDataset,
): Promise<ProcessedDay> {
  return processDay({
    ...{ dataset, columns, inputs, unreadable },
    ...{ generation: 1, attempt: 'try', limits: DEFAULT_FILE_LIMITS, workers: 1, deaths: 1 },
    source: fileSource(inputs, paths),
    sink: folderSink(outDir),
    workerUrl: new URL('./worker.mjs', import.meta.url),
    notes: { fd: NOTES_FD, crashes },
    recordSeconds: recordTimeoutSeconds,
    onSlowRecord: (place) => say({ type: 'slow', ...place, seconds: recordTimeoutSeconds }),
    onSlowSetup: (seconds) => say({ type: 'slow setup', seconds }),
  })
}

function fileSource(inputs: readonly RawObject[], paths: readonly string[]): Source {
  const pathOf = new Map(inputs.map(({ key }, index) => [key, paths[index]!]))
  return {
    async read({ key }, start, target) {
      const handle = await open(pathOf.get(key)!)
      try {
        await handle.read(target, 0, target.length, start)
      } finally {
        await handle.close()
      }
    },
  }
}

function folderSink(root: string): Sink {
  return {
    async create(folder, name) {
      await mkdir(join(root, folder), { recursive: true })
      const handle = await open(join(root, folder, name), 'w')
      return {
        write: async (bytes) => void (await handle.write(bytes)),
        close: () => handle.close(),
        abort: () => handle.close(),
      }
    },
  }
}
