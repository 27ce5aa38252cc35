import type { Estimate } from '../client/estimate.ts'
import {
  causeInWords,
  readSummary,
  startExecution,
  stopExecution,
  type RunRequest,
} from '../client/executions.ts'
import { followExecution, type ExecutionSnapshot } from '../client/follow.ts'
import type { KnownExecution } from '../client/known-execution.ts'
import { LIST_PRICES, type Prices } from '../core/cost/prices.ts'
import { estimateRun, spentBy } from '../client/run-costs.ts'
import type { Spent } from '../core/cost/cost-lines.ts'
import { stopWithJobs } from '../client/stop.ts'
import { orCorrupt } from '../core/documents.ts'
import { DayfoldError } from '../core/errors.ts'
import type { ExecutionRef, Summary } from '../core/messages.ts'
import { askOnTerminal, type Ask } from './ask.ts'
import type { Session } from './session.ts'
import type { ProgressView } from './view/progress-view.ts'

/** Result of following an execution until it ended or was left running. */
export interface RunResult {
  readonly execution: ExecutionRef
  /** `RUNNING` if the execution was left running. */
  readonly status: ExecutionSnapshot['status']
  /** Name of the error with which the execution failed or was stopped. @default none */
  readonly error?: string
  /** Message of that error, in words. @default none */
  readonly cause?: string
  /** Outcomes of the days. @default the execution ended before Collect, or the summary cannot be read */
  readonly summary?: Summary
  /** Message about a summary that cannot be read. @default it was read, or there is none */
  readonly problem?: string
  /** Seconds for which the execution was followed. */
  readonly seconds: number
  /** Estimated time and cost of the days of a dry run. @default it was no dry run, or unknown */
  readonly estimate?: Estimate
  /** Cost of an execution in an account. @default it was on this machine or a dry run, or unknown */
  readonly spent?: Spent
  /** Reason that the cost or estimate is unknown. @default it is known, or there is none */
  readonly costUnknown?: string
}

/** Display of an execution that is followed, its interruption, and prices for its cost. */
export interface FollowRunOptions {
  readonly view: ProgressView
  /** Ends the following when it aborts, as at Ctrl-C. */
  readonly signal: AbortSignal
  /** @default list prices */
  readonly prices?: Prices
  /**
   * Asks whether an execution in an account is to be stopped when its following is interrupted.
   * @default asks on the terminal
   */
  readonly ask?: Ask
}

/**
 * Starts an execution and follows it like {@link followRun}.
 *
 * @throws DayfoldError InvalidInput, UnknownDataset or TooManyDays; nothing is started then
 */
export async function runExecution(
  session: Session,
  request: RunRequest,
  options: FollowRunOptions,
): Promise<RunResult> {
  const execution = await startExecution(session.target, request, new Date())
  return await followRun(session, { execution, request }, options)
}

/**
 * Follows an execution to its end. On interruption, a local execution is stopped, because its processes end with this
 * one. An execution in an account goes on unless the person wants it stopped.
 */
export async function followRun(
  session: Session,
  { execution, request }: KnownExecution,
  options: FollowRunOptions,
): Promise<RunResult> {
  const { view, signal } = options
  const { target, pollSeconds } = session
  const start = Date.now()
  let last: ExecutionSnapshot | undefined
  for await (const snapshot of followExecution(target, execution, { pollSeconds, signal })) {
    const cap = capLine(request, snapshot)
    if (cap !== undefined && capLine(request, last) === undefined) view.note(cap)
    last = snapshot
    view.update(snapshot)
  }
  view.close()
  if (last?.status === 'RUNNING') last = await stopIfWanted(session, execution, last, options)
  const summary = await orCorrupt(() => readSummary(target, execution))
  return {
    execution,
    status: last?.status ?? 'RUNNING',
    ...(last?.error !== undefined && { error: last.error }),
    ...(last?.cause !== undefined && { cause: causeInWords(last.cause) }),
    ...(summary instanceof DayfoldError ? { problem: summary.message } : summary && { summary }),
    seconds: (Date.now() - start) / 1000,
    ...(last &&
      summary &&
      !(summary instanceof DayfoldError) &&
      (await costs(session, summary, last, options))),
  }
}

/**
 * Returns a line if the execution works on fewer days at once than requested; undefined otherwise, or if that is not
 * known.
 */
function capLine(
  { maxConcurrency }: RunRequest,
  snapshot: ExecutionSnapshot | undefined,
): string | undefined {
  const atOnce = snapshot?.days.atOnce
  if (maxConcurrency === undefined || atOnce === undefined || atOnce >= maxConcurrency) return undefined
  return (
    `At most ${atOnce} dataset-days at once, not the ${maxConcurrency} of --max-concurrency: the deployment's ` +
    'maxConcurrency less its reservedForSchedule.'
  )
}

const STOP = 'Stop the execution and its jobs? Otherwise it goes on without you.'

async function stopIfWanted(
  { target, home }: Session,
  execution: ExecutionRef,
  last: ExecutionSnapshot,
  { ask = askOnTerminal }: FollowRunOptions,
): Promise<ExecutionSnapshot> {
  const now = new Date()
  if (home !== undefined) await stopExecution(target, execution, 'Interrupted.')
  else if (await ask(STOP))
    await stopWithJobs(target, execution, {
      cause: 'Stopped by hand.',
      since: last.startedAt ?? now,
      now: new Date(),
    })
  else return last
  return { ...last, status: 'ABORTED' }
}

/** A run does not fail if its cost cannot be determined: the person may not have permission to describe jobs. */
async function costs(
  { target, home }: Session,
  summary: Summary,
  { days, startedAt }: ExecutionSnapshot,
  { prices = LIST_PRICES }: FollowRunOptions,
): Promise<Pick<RunResult, 'estimate' | 'spent' | 'costUnknown'>> {
  try {
    const atOnce = days.atOnce ?? 1
    if (summary.dryRun)
      return { estimate: await estimateRun(target, summary, { prices, atOnce, isLocal: home !== undefined }) }
    // Jobs on this machine cost nothing.
    if (home !== undefined || !startedAt) return {}
    const now = new Date()
    return { spent: await spentBy(target, summary.execution, { summary, prices, since: startedAt, now }) }
  } catch (error) {
    return { costUnknown: error instanceof Error ? `${error.name}: ${error.message}` : String(error) }
  }
}
