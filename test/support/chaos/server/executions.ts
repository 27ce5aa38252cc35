import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { DescribeExecutionCommand, StartExecutionCommand } from '@aws-sdk/client-sfn'
import type { Target } from '../../../../client/target.ts'
import type { ExecutionEnd } from './messages.ts'

const POLL_MILLISECONDS = 100

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
  for (;;) {
    const { status, error, cause } = await clients.sfn.send(new DescribeExecutionCommand({ executionArn }))
    if (status !== 'RUNNING') return { status: status!, error, cause }
    await sleep(POLL_MILLISECONDS)
  }
}
