import type { Command } from 'commander'
import { colors } from '../view/colors.ts'
import { plainText } from '../../client/text-rows.ts'
import { addCommonOptions, countArgument, usageAsync, type CommonFlags } from '../options.ts'
import { printable } from '../../core/printable.ts'
import { printJson, printLine } from '../output.ts'
import type { Tried } from '../try-dataset.ts'
import { count, counted, duration } from '../view/format.ts'
import { renderRows } from '../view/rows.ts'

interface TryFlags extends CommonFlags {
  readonly limit: number
}

const DEFAULT_LIMIT = 10
/** Of a line, where it is not known. */
const DEFAULT_WIDTH = 120

/** Adds `try`: what a dataset makes of a file. */
export function addTryCommand(program: Command): void {
  const command = program
    .command('try')
    .description(
      'run only the feature code of a dataset over a file; nothing is published; exit code 1 if a day like this would fail',
    )
    .argument('<dataset>', 'name of the dataset')
    .argument('<file>', 'JSON Lines, plain or compressed')
    .option('--limit <n>', 'rows and rejected records to show', countArgument, DEFAULT_LIMIT)
  addCommonOptions(command).action(async (dataset: string, file: string, flags: TryFlags) => {
    // esbuild and the engine are of no use to --help.
    const [{ tryDataset }, { DEFAULT_REGISTRY }] = await Promise.all([
      import('../try-dataset.ts'),
      import('../../lib/bundle/options.ts'),
    ])
    const { limit, datasets: registry = DEFAULT_REGISTRY } = flags
    const tried = await usageAsync(command, ['UnknownDataset', 'InvalidInput'], () =>
      tryDataset({ dataset, file, registry, limit }),
    )
    if (flags.json) printJson(document(tried))
    else printLine(renderTried(tried, process.stdout.columns ?? DEFAULT_WIDTH))
    if (tried.failure !== undefined) process.exitCode = 1
  })
}

function document({ columns, ...tried }: Tried) {
  return { ...tried, recordsPerSecond: tried.records / tried.seconds, columns: [...columns.keys()] }
}

/** Rows, rejects and counts. */
export function renderTried(tried: Tried, width: number): string {
  const names = [...tried.columns.keys()]
  const rows = tried.rows.map((row) => [...tried.columns].map(([name, leaf]) => plainText(row[name], leaf)))
  const rejects = tried.rejects.map(
    ({ line, reason, message, raw, rawBase64 }) =>
      `line ${count(line)}: ${colors.red(reason)}: ${message}\n  ${(raw ?? `base64 ${rawBase64}`).slice(0, width - 2)}`,
  )
  const parts = [
    rows.length === 0 ? '' : renderRows(names, rows, width),
    more(tried.rowCount - rows.length, 'row'),
    rejects.length === 0 ? '' : `\n${rejects.join('\n')}`,
    more(tried.rejected - rejects.length, 'rejected record'),
    `\n${countsLine(tried)}`,
  ]
  return parts.filter((part) => part !== '').join('\n')
}

function more(left: number, one: string): string {
  return left > 0 ? `… and ${counted(left, `more ${one}`)} (--limit shows more)` : ''
}

function countsLine({ records, kept, dropped, rejected, rowCount, seconds, unread, failure }: Tried): string {
  const counts = `${count(kept)} kept as ${counted(rowCount, 'row')}, ${count(dropped)} dropped, ${count(rejected)} rejected`
  const speed = `${count(Math.round(records / seconds))} a second, the start included`
  const lines = [`${counted(records, 'record')} in ${duration(seconds)} (${speed}): ${counts}.`]
  if (unread !== undefined) lines.push(colors.red(`Not read: ${printable(unread)}.`))
  if (failure !== undefined) lines.push(colors.red(`A day like this would fail: ${failure}.`))
  return lines.join('\n')
}
