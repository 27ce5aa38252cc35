import { randomBytes } from 'node:crypto'
import { StartExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn'
import { readDocument } from '../aws/objects.ts'
import { expandDatasetDays, parseExecutionInput, type ExecutionInput } from '../core/execution-input.ts'
import { summaryKey } from '../core/layout.ts'
import type { ExecutionRef, Summary } from '../core/messages.ts'
import { decodeSummary } from '../core/run-documents.ts'
import { dataOf, type Target } from './target.ts'

/** An execution as a person asks for it: the fields of the execution input, those not given left out. */
export type RunRequest = Partial<Omit<ExecutionInput, 'scheduledAt'>>

/**
 * Starts an execution, once its input is known to be one that Plan accepts.
 *
 * @param now the time that "today" follows from, and the execution's name
 * @throws DayfoldError InvalidInput, UnknownDataset or TooManyDays, nothing started
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
 * The number of dataset-days that a request covers.
 *
 * @throws DayfoldError InvalidInput, UnknownDataset or TooManyDays
 */
export function checkRequest(target: Pick<Target, 'datasets'>, request: RunRequest, now: Date): number {
  return expandDatasetDays(parseExecutionInput(request), target.datasets, now.toISOString()).length
}

/** `run-20240131T091000-1f3c`: sorts by time in the console, and two at once differ. */
function executionName(now: Date): string {
  const time = now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')
  return `run-${time}-${randomBytes(3).toString('hex')}`
}

/** Stops an execution and the jobs that it waits for. */
export async function stopExecution(target: Target, execution: ExecutionRef, cause: string): Promise<void> {
  await target.clients.sfn.send(
    new StopExecutionCommand({ executionArn: execution.arn, error: 'Stopped', cause }),
  )
}

/**
 * The summary of an execution, or undefined when it ended before there was one.
 *
 * @throws DayfoldError CorruptState when it cannot be read
 */
export function readSummary(target: Target, execution: ExecutionRef): Promise<Summary | undefined> {
  return readDocument(dataOf(target), summaryKey(execution.name), decodeSummary)
}

/** An execution's cause for people: of a Lambda function's error, which comes as JSON with its stack, the message. */
export function causeInWords(cause: string): string {
  try {
    const { errorMessage } = JSON.parse(cause) as { errorMessage?: unknown }
    return typeof errorMessage === 'string' ? errorMessage : cause
  } catch {
    return cause
  }
}
