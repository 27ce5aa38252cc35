import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { homePaths } from '@dayfold/local-aws/home'
import { Option, type Command } from 'commander'
import { colors } from '../view/colors.ts'
import type { RunRequest } from '../../client/executions.ts'
import type { Target, TargetDataset } from '../../client/target.ts'
import { DayfoldError } from '../../core/errors.ts'
import { s3Uri } from '../../core/layout.ts'
import { parseExecutionInput } from '../../core/execution-input.ts'
import { ACCEPT, DEFAULT_MODE, describeModes, MODE_NAMES } from '../../core/modes.ts'
import { interruptSignal } from '../interrupt.ts'
import {
  addCommonOptions,
  collect,
  countArgument,
  dayArgument,
  usage,
  usageAsync,
  type CommonFlags,
} from '../options.ts'
import { pricesWith } from '../../client/prices.ts'
import { LIST_PRICES, type Prices } from '../../core/cost/prices.ts'
import { printJson, printLine } from '../output.ts'
import { checkMounts, rawMounts } from '../raw-mounts.ts'
import { lastRaw, noteRaw, withLastRaw } from '../last-raw.ts'
import { followLines, redoLines, resumeLines } from '../redo-commands.ts'
import type { RunResult } from '../run-execution.ts'
import { INTERRUPTED, openSession, openUnlessInterrupted, type Session } from '../session.ts'
import { duration } from '../../core/format.ts'
import { renderEstimate, renderSpent } from '../view/costs.ts'
import { progressView } from '../view/progress-view.ts'
import { headline, mendableIn, outstandingIn, outstandingLine, unrecordedIn } from '../view/run-ending.ts'
import { renderSummary } from '../view/summary.ts'

interface RunFlags extends CommonFlags, Omit<RunRequest, 'datasets'> {
  readonly accept?: true
  readonly dataset?: readonly string[]
  /** Name or ARN of a running execution to follow. */
  readonly follow?: string
  /** Path of a JSON file with prices. */
  readonly prices?: string
}

/** Adds the command `run`, which starts an execution, or joins a running one, and follows it to its end. */
export function addRunCommand(program: Command): void {
  const command = program
    .command('run')
    .description('start an execution and follow it; exit code 1 if a day failed, is stuck or superseded')
    .option('--from <day>', 'first day, YYYY-MM-DD (default: the days of the schedule)', dayArgument)
    .option('--to <day>', 'last day, inclusive', dayArgument)
    .option('--dataset <name>', 'only this dataset; repeatable', collect)
    .addOption(
      new Option(
        '--mode <mode>',
        `which of these days to work on; ${describeModes()} (default: ${DEFAULT_MODE})`,
      ).choices(MODE_NAMES),
    )
    .addOption(new Option('--accept', `the same as --mode ${ACCEPT}`).conflicts('mode'))
    .option('--max-concurrency <n>', 'dataset-days at once (default: configuration)', countArgument)
    .option('--dry-run', 'only say what would be done, and about how long it would take and cost')
    .option('--prices <file>', 'JSON with prices in the place of list prices, as docs/cost.md names them')
    .option('--follow <execution>', 'aws: start none, but follow this one to its end; its name or ARN')
    .option('--allow-empty', 'let a rebuild empty a day that has data and no raw files any more')
  addCommonOptions(command).action(async (flags: RunFlags) => {
    const request = usage(command, () => checkedRequest(flags))
    const prices = usage(command, () => readPrices(flags))
    const mounts = (datasets: readonly TargetDataset[] = []) => rawMounts(flags.raw, flags.dataset, datasets)
    // A missing folder can be reported before anything is deployed.
    usage(command, () => mounts())
    // Imported here, because --help and mistakes in the arguments do not need the SDK.
    const { checkRequest } = await import('../../client/executions.ts')
    const { followRun, runExecution } = await import('../run-execution.ts')
    const { knownExecution } = await import('../../client/known-execution.ts')
    const signal = interruptSignal()
    const view = progressView(process.stderr, Date.now)
    const options = { mode: 'run', mounts, note: (line: string) => view.note(line), signal } as const
    const session = await usageAsync(command, ['InvalidInput'], () =>
      openUnlessInterrupted(() => openSession(flags, options), options),
    )
    if (!session) return
    try {
      await noteMounts(flags, options.note)
      usage(command, () => checkRequest(session.target, request, new Date()))
      usage(command, () => checkMounts(mounts(session.target.datasets), askedFor(session.target, request)))
      const known =
        flags.follow === undefined
          ? undefined
          : await usageAsync(command, ['InvalidInput'], () => knownExecution(session.target, flags.follow!))
      const how = { view, signal, prices }
      const result = await (known ? followRun(session, known, how) : runExecution(session, request, how))
      if (flags.json) printJson(resultDocument(result))
      else {
        printResult(result, withLastRaw(flags), prices)
        for (const line of pageLines(session, result)) printLine(line)
        for (const line of await goOnLines(session, result, known?.request ?? request, flags)) printLine(line)
      }
      if (hasGoneWrong(result)) process.exitCode = signal.aborted ? INTERRUPTED : 1
    } finally {
      await session.close()
    }
  })
}

