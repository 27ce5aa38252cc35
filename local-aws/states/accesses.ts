import type { Access } from '../iam/access.ts'
import type { Place } from '../protocol/place.ts'

interface Arns {
  readonly executionArn?: string | undefined
  readonly mapRunArn?: string | undefined
  readonly stateMachineArn?: string | undefined
}

const on =
  (operation: string) =>
  ({ executionArn, mapRunArn, stateMachineArn }: Arns): readonly Access[] => [
    { action: `states:${operation}`, resource: executionArn ?? mapRunArn ?? stateMachineArn ?? '*' },
  ]

/**
 * For each operation of Step Functions, a function that computes the permissions that a request needs.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsstepfunctions.html
 */
export const STATES_ACCESSES = {
  StartExecution: on('StartExecution'),
  DescribeExecution: on('DescribeExecution'),
  StopExecution: on('StopExecution'),
  RedriveExecution: on('RedriveExecution'),
  ListExecutions: on('ListExecutions'),
  GetExecutionHistory: on('GetExecutionHistory'),
  DescribeMapRun: on('DescribeMapRun'),
  ListMapRuns: on('ListMapRuns'),
  ListStateMachines: on('ListStateMachines'),
}

/** The EventBridge rule that tells Step Functions of a job's end. */
const JOB_EVENTS_RULE = 'StepFunctionsGetEventsForSageMakerProcessingJobsRule'

/**
 * Returns the permissions that a state machine needs, beyond creating a job, to wait for its end: Step Functions tags
 * every job and watches it with an EventBridge rule.
 * https://docs.aws.amazon.com/step-functions/latest/dg/connect-sagemaker.html#sagemaker-iam-policies
 */
export function waitForJobAccesses({ region, account }: Place, jobName: string): readonly Access[] {
  const rule = `arn:aws:events:${region}:${account}:rule/${JOB_EVENTS_RULE}`
  const job = `arn:aws:sagemaker:${region}:${account}:processing-job/${jobName}`
  return [
    { action: 'sagemaker:AddTags', resource: job },
    ...['PutTargets', 'PutRule', 'DescribeRule'].map((name) => ({
      action: `events:${name}`,
      resource: rule,
    })),
  ]
}
