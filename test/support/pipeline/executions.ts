import { randomUUID } from 'node:crypto'
import {
  ListExecutionsCommand,
  RedriveExecutionCommand,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn'
import { readSummary } from '../../../client/executions.ts'
import type { Target } from '../../../client/target.ts'
import type { Summary } from '../../../core/messages.ts'
import type { HistoryEvent } from '@dayfold/local-aws/states'
import { childrenOf, historyOf } from '../histories.ts'
import { untilEnded } from '../until-ended.ts'

/** An execution that has ended. */
export interface EndedExecution {
  readonly arn: string
  readonly status: string
  readonly error: string | undefined
  readonly cause: string | undefined
  readonly output: unknown
  /** Undefined if it ended before its days were collected. */
  readonly summary: Summary | undefined
}

/** Executions of the deployed state machine, through the API. */
export interface Executions {
  /** Starts an execution; returns its ARN. */
  start(input: unknown): Promise<string>
  ended(arn: string): Promise<EndedExecution>
  /** Starts an execution and waits for its end. */
  run(input: unknown): Promise<EndedExecution>
  stop(arn: string): Promise<void>
  /** Redrives an execution and waits for its end. */
  redrive(arn: string): Promise<EndedExecution>
  /** Histories of all executions and of the children of their Maps. */
  histories(): Promise<HistoryEvent[][]>
}

/** Returns the executions of a target. */
export function executionsOf(target: Target): Executions {
  const { stateMachineArn, clients } = target
  const { sfn } = clients
  async function start(input: unknown): Promise<string> {
    const name = `test-${randomUUID()}`
    const command = new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) })
    return (await sfn.send(command)).executionArn!
  }
  async function ended(arn: string): Promise<EndedExecution> {
    const { status, error, cause, output } = await untilEnded(sfn, arn)
    const summary = await readSummary(target, { arn, name: arn.split(':').at(-1)! })
    return { arn, status: status!, error, cause, output: output && (JSON.parse(output) as unknown), summary }
  }
  return {
    start,
    ended,
    run: async (input) => ended(await start(input)),
    stop: async (executionArn) => void (await sfn.send(new StopExecutionCommand({ executionArn }))),
    async redrive(executionArn) {
      await sfn.send(new RedriveExecutionCommand({ executionArn }))
      return ended(executionArn)
    },
    async histories() {
      const { executions } = await sfn.send(new ListExecutionsCommand({ stateMachineArn }))
      const arns = executions!.map(({ executionArn }) => executionArn!)
      for (const executionArn of [...arns])
        for await (const child of childrenOf(sfn, executionArn)) arns.push(child)
      const histories = await Promise.all(arns.map((arn) => historyOf(sfn, arn)))
      return histories as unknown as HistoryEvent[][]
    },
  }
}
