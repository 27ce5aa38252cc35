import { mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { queryColumns, runQuery } from '../aws/athena-query.ts'
import { retryOverlaps } from '../aws/overlaps.ts'
import { readChecked } from './checked-read.ts'
import { emptyParquet } from './empty-parquet.ts'
import type { Allowed } from './gaps.ts'
import { columnNames, openParquet, rowCount } from './parquet-file.ts'
import { queryTables } from './query-tables.ts'
import { sidecarOf, sidecarText, type DaysToCheck, type Loaded } from './sidecar.ts'
import type { Target } from './target.ts'
import { downloadParts, inBrackets, unload, type Unloaded } from './unload.ts'
import { loadFormat, WRITERS } from './write-rows.ts'

/**
 * Step that a load has reached: days are checked, the query runs, its files are downloaded, the output is written. A
 * query that overlaps a publish starts again from `query`.
 */
export type LoadStep =
  | { readonly step: 'check' }
  | { readonly step: 'query'; readonly scannedBytes: number }
  | { readonly step: 'download'; readonly parts: number; readonly of: number }
  | { readonly step: 'write' }

/** Days to check before a load, callbacks and clock. */
export interface LoadOptions extends Allowed {
  /** Days to check for gaps. @default nothing is checked */
  readonly check?: DaysToCheck | undefined
  /**
   * Called at each step and as it goes on: `scannedBytes` is the total of all queries, `parts` of `of` files are
   * downloaded.
   * @default not called
   */
  readonly onStep?: (step: LoadStep) => void
  /** Current ISO time, for the sidecar. @default this machine's clock */
  readonly now?: () => string
}

/**
 * Writes the result of a SELECT to a file, in no particular order of rows: UNLOAD drops any order of the query. A
 * sidecar `<file>.json` describes the source. Both files appear complete or not at all; until then, a folder beside
 * them holds the parts. Text formats hold one row group in memory, Parquet none.
 * https://docs.aws.amazon.com/athena/latest/ug/unload.html
 *
 * @param file its ending chooses the format
 * @throws DayfoldError InvalidInput for an unknown file format
 * @throws DayfoldError DaysMissing, MixedFeatureCode, DaysMoved if days have gaps, mixed feature code, or change during
 *   each attempt
 * @throws DayfoldError QueryFailed with Athena's reason
 */
export async function loadToFile(
  target: Target,
  sql: string,
  file: string,
  options: LoadOptions = {},
): Promise<Loaded> {
  loadFormat(file)
  const reading = await readWhole(target, sql, options)
  try {
    return await writeFiles(target, sql, file, reading, options)
  } finally {
    await reading.unloaded.remove()
  }
}

interface Reading extends Pick<Loaded, 'days' | 'otherTables' | 'scannedBytes'> {
  readonly unloaded: Unloaded
}

/** Runs the query, again if its days were published meanwhile. */
async function readWhole(target: Target, sql: string, options: LoadOptions): Promise<Reading> {
  const { check, onStep } = options
  let scannedBytes = 0
  const read = async () => {
    const onProgress = (bytes: number) => onStep?.({ step: 'query', scannedBytes: scannedBytes + bytes })
    const unloaded = await unload(target, sql, { onProgress })
    scannedBytes += unloaded.scannedBytes
    return unloaded
  }
  if (!check) return { unloaded: await read(), days: null, otherTables: [], scannedBytes }
  onStep?.({ step: 'check' })
  const tables = check.datasets ? { datasets: check.datasets, others: [] } : await queryTables(target, sql)
  const discard = (unloaded: Unloaded) => unloaded.remove()
  const { result, days } = await readChecked(target, { ...check, ...tables }, read, discard, options)
  return { unloaded: result, days, otherTables: tables.others, scannedBytes }
}

async function writeFiles(
  target: Target,
  sql: string,
  file: string,
  { unloaded, days, otherTables, scannedBytes }: Reading,
  options: LoadOptions,
): Promise<Loaded> {
  const { onStep, now = () => new Date().toISOString() } = options
  // The folder is beside the file, so that the renames at the end stay within one file system.
  const folder = await mkdtemp(join(dirname(file), `.${basename(file)}-`))
  try {
    const onPart = (parts: number, of: number) => onStep?.({ step: 'download', parts, of })
    const paths = await downloadParts(target, unloaded.parts, folder, onPart)
    if (paths.length === 0) paths.push(await emptyPart(target, sql, folder))
    onStep?.({ step: 'write' })
    const parts = await Promise.all(paths.map(openParquet))
    const format = loadFormat(file)
    const whole = join(folder, `whole${format}`)
    await WRITERS[format](parts, whole)
    const loaded: Loaded = {
      file,
      rows: parts.reduce((sum, part) => sum + rowCount(part), 0),
      bytes: (await stat(whole)).size,
      columns: columnNames(parts[0]!),
      query: unloaded.query,
      scannedBytes,
      days,
      otherTables,
    }
    const sidecar = join(folder, 'sidecar.json')
    await writeFile(sidecar, sidecarText(sidecarOf(loaded, sql, { ...options, loadedAt: now() })))
    // An older sidecar must not stand beside a newer file.
    await rm(`${file}.json`, { force: true })
    await rename(whole, file)
    await rename(sidecar, `${file}.json`)
    return loaded
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** UNLOAD writes no file without rows, so the columns come from the query itself. */
async function emptyPart(target: Target, sql: string, folder: string): Promise<string> {
  const { clients, database, workgroup } = target
  const columns = await retryOverlaps(async () => {
    const query = await runQuery(`SELECT * FROM ${inBrackets(sql)} LIMIT 0`, {
      athena: clients.athena,
      database,
      workgroup,
    })
    return queryColumns(clients.athena, query)
  })
  const path = join(folder, 'empty.parquet')
  await writeFile(path, emptyParquet(columns))
  return path
}
