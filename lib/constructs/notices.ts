import { EventField, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events'
import { SnsTopic } from 'aws-cdk-lib/aws-events-targets'
import type { ITopic } from 'aws-cdk-lib/aws-sns'
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions'
import { Aws } from 'aws-cdk-lib/core'
import { Construct } from 'constructs'
import { noticeRuleName } from '../names.ts'

/** State machine whose executions are watched, and the topic that notices are sent to. */
export interface NoticesProps {
  /** `name` of the deployment, which begins the names of the rules. */
  readonly name: string
  readonly topic: ITopic
  readonly stateMachine: StateMachine
}

/** Link to an execution in the console. */
const LINK =
  `https://${Aws.REGION}.console.aws.amazon.com/states/home?region=${Aws.REGION}` +
  `#/v2/executions/details/${EventField.fromPath('$.detail.executionArn')}`

/** Fields of every notice. */
const EXECUTION = {
  execution: EventField.fromPath('$.detail.executionArn'),
  status: EventField.fromPath('$.detail.status'),
  time: EventField.time,
  link: LINK,
}

/**
 * Sends a notice to the topic for each execution that did not succeed. Children of the Map are left out: their events
 * have another state machine's ARN. Events have the fields of DescribeExecution; values are sent as JSON, because
 * causes have quotes and line breaks, which EventBridge would not escape in text.
 * https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 */
export class Notices extends Construct {
  constructor(scope: Construct, id: string, props: NoticesProps) {
    super(scope, id)
    this.tell(props, 'Failed', ['FAILED'], {
      ...EXECUTION,
      error: EventField.fromPath('$.detail.error'),
      // The cause that Collect writes names days, why each failed, and the input that redoes them.
      cause: EventField.fromPath('$.detail.cause'),
      redo:
        'Start an execution with the input that the cause names. If it names none, redrive this execution: ' +
        'published days are not processed again.',
    })
    // These have no cause, and a missing value would break the JSON.
    this.tell(props, 'Stopped', ['TIMED_OUT', 'ABORTED'], {
      ...EXECUTION,
      redo: 'Start it again with the same input: published days are not processed again.',
    })
  }

  private tell(props: NoticesProps, id: string, status: string[], message: Record<string, string>): void {
    const { name, topic, stateMachine } = props
    const rule = new Rule(this, id, {
      ruleName: noticeRuleName(name, id),
      description: `Sends a notice of each execution that ended as ${status.join(' or ')}.`,
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: { stateMachineArn: [stateMachine.stateMachineArn], status },
      },
    })
    rule.addTarget(new SnsTopic(topic, { message: RuleTargetInput.fromObject(message) }))
  }
}
