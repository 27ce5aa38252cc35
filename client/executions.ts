import { randomBytes } from 'node:crypto'
import { StartExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn'
import { readDocument } from '../aws/objects.ts'
import { expandDatasetDays, parseExecutionInput, type ExecutionInput } from '../core/execution-input.ts'
import { summaryKey } from '../core/layout.ts'
import type { ExecutionRef, Summary } from '../core/messages.ts'
import { decodeSummary } from '../core/run-documents.ts'
import { dataOf, type Target } from './target.ts'

/** Input of an execution as a person requests it. Absent fields get Plan's defaults. */
export type RunRequest = Partial<Omit<ExecutionInput, 'scheduledAt'>>

/**
 * Validates a request as Plan would, and starts an execution.
 *
 * @param now present time, for the name of the execution and the meaning of "today"
 * @throws DayfoldError InvalidInput, UnknownDataset or TooManyDays; nothing is started then
 */
export async function startExecution(target: Target, request: RunRequest, now: Date): Promise<ExecutionRef> {
  checkRequest(target, request, now)
  const name = executionName(now)
  const { executionArn } = await target.clients.sfn.send(
    new StartExecutionCommand({
      stateMachineArn: target.stateMachineArn,
      name,
      input: JSON.stringify(request),
    }),
  )
  return { arn: executionArn!, name }
}

/**
 * Validates a request as Plan would, and returns the number of dataset-days that it covers. Starts nothing.
 *
 * @throws DayfoldError InvalidInput, UnknownDataset or TooManyDays
 */
export function checkRequest(target: Pick<Target, 'datasets'>, request: RunRequest, now: Date): number {
  return expandDatasetDays(parseExecutionInput(request), target.datasets, now.toISOString()).length
}

/** Makes a name such as `run-20240131T091000-1f3c5a`: names sort by time in the console, and two at once differ. */
function executionName(now: Date): string {
  const time = now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')
  return `run-${time}-${randomBytes(3).toString('hex')}`
}

/**
 * Stops an execution. Step Functions tries to stop the jobs that it waits for, but does not promise to.
 *
 * @param cause reason, which Step Functions keeps
 */
export async function stopExecution(target: Target, execution: ExecutionRef, cause: string): Promise<void> {
  await target.clients.sfn.send(
    new StopExecutionCommand({ executionArn: execution.arn, error: 'Stopped', cause }),
  )
}

/**
 * Reads the summary of an execution; undefined if it ended before Collect wrote one.
 *
 * @throws DayfoldError CorruptState if it cannot be read
 */
export function readSummary(target: Target, execution: ExecutionRef): Promise<Summary | undefined> {
  return readDocument(dataOf(target), summaryKey(execution.name), decodeSummary)
}

/**
 * Extracts the message from the cause of a failed execution. The cause is JSON if a Lambda function raised the error;
 * any other cause is returned unchanged.
 */
export function causeInWords(cause: string): string {
  try {
    const { errorMessage } = JSON.parse(cause) as { errorMessage?: unknown }
    return typeof errorMessage === 'string' ? errorMessage : cause
  } catch {
    return cause
  }
}
