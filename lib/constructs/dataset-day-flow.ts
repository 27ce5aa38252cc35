import type { CreateProcessingJobCommandInput } from '@aws-sdk/client-sagemaker'
import {
  Choice,
  Condition,
  Fail,
  JitterType,
  Pass,
  Succeed,
  Timeout,
  Wait,
  WaitTime,
  type IChainable,
  type TaskStateBase,
} from 'aws-cdk-lib/aws-stepfunctions'
import type { IRole } from 'aws-cdk-lib/aws-iam'
import { Duration } from 'aws-cdk-lib/core'
import { Construct } from 'constructs'
import { MAX_TRIES } from '../timeouts.ts'
import type { Handlers } from './handlers.ts'
import { invoke, jsonata } from './invoke.ts'
import { ProcessingJobTask } from './processing-job-task.ts'

export interface DatasetDayFlowProps {
  readonly handlers: Handlers
  /** What is asked of SageMaker for each day. */
  readonly request: CreateProcessingJobCommandInput
  readonly jobNamePrefix: string
  readonly jobRole: IRole
  /** When the state that waits for a job gives up, in seconds. */
  readonly jobTimeoutSeconds: number
}

/** How often a day is planned again after another writer published it first. */
const MAX_LOOPS = 3
/** Begins the FailureReason of a job that AWS failed, not its program; both are worth another job. */
const FAILED_BY_AWS = '/"FailureReason" *: *"(CapacityError|InternalServerError)/'

/** JSONata for the name of a day's job: another for every retry, try and redrive, as names are used once for ever. */
export const JOB_NAME =
  "$planned.jobName & '-' & $string(10 * $states.context.Execution.RedriveCount + $tries)" +
  " & '-' & $string($states.context.State.RetryCount)"

/**
 * The states of one dataset-day, which are a child of the Map: plan, process, publish. Variables: `day`, its item;
 * `planned`, what PlanDay said; `published`, what PublishDay said; `loop`, `tries`, `waits`, which count.
 */
export class DatasetDayFlow extends Construct {
  readonly start: IChainable
  private readonly props: DatasetDayFlowProps

  constructor(scope: Construct, id: string, props: DatasetDayFlowProps) {
    super(scope, id)
    this.props = props
    const planDay = this.planDay()
    const processDay = this.processDay()
    const outcome = Choice.jsonata(this, 'DayPlanned')
      .when(Condition.jsonata(jsonata("$planned.action = 'process'")), processDay)
      .when(Condition.jsonata(jsonata("$planned.action = 'wait'")), this.waitForOther().next(planDay))
      .otherwise(this.succeed('DayLeft', '$planned.outcome'))
    planDay.next(outcome)
    processDay.addCatch(this.jobFailed(processDay), {
      assign: { failure: jsonata('$states.errorOutput'), tries: jsonata('$tries + 1') },
    })
    processDay.next(this.publishDay()).next(this.published(planDay))
    this.start = this.begin().next(planDay)
  }

  private begin(): Pass {
    const assign = { day: jsonata('$states.input'), loop: 0, tries: 0, waits: 0 }
    return Pass.jsonata(this, 'BeginDay', { assign })
  }

  private planDay(): TaskStateBase {
    const child =
      "{'arn': $states.context.Execution.Id, 'redriveCount': $states.context.Execution.RedriveCount}"
    return invoke(this, 'PlanDay', {
      handler: 'plan-day',
      function: this.props.handlers.planDay,
      payload: jsonata(`$merge([$day, {'child': ${child}, 'loop': $loop, 'waits': $waits}])`),
      variable: 'planned',
    })
  }

  /** Looks every minute, after half an hour every five: a history holds 25,000 events. */
  private waitForOther(): Wait {
    return Wait.jsonata(this, 'WaitForOther', {
      time: WaitTime.seconds(jsonata('$waits < 30 ? 60 : 300')),
      assign: { waits: jsonata('$waits + 1') },
    })
  }

  private processDay(): ProcessingJobTask {
    const { request, jobNamePrefix, jobRole, jobTimeoutSeconds } = this.props
    const task = new ProcessingJobTask(this, 'ProcessDay', {
      request,
      jobNamePrefix,
      jobRole,
      taskTimeout: Timeout.duration(Duration.seconds(jobTimeoutSeconds)),
    })
    retryCreate(task)
    return task
  }

  /** What AWS failed is worth another job, after a while that differs from day to day; the rest fails the day. */
  private jobFailed(processDay: IChainable): Choice {
    const again = Wait.jsonata(this, 'WaitForCapacity', {
      time: WaitTime.seconds(jsonata('300 + $floor($random() * 600)')),
    })
    const failed = Fail.jsonata(this, 'DayFailed', {
      error: jsonata('$failure.Error'),
      cause: jsonata("$failure.Cause & ''"),
    })
    const byAws = jsonata(`$tries <= ${MAX_TRIES} and $contains($failure.Cause & '', ${FAILED_BY_AWS})`)
    return Choice.jsonata(this, 'JobFailed')
      .when(Condition.jsonata(byAws), again.next(processDay))
      .otherwise(failed)
  }

  private publishDay(): TaskStateBase {
    return invoke(this, 'PublishDay', {
      handler: 'publish-day',
      function: this.props.handlers.publishDay,
      payload: jsonata("$merge([$day, {'workOrder': $planned.workOrder, 'loop': $loop}])"),
      variable: 'published',
    })
  }

  private published(planDay: IChainable): Choice {
    const planAgain = Pass.jsonata(this, 'PlanAgain', { assign: { loop: jsonata('$loop + 1'), tries: 0 } })
    const lost = Fail.jsonata(this, 'AlwaysLost', {
      error: 'PublishLost',
      cause: `Other executions published this day ${MAX_LOOPS + 1} times while it was worked on. Run it again.`,
    })
    return Choice.jsonata(this, 'DayPublished')
      .when(Condition.jsonata(jsonata('$published.won')), this.succeed('DayDone', '$published.outcome'))
      .when(Condition.jsonata(jsonata(`$loop < ${MAX_LOOPS}`)), planAgain.next(planDay))
      .otherwise(lost)
  }

  private succeed(id: string, expression: string): Succeed {
    return Succeed.jsonata(this, id, { outputs: jsonata(expression) })
  }
}

/**
 * Retries what CreateProcessingJob itself refuses; a job that ran and failed is `States.TaskFailed` and not meant.
 * A quota of instances frees up in hours. Step Functions names some errors of SageMaker with the generic name, under
 * which throttling (one create a second) and requests that can never succeed look alike: an hour at most.
 */
function retryCreate(task: ProcessingJobTask): void {
  const shared = { backoffRate: 2, jitterStrategy: JitterType.FULL }
  task.addRetry({
    ...shared,
    errors: [
      'SageMaker.ResourceLimitExceededException',
      'SageMaker.ThrottlingException',
      'ThrottlingException',
    ],
    interval: Duration.seconds(10),
    maxDelay: Duration.seconds(600),
    maxAttempts: 60,
  })
  task.addRetry({
    ...shared,
    errors: ['SageMaker.AmazonSageMakerException', 'SageMaker.SdkClientException'],
    interval: Duration.seconds(5),
    maxDelay: Duration.seconds(120),
    maxAttempts: 30,
  })
}
