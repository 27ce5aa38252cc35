import { randomUUID } from 'node:crypto'
import { StartExecutionCommand } from '@aws-sdk/client-sfn'
import type { Target } from '../../../../client/target.ts'
import { untilEnded } from '../../until-ended.ts'
import type { ExecutionEnd } from './messages.ts'

/** Starts executions together and waits until all have ended. */
export async function runExecutions(
  target: Target,
  inputs: readonly Readonly<Record<string, unknown>>[],
): Promise<ExecutionEnd[]> {
  return await Promise.all(inputs.map((input) => runExecution(target, input)))
}

async function runExecution(
  { clients, stateMachineArn }: Target,
  input: Readonly<Record<string, unknown>>,
): Promise<ExecutionEnd> {
  const { executionArn } = await clients.sfn.send(
    new StartExecutionCommand({
      stateMachineArn,
      name: `chaos-${randomUUID()}`,
      input: JSON.stringify(input),
    }),
  )
  const { status, error, cause } = await untilEnded(clients.sfn, executionArn!)
  return { status: status!, error, cause }
}
