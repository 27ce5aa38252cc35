import { Option, type Command } from 'commander'
import { colors } from '../view/colors.ts'
import type { RunRequest } from '../../client/executions.ts'
import type { Target, TargetDataset } from '../../client/target.ts'
import { parseExecutionInput } from '../../core/execution-input.ts'
import { isOutstanding } from '../../core/day-status.ts'
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
import { printJson, printLine } from '../output.ts'
import { checkMounts, rawMounts } from '../raw-mounts.ts'
import { redoLines } from '../redo-commands.ts'
import type { RunResult } from '../run-execution.ts'
import { INTERRUPTED, openSession, openUnlessInterrupted } from '../session.ts'
import { counted, duration } from '../view/format.ts'
import { progressView } from '../view/progress-view.ts'
import { renderSummary } from '../view/summary.ts'

interface RunFlags extends CommonFlags, Omit<RunRequest, 'datasets'> {
  readonly accept?: true
  readonly dataset?: readonly string[]
}

/** Adds `run`: starts an execution and follows it. */
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
    .option('--dry-run', 'only say what would be done')
    .option('--allow-empty', 'let a rebuild empty a day that has data and no raw files any more')
  addCommonOptions(command).action(async (flags: RunFlags) => {
    const request = usage(command, () => checkedRequest(flags))
    const mounts = (datasets: readonly TargetDataset[] = []) => rawMounts(flags.raw, flags.dataset, datasets)
    // The SDK is of no use to --help and to mistakes in the arguments.
    const { checkRequest } = await import('../../client/executions.ts')
    const { runExecution } = await import('../run-execution.ts')
    const signal = interruptSignal()
    const view = progressView(process.stderr, Date.now)
    const options = { mode: 'run', mounts, note: (line: string) => view.note(line), signal } as const
    const session = await usageAsync(command, ['InvalidInput'], () =>
      openUnlessInterrupted(() => openSession(flags, options), options),
    )
    if (!session) return
    try {
      usage(command, () => checkRequest(session.target, request, new Date()))
      usage(command, () => checkMounts(mounts(session.target.datasets), askedFor(session.target, request)))
      const result = await runExecution(session, request, view, signal)
      if (flags.json) printJson(resultDocument(result))
      else printResult(result, flags)
      if (hasGoneWrong(result)) process.exitCode = signal.aborted ? INTERRUPTED : 1
    } finally {
      await session.close()
    }
  })
}

/** The request as the execution input has it. */
function checkedRequest(flags: RunFlags): RunRequest {
  const { from, to, dataset: datasets, maxConcurrency, dryRun, allowEmpty } = flags
  const mode = flags.accept ? ACCEPT : flags.mode
  const request = { from, to, datasets, mode, maxConcurrency, dryRun, allowEmpty }
  parseExecutionInput(request)
  return request
}

function askedFor({ datasets }: Target, request: RunRequest): TargetDataset[] {
  return datasets.filter(({ name }) => request.datasets?.includes(name) ?? true)
}

function resultDocument({ summary, ...result }: RunResult) {
  return { ...result, ...summary }
}

/** An execution that only left days as they were, of which a person has to know, succeeds all the same. */
const hasGoneWrong = (result: RunResult) =>
  result.status !== 'SUCCEEDED' || result.problem !== undefined || outstandingIn(result).length > 0

const outstandingIn = ({ summary }: RunResult) =>
  summary?.days.filter(({ status }) => isOutstanding(status) === true) ?? []

function printResult(result: RunResult, flags: CommonFlags): void {
  const { execution, status, summary, problem, error, cause, seconds } = result
  if (summary) printLine(renderSummary(summary))
  if (problem) printLine(colors.red(problem))
  if (status === 'RUNNING') {
    printLine(`${execution.name} goes on. Follow it in the Step Functions console: ${execution.arn}`)
  } else if (status === 'SUCCEEDED') {
    printLine(`${colors.green('Succeeded')}: ${headline(result)} in ${duration(seconds)}.`)
  } else {
    printLine(`${colors.red(words(status))}${error ? ` with ${error}` : ''} after ${duration(seconds)}.`)
    if (cause) printLine(cause)
    else if (status === 'ABORTED' && flags.target === 'local')
      printLine('Stopped. Run again to go on: nothing is lost.')
  }
  const outstanding = outstandingIn(result)
  if (outstanding.length > 0)
    printLine(colors.red(`${counted(outstanding.length, 'dataset-day')} outstanding.`))
  const mendable = outstanding.filter(({ status }) => status !== 'superseded')
  for (const line of redoLines(mendable, flags)) printLine(line)
}

/** What an execution that went well came to. */
export function headline({ summary }: RunResult): string {
  const { published = 0, planned = 0 } = summary?.counts ?? {}
  if (planned > 0) return `${counted(planned, 'dataset-day')} would be worked on`
  return published === 0 ? 'nothing to do' : `${counted(published, 'dataset-day')} published`
}

function words(status: string): string {
  return status.charAt(0) + status.slice(1).toLowerCase().replaceAll('_', ' ')
}
