import {
  causeInWords,
  readSummary,
  startExecution,
  stopExecution,
  type RunRequest,
} from '../client/executions.ts'
import { followExecution, type ExecutionSnapshot } from '../client/follow.ts'
import { orCorrupt } from '../core/documents.ts'
import { DayfoldError } from '../core/errors.ts'
import type { ExecutionRef, Summary } from '../core/messages.ts'
import type { Session } from './session.ts'
import type { ProgressView } from './view/progress-view.ts'

/** An execution that is over, or that nobody follows any more. */
export interface RunResult {
  readonly execution: ExecutionRef
  /** `RUNNING` when it was left running. */
  readonly status: ExecutionSnapshot['status']
  readonly error?: string
  /** In words. */
  readonly cause?: string
  /** Absent when it ended before its days were collected, or cannot be read. */
  readonly summary?: Summary
  /** Why the summary cannot be read. */
  readonly problem?: string
  readonly seconds: number
}

/**
 * Starts an execution and follows it to its end. Interrupted, a local one is stopped, since its processes end with
 * this one; on AWS it runs on.
 *
 * @throws DayfoldError InvalidInput, UnknownDataset or TooManyDays, nothing started
 */
export async function runExecution(
  session: Session,
  request: RunRequest,
  view: ProgressView,
  signal: AbortSignal,
): Promise<RunResult> {
  const { target, pollSeconds, home } = session
  const start = Date.now()
  const execution = await startExecution(target, request, new Date(start))
  let last: ExecutionSnapshot | undefined
  for await (const snapshot of followExecution(target, execution, { pollSeconds, signal })) {
    last = snapshot
    view.update(snapshot)
  }
  if (last?.status === 'RUNNING' && home !== undefined) {
    await stopExecution(target, execution, 'Interrupted.')
    last = { ...last, status: 'ABORTED' }
  }
  view.close()
  const summary = await orCorrupt(() => readSummary(target, execution))
  return {
    execution,
    status: last?.status ?? 'RUNNING',
    ...(last?.error !== undefined && { error: last.error }),
    ...(last?.cause !== undefined && { cause: causeInWords(last.cause) }),
    ...(summary instanceof DayfoldError ? { problem: summary.message } : summary && { summary }),
    seconds: (Date.now() - start) / 1000,
  }
}
