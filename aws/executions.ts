import { DescribeExecutionCommand, type SFNClient } from '@aws-sdk/client-sfn'

/**
 * Tells whether the execution with that ARN is still running. One that Step Functions no longer knows counts as over.
 */
export type IsRunning = (executionArn: string) => Promise<boolean>

/**
 * Makes a check that asks Step Functions.
 *
 * @throws whatever the SDK throws, but for an execution that does not exist
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
