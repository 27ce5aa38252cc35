import { DescribeExecutionCommand, type SFNClient } from '@aws-sdk/client-sfn'

/** Tells whether the execution with that ARN is still running. One that is no longer known is over. */
export type IsRunning = (executionArn: string) => Promise<boolean>

/** Asks Step Functions. */
export function executionStatus(sfn: SFNClient): IsRunning {
  return async (executionArn) => {
    try {
      const { status } = await sfn.send(new DescribeExecutionCommand({ executionArn }))
      return status === 'RUNNING'
    } catch (error) {
      // Executions are forgotten after 90 days.
      // https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
      if (error instanceof Error && error.name === 'ExecutionDoesNotExist') return false
      throw error
    }
  }
}
