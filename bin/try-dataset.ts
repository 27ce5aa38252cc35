import { statSync } from 'node:fs'
import { mkdir, mkdtemp, open, readFile, rm } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { columnTrees, openParquet, readRowGroups, type ColumnTrees } from '../client/parquet-file.ts'
import { DayfoldError } from '../core/errors.ts'
import { DEFAULT_FILE_LIMITS } from '../core/file-limits.ts'
import type { Input, RawObject } from '../core/manifest.ts'
import { weighRejects } from '../core/rejected-share.ts'
import type { Reject } from '../core/rejects.ts'
import { processDay } from '../processing/day/process-day.ts'
import type { Sink } from '../processing/write/sink.ts'
import type { Source } from '../processing/read/source.ts'
import type { ProcessedDay } from '../processing/write/merge-results.ts'
import { PROJECT_ROOT } from '../lib/bundle/options.ts'
import { bundleProgram } from '../lib/bundle/program.ts'
import { describeDatasets, type DescribedDataset } from '../lib/bundle/registry.ts'

export interface TryOptions {
  readonly dataset: string
  readonly file: string
  /** Path of the module that exports `datasets`. */
  readonly registry: string
  /** Most rows and most rejects to return. */
  readonly limit: number
}

/** What a dataset makes of a file. */
export interface Tried {
  readonly dataset: string
  readonly file: string
  readonly records: number
  readonly kept: number
  readonly dropped: number
  readonly rejected: number
  /** Why the file could not be read, or from where on. @default it was read to its end */
  readonly unread?: string
  /** Why a day like this would fail. @default it would not */
  readonly failure?: string
  readonly rowCount: number
  /** The first rows, as they come back out of Parquet. */
  readonly rows: readonly Readonly<Record<string, unknown>>[]
  readonly columns: ColumnTrees
  /** The first rejects. */
  readonly rejects: readonly Reject[]
  /** Of one worker, from its start to the finished file. */
  readonly seconds: number
}

/**
 * Runs a dataset over one file with the very program that runs in production, bundled alike; what it makes is read
 * back and thrown away.
 *
 * @throws DayfoldError UnknownDataset, InvalidDataset; InvalidInput when there is no such file, or it is a folder
 */
export async function tryDataset(options: TryOptions): Promise<Tried> {
  const file = resolve(options.file)
  const input: RawObject = { key: basename(file), etag: '', size: fileSize(file) }
  const dataset = await findDataset(options)
  const build = join(PROJECT_ROOT, 'build')
  await mkdir(build, { recursive: true })
  const folder = await mkdtemp(join(build, 'try-'))
  try {
    await bundleProgram({ outDir: folder, registry: options.registry, runsHere: true })
    const start = performance.now()
    const processed = await processDay({
      dataset: dataset.name,
      columns: dataset.columns,
      inputs: [input],
      generation: 1,
      attempt: 'try',
      limits: DEFAULT_FILE_LIMITS,
      source: fileSource(file),
      sink: folderSink(folder),
      workerUrl: pathToFileURL(join(folder, 'worker.mjs')),
      workers: 1,
    }).catch((error: unknown) => {
      throw inFull(error)
    })
    const seconds = (performance.now() - start) / 1000
    return { seconds, ...(await readBack(processed, folder, dataset, options)) }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** An error with what feature code said in its own: here nobody else reads it. */
function inFull(error: unknown): unknown {
  if (!(error instanceof DayfoldError && error.cause instanceof Error)) return error
  const { code, message, context, cause } = error
  return new DayfoldError(code, `${message} (${cause.message})`, { context, cause })
}

function fileSize(file: string): number {
  const stats = statSync(file, { throwIfNoEntry: false })
  if (stats?.isFile()) return stats.size
  const found = stats?.isDirectory() ? 'a folder: name one of its files' : stats ? 'no file' : 'no such file'
  throw new DayfoldError(
    'InvalidInput',
    `File ${file}: expected JSON Lines, plain or compressed, found ${found}.`,
  )
}

async function findDataset({ registry, dataset }: TryOptions): Promise<DescribedDataset> {
  const datasets = await describeDatasets(registry)
  const found = datasets.find(({ name }) => name === dataset)
  if (found) return found
  const names = datasets.map(({ name }) => name).join(', ')
  throw new DayfoldError('UnknownDataset', `Dataset: expected one of ${names}, found "${dataset}".`)
}

function fileSource(file: string): Source {
  return {
    async read(_, start, target) {
      const handle = await open(file)
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

async function readBack(
  { inputs, parts, rejects }: ProcessedDay,
  folder: string,
  limits: DescribedDataset,
  { dataset, file, limit }: TryOptions,
): Promise<Omit<Tried, 'seconds'>> {
  const { records, kept, dropped, rejected, unread } = inputs[0]!
  const failure = failureOf(inputs, limits)
  return {
    ...{ dataset, file, records, kept, dropped, rejected },
    ...(unread !== undefined && { unread }),
    ...(failure !== undefined && { failure }),
    rowCount: parts.reduce((sum, { rows }) => sum + rows, 0),
    ...(await firstRows(join(folder, 'parts'), parts, limit)),
    rejects: await firstRejects(join(folder, 'rejected'), rejects, limit),
  }
}

function failureOf(inputs: readonly Input[], limits: DescribedDataset): string | undefined {
  if (inputs.some(({ unread }) => unread !== undefined) && limits.unreadable === 'fail')
    return "it cannot be read to its end (unreadable: 'fail')"
  const { exceeded } = weighRejects(inputs, limits)
  const limit = `${Math.round(limits.maxRejectedRatio * 1000) / 10}%`
  return exceeded && `more than ${limit} of its ${exceeded} are rejected (maxRejectedRatio)`
}

async function firstRows(folder: string, parts: readonly { readonly name: string }[], limit: number) {
  const [first] = parts
  if (!first) return { rows: [], columns: new Map() }
  const file = await openParquet(join(folder, first.name))
  const { value: rows = [] } = (await readRowGroups(file).next()) as { value?: Record<string, unknown>[] }
  return { rows: rows.slice(0, limit), columns: columnTrees(file) }
}

async function firstRejects(
  folder: string,
  files: readonly { readonly name: string }[],
  limit: number,
): Promise<Reject[]> {
  const [first] = files
  if (!first) return []
  const lines = gunzipSync(await readFile(join(folder, first.name)))
    .toString('utf8')
    .trimEnd()
    .split('\n')
  return lines.slice(0, limit).map((line) => JSON.parse(line) as Reject)
}
