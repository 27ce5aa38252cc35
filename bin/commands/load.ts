import { mkdirSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { Command } from 'commander'
import { featuresSql } from '../../client/features-sql.ts'
import type { LoadOptions } from '../../client/load.ts'
import type { RangeDay } from '../../client/range-days.ts'
import { queryDollars, type Loaded } from '../../client/sidecar.ts'
import { dayParameters, withDays } from '../../client/sql-days.ts'
import type { Target } from '../../client/target.ts'
import { DayfoldError } from '../../core/errors.ts'
import { addCommonOptions, dayArgument, usage, usageAsync, type CommonFlags } from '../options.ts'
import { note, printJson, printLine } from '../output.ts'
import { withLastRaw } from '../last-raw.ts'
import { changedLines } from '../redo-commands.ts'
import { openSession } from '../session.ts'
import { bytes, counted, duration } from '../../core/format.ts'
import { stepsView } from '../view/load-steps.ts'
import { checkDatasets } from './status.ts'

interface LoadFlags extends CommonFlags {
  readonly dataset?: string
  readonly from?: string
  readonly to?: string
  readonly columns?: readonly string[]
  readonly sql?: string
  readonly sqlFile?: string
  readonly allowGaps?: true
  readonly allowMixed?: true
  readonly out: string
}

/** Adds the command `load`, which writes the features of a range of days, or the result of a query, to a file. */
export function addLoadCommand(program: Command): void {
  const command = program
    .command('load')
    .description(
      'write the features of a range of days, or the result of a query, to a file, and what they were made of to <file>.json',
    )
    .option('--dataset <name>', 'dataset to load')
    .option('--from <day>', 'first day, YYYY-MM-DD', dayArgument)
    .option('--to <day>', 'last day, inclusive', dayArgument)
    .option('--columns <names>', 'its columns, separated by commas (default: all)', (text) => text.split(','))
    .option(
      '--sql <select>',
      'a SELECT for Athena instead of a dataset; its ORDER BY is not kept. With --from and --to, :from and :to in it are these days, and the days of every table of a dataset that it reads are checked',
    )
    .option('--sql-file <file>', 'a file with such a SELECT')
    .option('--allow-gaps', 'load although days are missing, failed or damaged')
    .option('--allow-mixed', 'load although different feature code made the days')
    .requiredOption('--out <file>', 'file to write: .parquet, .csv or .jsonl')
  addCommonOptions(command).action((flags: LoadFlags) => load(command, flags))
}

async function load(command: Command, flags: LoadFlags): Promise<void> {
  const { loadToFile } = await import('../../client/load.ts')
  const { loadFormat } = await import('../../client/write-rows.ts')
  usage(command, () => loadFormat(flags.out))
  const select = usage(command, () => selectOf(flags))
  const session = await usageAsync(command, ['InvalidInput'], () =>
    openSession(flags, { mode: 'read', note: () => undefined }),
  )
  const view = stepsView(process.stderr)
  try {
    const sql = select ?? usage(command, () => rangeSql(session.target, flags))
    const file = resolve(flags.out)
    mkdirSync(dirname(file), { recursive: true })
    const start = Date.now()
    const loaded = await loadToFile(session.target, sql, file, { ...optionsOf(flags), onStep: view.show })
    view.close()
    tell(loaded, sql, (Date.now() - start) / 1000, flags)
  } catch (error) {
    view.close()
    for (const line of remedies(error, withLastRaw(flags))) note(line)
    throw error
  } finally {
    view.close()
    await session.close()
  }
}

/** Returns the commands that work on the refused days again. */
function remedies(error: unknown, flags: LoadFlags): string[] {
  if (!(error instanceof DayfoldError)) return []
  const { gaps = [], mixed = [] } = error.context as {
    gaps?: readonly RangeDay[]
    mixed?: readonly RangeDay[]
  }
  return changedLines('Days that were refused are looked at again with:', [...gaps, ...mixed], flags)
}

function tell(loaded: Loaded, sql: string, seconds: number, flags: LoadFlags): void {
  if (flags.json) return printJson({ ...loaded, sql, seconds })
  const { file, rows, columns, scannedBytes, days } = loaded
  const checked = days === null ? 'not checked for gaps' : `${counted(days.length, 'dataset-day')} checked`
  printLine(
    `${file}: ${counted(rows, 'row')} of ${counted(columns.length, 'column')}, ${bytes(loaded.bytes)}, in ${duration(seconds)}.`,
  )
  const dollars = queryDollars(scannedBytes).toFixed(5)
  printLine(`Athena read ${bytes(scannedBytes)} for $${dollars}; ${checked}: see ${file}.json.`)
}

/** Days are checked if --from and --to are given: those of the dataset, or of whatever the SQL reads. */
function optionsOf({ dataset, from, to, allowGaps, allowMixed }: LoadFlags): LoadOptions {
  const datasets = dataset === undefined ? {} : { datasets: [dataset] }
  return {
    ...(from !== undefined && to !== undefined && { check: { from, to, ...datasets } }),
    allowGaps,
    allowMixed,
  }
}

const RANGE = '--dataset, --from and --to'

/**
 * Returns the given SELECT with its days filled in; undefined if a dataset is loaded instead.
 *
 * @throws DayfoldError InvalidInput for flags that do not go together
 */
function selectOf({
  dataset,
  from,
  to,
  columns,
  sql,
  sqlFile,
  allowGaps,
  allowMixed,
}: LoadFlags): string | undefined {
  const range = [from, to].filter((value) => value !== undefined).length
  if (sql !== undefined && sqlFile !== undefined) throw invalid('expected --sql or --sql-file, found both')
  if (sql === undefined && sqlFile === undefined) {
    const missing = Object.entries({ dataset, from, to }).flatMap(([name, value]) =>
      value === undefined ? [`--${name}`] : [],
    )
    if (missing.length === 0) return undefined
    const found = missing.length === 3 ? 'none of them' : `no ${missing.join(' and no ')}`
    throw invalid(`expected ${RANGE}, or --sql or --sql-file; found ${found}`)
  }
  if (dataset !== undefined || columns) {
    throw invalid(`expected --sql or --sql-file, or ${RANGE}, found both`)
  }
  if (range === 1) throw invalid('expected --from and --to, or neither, with SQL, found one')
  const select = sql ?? readSql(sqlFile!)
  if (from !== undefined && to !== undefined) return withDays(select, { from, to })
  const [parameter] = dayParameters(select)
  if (parameter !== undefined)
    throw invalid(`expected --from and --to for :${parameter} of the SQL, found neither`)
  if (allowGaps ?? allowMixed)
    throw invalid(
      'expected --from and --to with --allow-gaps and --allow-mixed: without them SQL is not checked',
    )
  return select
}

function readSql(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw invalid(`--sql-file ${file}: expected a file that can be read, found ${(error as Error).message}`)
  }
}

const invalid = (problem: string) => new DayfoldError('InvalidInput', `load: ${problem}.`)

function rangeSql(target: Target, { dataset, from, to, columns }: LoadFlags): string {
  checkDatasets(target, [dataset!])
  const found = target.datasets.find(({ name }) => name === dataset)!
  const described = { name: found.name, columns: found.columns.map(({ name }) => name) }
  return featuresSql(described, { from: from!, to: to!, ...(columns && { columns }) })
}
