import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import type { BuildFailure } from 'esbuild'
import { errorText } from '../error-text.ts'
import { orInterrupted } from '../session.ts'
import { colors } from '../view/colors.ts'
import { plainText } from '../../client/text-rows.ts'
import { addCommonOptions, countArgument, usageAsync, type CommonFlags } from '../options.ts'
import { printable } from '../../core/printable.ts'
import { note, printJson, printLine } from '../output.ts'
import type { Tried } from '../sandbox/try-dataset.ts'
import type { TypeProblem } from '../types/type-problem.ts'
import { count, counted, duration } from '../../core/format.ts'
import { renderProfile } from '../view/profile.ts'
import { renderRows } from '../view/rows.ts'

interface TryFlags extends CommonFlags {
  readonly limit: number
  readonly types: boolean
  readonly watch?: true
  readonly profile?: true
}

const PROJECT_ROOT = fileURLToPath(new URL('../..', import.meta.url))
const DEFAULT_LIMIT = 10
/** Width assumed if stdout is no terminal. */
const DEFAULT_WIDTH = 120

/** Adds the command `try`, which runs only the feature code of a dataset on local files and shows the rows. */
export function addTryCommand(program: Command): void {
  const command = program
    .command('try')
    .description(
      'run only the feature code of a dataset over files, as the job does, and check its types; nothing is published; ' +
        'exit code 1 if a day like this would fail, or types are wrong',
    )
    .argument('<dataset>', 'name of the dataset')
    .argument('<file...>', 'JSON Lines, plain or compressed')
    .option('--limit <n>', 'rows and rejected records to show', countArgument, DEFAULT_LIMIT)
    .option('--watch', 'run again whenever the module, what it imports or a file changes, until Ctrl-C')
    .option('--profile', 'show what the values of each column are like')
    .option('--no-types', 'leave types unchecked')
  addCommonOptions(command).action(async (dataset: string, files: string[], flags: TryFlags) => {
    if (flags.watch && flags.json) command.error('error: --watch: expected it without --json, found both.')
    await orInterrupted(async (signal) => {
      if (!flags.watch) return await tryOnce(command, dataset, files, flags, signal)
      const { watchFiles } = await import('../sandbox/watch-files.ts')
      await watchFiles(signal, () => tryAgain(dataset, files, flags, signal))
      signal.throwIfAborted()
    })
  })
}

type Attempt = readonly [dataset: string, files: readonly string[], flags: TryFlags, signal: AbortSignal]

async function tryOnce(command: Command, ...attempt: Attempt): Promise<void> {
  await usageAsync(command, ['UnknownDataset', 'InvalidInput'], () => tryOut(...attempt))
}

/** Tries the files once and prints an error instead of throwing it. Returns the files to watch. */
async function tryAgain(...attempt: Attempt): Promise<readonly string[]> {
  const [, files, { datasets }, signal] = attempt
  try {
    return await tryOut(...attempt)
  } catch (error) {
    if (!signal.aborted) printLine(colors.red(`error: ${errorText(error, false)}`))
    return [...files, ...(datasets === undefined ? [] : [datasets]), ...filesOfError(error)]
  } finally {
    if (!signal.aborted)
      printLine(`\n${new Date().toLocaleTimeString()}: waiting for changes; Ctrl-C ends it.\n`)
  }
}

/** Returns the modules that the bundler names as the cause of a failure. */
function filesOfError(error: unknown): string[] {
  const { errors = [] } = ((error as Error).cause ?? {}) as Partial<BuildFailure>
  return errors.flatMap(({ location }) => (location ? [resolve(PROJECT_ROOT, location.file)] : []))
}

/**
 * Tries the files and prints rows first, type errors once they are known. Returns all files that the output depends on.
 */
async function tryOut(...[dataset, names, flags, signal]: Attempt): Promise<readonly string[]> {
  // Imported here, because --help does not need esbuild and the engine.
  const [{ openSandbox }, { rawFiles, tryDataset }, { checkTypes }, { DEFAULT_REGISTRY }] = await Promise.all(
    [
      import('../sandbox/run-sandbox.ts'),
      import('../sandbox/try-dataset.ts'),
      import('../types/run-check.ts'),
      import('../../lib/bundle/options.ts'),
    ],
  )
  const files = rawFiles(names)
  const { limit, datasets: registry = DEFAULT_REGISTRY } = flags
  const sandbox = await openSandbox({ registry, note, signal })
  const types = flags.types ? checkTypes({ registry, dataset, signal }) : Promise.resolve(undefined)
  try {
    const tried = await tryDataset(sandbox, { dataset, files, limit, profile: flags.profile })
    const width = process.stdout.columns ?? DEFAULT_WIDTH
    if (!flags.json) printLine(renderTried(tried, width))
    if (!flags.json && tried.profile)
      printLine(`\n${renderProfile({ rows: tried.rowCount, columns: tried.profile }, width)}`)
    const problems = await types
    if (flags.json) printJson(document(tried, problems))
    else printTypes(problems)
    if (tried.failure !== undefined || problems?.length) process.exitCode = 1
    return [...sandbox.modules, ...files.map(({ path }) => path)]
  } catch (error) {
    // Type errors may be the cause of the failure.
    if (!flags.json && !signal.aborted) printTypes(await types)
    throw error
  } finally {
    sandbox.close()
  }
}

function document({ columns, ...tried }: Tried, typeErrors: readonly TypeProblem[] | undefined) {
  const recordsPerSecond = tried.records / tried.seconds
  return { ...tried, recordsPerSecond, columns: [...columns.keys()], ...(typeErrors && { typeErrors }) }
}

function printTypes(problems: readonly TypeProblem[] | undefined): void {
  if (!problems) return
  if (problems.length === 0) printLine('Types are right.')
  for (const { file, line, column, message } of problems)
    printLine(`${colors.bold(`${file}:${line}:${column}`)}: ${colors.red('type')}: ${message}`)
}

/**
 * Renders the result of `try`: the first rows and rejected records, and the counts of all.
 *
 * @param width characters per line
 */
export function renderTried(tried: Tried, width: number): string {
  const names = [...tried.columns.keys()]
  const rows = tried.rows.map((row) => [...tried.columns].map(([name, leaf]) => plainText(row[name], leaf)))
  const several = tried.files.length > 1
  const rejects = tried.rejects.map(
    ({ source, line, reason, message, raw, rawBase64 }) =>
      `${several ? `${printable(source)} ` : ''}line ${count(line)}: ${colors.red(reason)}: ${message}\n` +
      `  ${(raw ?? `base64 ${rawBase64}`).slice(0, width - 2)}`,
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

function countsLine({ files, records, kept, dropped, rejected, rowCount, seconds, failure }: Tried): string {
  const counts = `${count(kept)} kept as ${counted(rowCount, 'row')}, ${count(dropped)} dropped, ${count(rejected)} rejected`
  const speed = `${count(Math.round(records / seconds))} a second, the start included`
  const of = files.length > 1 ? ` of ${files.length} files` : ''
  const lines = [`${counted(records, 'record')}${of} in ${duration(seconds)} (${speed}): ${counts}.`]
  for (const { file, unread } of files) {
    if (unread !== undefined) {
      const which = files.length > 1 ? `${printable(file)}: ` : ''
      lines.push(colors.red(`Not read: ${which}${printable(unread)}.`))
    }
  }
  if (failure !== undefined) lines.push(colors.red(`A day like this would fail: ${failure}.`))
  return lines.join('\n')
}
