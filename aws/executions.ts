import { DescribeExecutionCommand, type SFNClient } from '@aws-sdk/client-sfn'

/**
 * Returns true if the execution with that ARN is still running. An execution that Step Functions no longer knows counts
 * as ended.
 */
export type IsRunning = (executionArn: string) => Promise<boolean>

/**
 * Returns a function that asks Step Functions whether an execution is running, one request per call.
 *
 * @throws the SDK's error of a request that fails, when the function is called
 */
export function executionStatus(sfn: SFNClient): IsRunning {
  return async (executionArn) => {
    try {
      const { status } = await sfn.send(new DescribeExecutionCommand({ executionArn }))
      return status === 'RUNNING'
    } catch (error) {
      // Step Functions forgets executions after 90 days.
      // https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
      if (error instanceof Error && error.name === 'ExecutionDoesNotExist') return false
      throw error
    }
  }
}
