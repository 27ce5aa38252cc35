import { mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { Command } from 'commander'
import { featuresSql } from '../../client/features-sql.ts'
import type { Target } from '../../client/target.ts'
import { DayfoldError } from '../../core/errors.ts'
import { addCommonOptions, dayArgument, usage, usageAsync, type CommonFlags } from '../options.ts'
import { printJson, printLine } from '../output.ts'
import { openSession } from '../session.ts'
import { bytes, counted, duration } from '../view/format.ts'
import { checkDatasets } from './status.ts'

interface LoadFlags extends CommonFlags {
  readonly dataset?: string
  readonly from?: string
  readonly to?: string
  readonly columns?: readonly string[]
  readonly sql?: string
  readonly out: string
}

/** Adds `load`: features of a range, or the result of a query, to a file. */
export function addLoadCommand(program: Command): void {
  const command = program
    .command('load')
    .description('write the features of a range of days, or the result of a query, to a file')
    .option('--dataset <name>', 'dataset to load')
    .option('--from <day>', 'first day, YYYY-MM-DD', dayArgument)
    .option('--to <day>', 'last day, inclusive', dayArgument)
    .option('--columns <names>', 'its columns, separated by commas (default: all)', (text) => text.split(','))
    .option('--sql <select>', 'a SELECT for Athena instead of a dataset and days; its ORDER BY is not kept')
    .requiredOption('--out <file>', 'file to write: .parquet, .csv or .jsonl')
  addCommonOptions(command).action(async (flags: LoadFlags) => {
    const { loadFormat, loadToFile } = await import('../../client/load.ts')
    usage(command, () => loadFormat(flags.out))
    usage(command, () => checkFlags(flags))
    const session = await usageAsync(command, ['InvalidInput'], () =>
      openSession(flags, { mode: 'read', note: () => undefined }),
    )
    try {
      const sql = flags.sql ?? usage(command, () => rangeSql(session.target, flags))
      const file = resolve(flags.out)
      mkdirSync(dirname(file), { recursive: true })
      const start = Date.now()
      const loaded = await loadToFile(session.target, sql, file)
      const seconds = (Date.now() - start) / 1000
      if (flags.json) printJson({ ...loaded, sql, seconds })
      else {
        const { rows, columns } = loaded
        printLine(
          `${file}: ${counted(rows, 'row')} of ${counted(columns.length, 'column')}, ${bytes(loaded.bytes)}, in ${duration(seconds)}.`,
        )
      }
    } finally {
      await session.close()
    }
  })
}

const RANGE = '--dataset, --from and --to'

function checkFlags(flags: LoadFlags): void {
  const { dataset, from, to, columns, sql } = flags
  const given = [dataset, from, to].filter((value) => value !== undefined).length
  if (sql !== undefined && (given > 0 || columns)) {
    throw new DayfoldError('InvalidInput', `load: expected either --sql or ${RANGE}, found both.`)
  }
  if (sql === undefined && given < 3) {
    throw new DayfoldError('InvalidInput', `load: expected ${RANGE}, or --sql; found ${given} of the three.`)
  }
}

function rangeSql(target: Target, { dataset, from, to, columns }: LoadFlags): string {
  checkDatasets(target, [dataset!])
  const found = target.datasets.find(({ name }) => name === dataset)!
  const described = { name: found.name, columns: found.columns.map(({ name }) => name) }
  return featuresSql(described, { from: from!, to: to!, ...(columns && { columns }) })
}
