import { setTimeout as sleep } from 'node:timers/promises'
import {
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  type SFNClient,
} from '@aws-sdk/client-sfn'

const POLL_MILLISECONDS = 100

/** Waits for the end of an execution and returns its description. */
export async function untilEnded(
  sfn: SFNClient,
  executionArn: string,
): Promise<DescribeExecutionCommandOutput> {
  for (;;) {
    const described = await sfn.send(new DescribeExecutionCommand({ executionArn }))
    if (described.status !== 'RUNNING') return described
    await sleep(POLL_MILLISECONDS)
  }
}