/** Keeps in mind which raw files a local run shows, or says that it shows none where an earlier one did. */
async function noteMounts({ target, home, raw }: RunFlags, note: (line: string) => void): Promise<void> {
  if (target !== 'local') return
  if (raw !== undefined) return await noteRaw(home, raw)
  const last = lastRaw(home)
  if (last !== undefined) note(`No --raw: only files in the home are read. An earlier run had --raw ${last}.`)
}

/**
 * Returns the execution input that the flags ask for.
 *
 * @throws DayfoldError InvalidInput for an invalid one
 */
function checkedRequest(flags: RunFlags): RunRequest {
  if (flags.follow !== undefined) checkFollow(flags)
  const { from, to, dataset: datasets, maxConcurrency, dryRun, allowEmpty } = flags
  const mode = flags.accept ? ACCEPT : flags.mode
  const request = { from, to, datasets, mode, maxConcurrency, dryRun, allowEmpty }
  parseExecutionInput(request)
  return request
}

/** --follow takes no options of what to run, because the execution is running already. */
function checkFollow({
  target,
  from,
  dataset,
  mode,
  accept,
  maxConcurrency,
  dryRun,
  allowEmpty,
}: RunFlags): void {
  const invalid = (message: string) => new DayfoldError('InvalidInput', `--follow: ${message}`)
  if (target !== 'aws')
    throw invalid('expected --target aws with it, found local, where runs end with their process.')
  const given = {
    '--from': from,
    '--dataset': dataset,
    '--mode': mode,
    '--accept': accept,
    '--max-concurrency': maxConcurrency,
  }
  const others = { ...given, '--dry-run': dryRun, '--allow-empty': allowEmpty }
  const found = Object.entries(others).find(([, value]) => value !== undefined)?.[0]
  if (found !== undefined) throw invalid(`expected nothing about what to run beside it, found ${found}.`)
}

/** @throws DayfoldError InvalidInput for a file that cannot be read or contains anything else */
function readPrices({ prices: file }: RunFlags): Prices {
  if (file === undefined) return LIST_PRICES
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (cause) {
    throw new DayfoldError('InvalidInput', `--prices ${file}: expected a file, found ${String(cause)}`, {
      cause,
    })
  }
  return pricesWith(text, file)
}

/** Returns the commands that go on after an interruption. */
async function goOnLines(
  { target }: Session,
  { execution, status }: RunResult,
  request: RunRequest,
  flags: RunFlags,
): Promise<string[]> {
  if (status === 'RUNNING') return followLines(execution, flags)
  if (status !== 'ABORTED' || flags.target === 'local') return []
  const { daysLeft } = await import('../../client/known-execution.ts')
  return resumeLines(request, request.mode === 'rebuild' ? await daysLeft(target, execution) : [], flags)
}

/** Returns the place of the execution's page. */
function pageLines({ target, home }: Session, { summary }: RunResult): string[] {
  if (summary?.report === undefined) return []
  const { dataBucket } = target
  const place =
    home === undefined
      ? s3Uri(dataBucket, summary.report)
      : relative('.', homePaths(home).object(dataBucket, summary.report))
  return [`Page: ${place}`]
}

function askedFor({ datasets }: Target, request: RunRequest): TargetDataset[] {
  return datasets.filter(({ name }) => request.datasets?.includes(name) ?? true)
}

function resultDocument({ summary, ...result }: RunResult) {
  return { ...result, ...summary }
}

/** The exit code also tells of days that the execution left outstanding, although it succeeded. */
const hasGoneWrong = ({ status, problem, summary }: RunResult) =>
  status !== 'SUCCEEDED' || problem !== undefined || outstandingIn(summary).length > 0

function printResult(result: RunResult, flags: CommonFlags, prices: Prices): void {
  const { execution, status, summary, problem, error, cause, seconds, estimate, spent, costUnknown } = result
  if (summary) printLine(renderSummary(summary))
  if (estimate && estimate.jobs > 0) printLine(renderEstimate(estimate, prices))
  if (spent) printLine(renderSpent(spent, prices))
  if (costUnknown !== undefined) printLine(`What it costs is not known: ${costUnknown}`)
  if (problem) printLine(colors.red(problem))
  if (status === 'RUNNING') {
    printLine(`${execution.name} goes on without you. In the Step Functions console: ${execution.arn}`)
  } else if (status === 'SUCCEEDED') {
    printLine(`${colors.green('Succeeded')}: ${headline(summary)} in ${duration(seconds)}.`)
  } else {
    printLine(`${colors.red(words(status))}${error ? ` with ${error}` : ''} after ${duration(seconds)}.`)
    if (cause) printLine(cause)
    else if (status === 'ABORTED' && flags.target === 'local')
      printLine('Stopped. Run again to go on: nothing is lost.')
  }
  const outstanding = outstandingLine(summary)
  if (outstanding !== '') printLine(colors.red(outstanding))
  for (const line of redoLines(mendableIn(summary), flags, unrecordedIn(summary))) printLine(line)
}

function words(status: string): string {
  return status.charAt(0) + status.slice(1).toLowerCase().replaceAll('_', ' ')
}
