import type { CreateProcessingJobCommandInput } from '@aws-sdk/client-sagemaker'
import {
  Choice,
  Condition,
  Fail,
  Pass,
  Succeed,
  Timeout,
  Wait,
  WaitTime,
  type Chain,
  type IChainable,
  type TaskStateBase,
} from 'aws-cdk-lib/aws-stepfunctions'
import type { IRole } from 'aws-cdk-lib/aws-iam'
import { Duration } from 'aws-cdk-lib/core'
import { Construct } from 'constructs'
import { WORTH_ANOTHER_TRY } from '../../core/failures.ts'
import { MAX_ASK_SECONDS, MAX_ASKS, MAX_TRIES } from '../timeouts.ts'
import type { Handlers } from './handlers.ts'
import { invoke, jsonata } from './invoke.ts'
import { ProcessingJobTask } from './processing-job-task.ts'

/** Functions and job request of which the states of a dataset-day are made. */
export interface DatasetDayFlowProps {
  readonly handlers: Handlers
  /** CreateProcessingJob request, with JSONata expressions for values that differ from day to day. */
  readonly request: CreateProcessingJobCommandInput
  /** Text with which every job's name begins, followed by two hyphens. The state machine may create no other jobs. */
  readonly jobNamePrefix: string
  /** Role of the jobs. */
  readonly jobRole: IRole
  /** Seconds after which the state that waits for a job gives up. */
  readonly jobTimeoutSeconds: number
}

/** Maximum number of times that a day is planned again after another writer published it first. */
const MAX_LOOPS = 3
const CHILD = "{'arn': $states.context.Execution.Id, 'redriveCount': $states.context.Execution.RedriveCount}"
const CAUSE = "($failure.Cause & '')"
/** True for a job that started and failed; its program's message is in the cause. */
const WAS_STARTED = "$failure.Error = 'States.TaskFailed'"
/**
 * Matches the cause of a job that failed because of AWS, or whose program gave an error code that is worth another job.
 */
const WORTH_ANOTHER_JOB =
  `/"FailureReason" *: *"(CapacityError|InternalServerError)|` +
  `"ExitMessage" *: *"(${WORTH_ANOTHER_TRY.join('|')}):/`
/** True when a quota of instances is used up, which others may free; false for a quota of 0, which never frees up. */
const QUOTA_IS_USED_UP =
  "$failure.Error = 'SageMaker.ResourceLimitExceededException' and " +
  `$not($contains(${CAUSE}, / is 0 Instances?, /))`
/**
 * True for throttling and other temporary errors of CreateProcessingJob. Step Functions gives most of them the same
 * generic name as requests that can never succeed: only the cause tells them apart.
 * https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */
const IS_THROTTLED =
  "$failure.Error in ['ThrottlingException', 'SageMaker.ThrottlingException', 'SageMaker.SdkClientException'] or " +
  "($failure.Error = 'SageMaker.AmazonSageMakerException' and " +
  `$contains(${CAUSE}, /Throttling|Rate exceeded|TooManyRequests|ServiceUnavailable|Internal(Failure|Server)|Status Code: 5/))`

/**
 * JSONata expression for the name of a job. Each try of each redrive gets a number of its own, so that no name repeats;
 * a redrive has fewer than 1,000 tries.
 */
export const JOB_NAME =
  "$planned.jobName & '-' & $string(1000 * $states.context.Execution.RedriveCount + $tries)"

/**
 * The states that work on one dataset-day, as a child of the Map: plan, process, publish. Variables: `day`, the Map's
 * item; `planned`, PlanDay's answer; `published`, PublishDay's answer; `since`, the time of the first request for the
 * job; and the counters `loop` (plans after another writer published first), `tries` (names of jobs), `asks` (requests
 * that SageMaker refused), `jobs` (jobs that failed because of AWS) and `waits`.
 */
export class DatasetDayFlow extends Construct {
  /** First state, to which the Map's item goes. */
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
    const assign = { day: jsonata('$states.input'), loop: 0, tries: 0, asks: 0, jobs: 0, waits: 0 }
    return Pass.jsonata(this, 'BeginDay', { assign })
  }

  private planDay(): TaskStateBase {
    return invoke(this, 'PlanDay', {
      handler: 'plan-day',
      function: this.props.handlers.planDay,
      payload: jsonata(`$merge([$day, {'child': ${CHILD}, 'loop': $loop, 'waits': $waits}])`),
      variable: 'planned',
      assign: { since: jsonata('$now()') },
    })
  }

  /** Waits a minute, and five after half an hour: a history holds 25,000 events. */
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
    return task
  }

  /**
   * Handles a failed job. A request that SageMaker refuses for lack of instances or for throttling is repeated for
   * hours. A job that failed because of AWS, or of throttling by S3, is started again after a wait that differs from
   * day to day. Anything else fails the day. Every try needs a new name for its job, so that the state itself has no
   * retries.
   */
  private jobFailed(processDay: IChainable): Choice {
    const again = Wait.jsonata(this, 'WaitForCapacity', {
      time: WaitTime.seconds(jsonata('300 + $floor($random() * 600)')),
      assign: { jobs: jsonata('$jobs + 1'), since: jsonata('$now()') },
    })
    const isRefused = jsonata(`$asks < ${MAX_ASKS} and ((${QUOTA_IS_USED_UP}) or ${IS_THROTTLED})`)
    const failed = Fail.jsonata(this, 'DayFailed', {
      error: jsonata('$failure.Error'),
      cause: jsonata("$failure.Cause & ''"),
    })
    const isOfAws = jsonata(
      `$jobs < ${MAX_TRIES} and ${WAS_STARTED} and $contains(${CAUSE}, ${WORTH_ANOTHER_JOB})`,
    )
    return Choice.jsonata(this, 'JobFailed')
      .when(Condition.jsonata(isRefused), this.askAgain().next(processDay))
      .when(Condition.jsonata(isOfAws), again.next(processDay))
      .otherwise(failed)
  }

  /**
   * Waits with full jitter: a random part of a time that doubles. Then PlanDay records how long the job has waited, for
   * the command line and as a metric.
   * https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
   */
  private askAgain(): Chain {
    const most = `$min([${MAX_ASK_SECONDS}, 5 * $power(2, $asks)])`
    const wait = Wait.jsonata(this, 'WaitForInstance', {
      time: WaitTime.seconds(jsonata(`1 + $floor($random() * ${most})`)),
      assign: { asks: jsonata('$asks + 1') },
    })
    const tell = invoke(this, 'TellInstanceWait', {
      handler: 'plan-day',
      function: this.props.handlers.planDay,
      payload: jsonata(
        `$merge([$day, {'child': ${CHILD}, 'loop': $loop, 'waits': $waits, ` +
          "'waitsForInstance': {'since': $since, 'error': $failure.Error}}])",
      ),
      variable: 'told',
    })
    return wait.next(tell)
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
    const planAgain = Pass.jsonata(this, 'PlanAgain', {
      assign: { loop: jsonata('$loop + 1'), tries: 0, asks: 0, jobs: 0 },
    })
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
