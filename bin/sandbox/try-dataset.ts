import { statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { columnTrees, openParquet, readRowGroups, type ColumnTrees } from '../../client/parquet-file.ts'
import { causesOf, DayfoldError } from '../../core/errors.ts'
import { totalsOf, type Input } from '../../core/manifest.ts'
import { weighRejects } from '../../core/rejected-share.ts'
import type { Reject } from '../../core/rejects.ts'
import { stops } from '../../core/judge-checks.ts'
import type { Profile } from '../../core/profile.ts'
import type { RawFile, Sandbox, SandboxResult } from './run-sandbox.ts'

/** Counts of one file's records after feature code was tried on it. */
export interface TriedFile {
  /** Name of the file, as messages show it. */
  readonly file: string
  readonly records: number
  /** Records that gave at least one row. */
  readonly kept: number
  /** Records for which `extract` returned null or no rows. */
  readonly dropped: number
  /** Records that gave no row because they are broken. */
  readonly rejected: number
  /** Reason that the file could not be read to its end. @default it was read to its end */
  readonly unread?: string
}

/** Result of trying a dataset's feature code on files. Counts are over all files. */
export interface Tried extends Omit<TriedFile, 'file' | 'unread'> {
  readonly dataset: string
  readonly files: readonly TriedFile[]
  /** Reason that a day with these files would fail. @default it would not */
  readonly failure?: string
  /** Number of all rows. */
  readonly rowCount: number
  /** The first rows, as read back from Parquet. */
  readonly rows: readonly Readonly<Record<string, unknown>>[]
  /** Schema of each column, by name; empty without rows. */
  readonly columns: ColumnTrees
  /** The first rejected records. */
  readonly rejects: readonly Reject[]
  /** Statistics of each column's values, by name. @default not requested */
  readonly profile?: Profile['columns']
  /** Seconds of one worker, from its start to the finished files. */
  readonly seconds: number
}

/** Dataset and files to try, and how much to return. */
export interface TryOptions {
  readonly dataset: string
  readonly files: readonly RawFile[]
  /** Maximum number of rows, and of rejected records, to return. */
  readonly limit: number
  /** True to return statistics of the columns. @default false */
  readonly profile?: boolean | undefined
}

/**
 * Runs a dataset's feature code on files, and returns counts, the first rows and the first rejected records. Holds the
 * first row group in memory.
 *
 * @throws DayfoldError UnknownDataset, InvalidDataset, or WorkerDied, with everything that the feature code said in the
 *   message
 */
export async function tryDataset(
  sandbox: Sandbox,
  { dataset, files, limit, profile = false }: TryOptions,
): Promise<Tried> {
  const result = await sandbox.run(dataset, files).catch((error: unknown) => {
    throw inFull(error)
  })
  const { inputs, parts, rejects } = result.processed
  const failure = failureOf(inputs, result)
  const { records, kept, dropped, rejected, rows: rowCount } = totalsOf(inputs, parts)
  return {
    dataset,
    files: inputs.map(({ key: file, records, kept, dropped, rejected, unread }) => ({
      ...{ file, records, kept, dropped, rejected },
      ...(unread !== undefined && { unread }),
    })),
    ...{ records, kept, dropped, rejected, rowCount },
    ...(failure !== undefined && { failure }),
    ...(await firstRows(result, limit)),
    rejects: await firstRejects(result.rejected, rejects, limit),
    ...(profile && { profile: result.profile.columns }),
    seconds: result.seconds,
  }
}

/** Appends the causes that it does not contain to the message of a DayfoldError: `try` has no other place for them. */
export function inFull(error: unknown): unknown {
  if (!(error instanceof DayfoldError)) return error
  const { code, message, context, cause } = error
  const causes = causesOf(error).map((each) => (each instanceof Error ? each.message : String(each)))
  const said = causes.filter((text) => !message.includes(text))
  if (said.length === 0) return error
  return new DayfoldError(code, `${message} (${said.join(', caused by: ')})`, { context, cause })
}

/**
 * Returns the files with these paths. Their keys are the base names if these differ, else the paths as given.
 *
 * @throws DayfoldError InvalidInput if a file does not exist, is a folder or is named twice
 */
export function rawFiles(names: readonly string[]): RawFile[] {
  const files = names.map((name) => ({ name, path: resolve(name), size: fileSize(resolve(name)) }))
  const bases = new Set(names.map((name) => basename(name)))
  const keyOf = (name: string) => (bases.size === names.length ? basename(name) : name)
  const again = files.find(({ path }, index) => files.findIndex((other) => other.path === path) < index)
  if (again)
    throw new DayfoldError(
      'InvalidInput',
      `File ${again.path}: expected it once, found it twice. Name it once.`,
    )
  return files.map(({ name, path, size }) => ({ key: keyOf(name), etag: '', size, path }))
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

function failureOf(
  inputs: readonly Input[],
  { dataset, checks }: Pick<SandboxResult, 'dataset' | 'checks'>,
): string | undefined {
  if (inputs.some(({ unread }) => unread !== undefined) && dataset.unreadable === 'fail')
    return "it cannot be read to its end (unreadable: 'fail')"
  const { exceeded } = weighRejects(inputs, dataset)
  const limit = `${Math.round(dataset.maxRejectedRatio * 1000) / 10}%`
  if (exceeded) return `more than ${limit} of its ${exceeded} are rejected (maxRejectedRatio)`
  const failed = checks.find(stops)
  return failed && `check ${failed.check}: expected ${failed.expected}, found ${failed.found}`
}

async function firstRows({ processed, parts }: SandboxResult, limit: number) {
  const [first] = processed.parts
  if (!first) return { rows: [], columns: new Map() }
  const file = await openParquet(join(parts, first.name))
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
