import { DescribeExecutionCommand } from '@aws-sdk/client-sfn'
import { readDocument } from '../aws/objects.ts'
import { DayfoldError } from '../core/errors.ts'
import type { DatasetDay } from '../core/dataset-day.ts'
import { itemsKey } from '../core/layout.ts'
import type { ExecutionRef } from '../core/messages.ts'
import { decodeItems } from '../core/run-documents.ts'
import type { RunRequest } from './executions.ts'
import { readStatus } from './status.ts'
import { dataOf, type Target } from './target.ts'

/** An execution that somebody started earlier, with its input. */
export interface KnownExecution {
  readonly execution: ExecutionRef
  /** Fields of its input that Dayfold knows, not validated. */
  readonly request: RunRequest
}

/**
 * Finds an execution of the deployment by name or ARN, to follow it.
 *
 * @throws DayfoldError InvalidInput if there is none
 */
export async function knownExecution(target: Target, nameOrArn: string): Promise<KnownExecution> {
  const prefix = `${target.stateMachineArn.replace(':stateMachine:', ':execution:')}:`
  const name = nameOrArn.startsWith(prefix) ? nameOrArn.slice(prefix.length) : nameOrArn
  try {
    const command = new DescribeExecutionCommand({ executionArn: `${prefix}${name}` })
    const { executionArn, input = '{}' } = await target.clients.sfn.send(command)
    return { execution: { arn: executionArn!, name }, request: requestIn(input) }
  } catch (cause) {
    const isUnknown = cause instanceof Error && ['ExecutionDoesNotExist', 'InvalidArn'].includes(cause.name)
    if (!isUnknown) throw cause
    const message = `--follow ${nameOrArn}: expected the name or ARN of an execution of this deployment, found none.`
    throw new DayfoldError('InvalidInput', message, { cause })
  }
}

/**
 * Returns the request without validating it: an execution started by hand may have any input, which only Plan judges.
 */
function requestIn(input: string): RunRequest {
  const { from, to, datasets, mode, maxConcurrency, dryRun, allowEmpty } = JSON.parse(input) as RunRequest
  const request = { from, to, datasets, mode, maxConcurrency, dryRun, allowEmpty }
  return Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined))
}

/**
 * Lists the dataset-days of an execution that it has not published: those that are not finished, failed or needed
 * nothing. They are in the order of its items. Empty until the execution has planned its days.
 */
export async function daysLeft(target: Target, execution: ExecutionRef): Promise<DatasetDay[]> {
  const items = (await readDocument(dataOf(target), itemsKey(execution.name), decodeItems)) ?? []
  if (items.length === 0) return []
  const dates = items.map(({ date }) => date).sort()
  const [from, to] = [dates[0]!, dates.at(-1)!]
  const datasets = [...new Set(items.map(({ dataset }) => dataset))]
  const published = (await readStatus(target, { datasets, from, to })).filter(
    ({ lastAttempt }) => lastAttempt?.state === 'ok' && lastAttempt.execution === execution.arn,
  )
  const done = new Set(published.map(({ dataset, date }) => `${dataset} ${date}`))
  return items
    .filter(({ dataset, date }) => !done.has(`${dataset} ${date}`))
    .map(({ dataset, date }) => ({ dataset, date }))
}
