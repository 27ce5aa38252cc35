import type { CreateProcessingJobCommandInput } from '@aws-sdk/client-sagemaker'
import { Effect, PolicyStatement, type IRole } from 'aws-cdk-lib/aws-iam'
import {
  QueryLanguage,
  TaskStateBase,
  type TaskMetricsConfig,
  type TaskStateJsonataBaseProps,
} from 'aws-cdk-lib/aws-stepfunctions'
import { Aws, Stack } from 'aws-cdk-lib/core'
import type { Construct } from 'constructs'
import { manyPrefix } from '../../core/names.ts'

/** Request of the job that a state runs, and limits of the state's permissions. */
export interface ProcessingJobTaskProps extends TaskStateJsonataBaseProps {
  /** CreateProcessingJob request, put into the definition as it is. Strings may be JSONata expressions, `{% … %}`. */
  readonly request: CreateProcessingJobCommandInput
  /**
   * Text with which every job's name begins, followed by two hyphens. The state machine gets no access to other jobs.
   */
  readonly jobNamePrefix: string
  /** Role of the job. The state machine may pass no other role to SageMaker. */
  readonly jobRole: IRole
}

/**
 * A state that runs a SageMaker processing job and waits for its end (`createProcessingJob.sync`), with the permissions
 * for it. Its result is DescribeProcessingJob's answer; a job that fails raises `States.TaskFailed` with that answer as
 * cause.
 * https://docs.aws.amazon.com/step-functions/latest/dg/connect-sagemaker.html
 */
export class ProcessingJobTask extends TaskStateBase {
  protected readonly taskMetrics: TaskMetricsConfig | undefined
  protected readonly taskPolicies: PolicyStatement[]
  private readonly request: CreateProcessingJobCommandInput

  constructor(scope: Construct, id: string, props: ProcessingJobTaskProps) {
    super(scope, id, { ...props, queryLanguage: QueryLanguage.JSONATA })
    this.request = props.request
    this.taskPolicies = policies(Stack.of(this), props)
  }

  /** Called by CDK for the fields of this type of state. */
  protected _renderTask(): object {
    const Resource = `arn:${Aws.PARTITION}:states:::sagemaker:createProcessingJob.sync`
    return { Resource, Arguments: this.request }
  }
}

/**
 * Permissions of the state machine.
 * https://docs.aws.amazon.com/step-functions/latest/dg/connect-sagemaker.html#sagemaker-iam-policies
 */
function policies(stack: Stack, { jobNamePrefix, jobRole }: ProcessingJobTaskProps): PolicyStatement[] {
  const jobs = stack.formatArn({
    service: 'sagemaker',
    resource: 'processing-job',
    resourceName: `${manyPrefix(jobNamePrefix)}*`,
  })
  const rule = stack.formatArn({
    service: 'events',
    resource: 'rule',
    resourceName: 'StepFunctionsGetEventsForSageMakerProcessingJobsRule',
  })
  return [
    allow(
      ['sagemaker:CreateProcessingJob', 'sagemaker:DescribeProcessingJob', 'sagemaker:StopProcessingJob'],
      jobs,
    ),
    allow(['sagemaker:AddTags'], jobs),
    // Step Functions lists tags without naming a job. https://github.com/aws/aws-cdk/issues/26012
    allow(['sagemaker:ListTags'], '*'),
    new PolicyStatement({
      effect: Effect.ALLOW,
      actions: ['iam:PassRole'],
      resources: [jobRole.roleArn],
      conditions: { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
    }),
    // Step Functions makes this rule itself, and learns from it that the job has ended.
    allow(['events:PutTargets', 'events:PutRule', 'events:DescribeRule'], rule),
  ]
}

const allow = (actions: string[], resource: string) => new PolicyStatement({ actions, resources: [resource] })
