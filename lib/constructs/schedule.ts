import { EventField, Rule, RuleTargetInput, Schedule as EventSchedule } from 'aws-cdk-lib/aws-events'
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets'
import type { Role } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions'
import { Duration } from 'aws-cdk-lib/core'
import { Construct } from 'constructs'
import { acknowledge } from './acknowledge.ts'
import { serviceRole } from './service-role.ts'

/** Times at which the schedule starts the state machine. */
export interface ScheduleProps {
  /** Name of the rule; it also begins the name of the queue. */
  readonly name: string
  /** EventBridge expression `cron(…)`, in UTC. */
  readonly expression: string
  /** False creates the rule, but lets it start nothing. */
  readonly enabled: boolean
  readonly stateMachine: StateMachine
  /** KMS key of the dead-letter queue; undefined: SQS's own. */
  readonly key: IKey | undefined
}

/**
 * Starts the state machine at regular times. It passes on the scheduled time, so that a late or repeated start covers
 * the same days. A start that cannot be delivered goes to the dead-letter queue.
 */
export class Schedule extends Construct {
  /** Queue of starts that could not be delivered, kept for 14 days. */
  readonly deadLetters: Queue
  /** Role with which EventBridge starts the state machine. */
  readonly role: Role

  constructor(scope: Construct, id: string, props: ScheduleProps) {
    super(scope, id)
    this.deadLetters = new Queue(this, 'DeadLetters', {
      queueName: `${props.name}-schedule-dead-letters`,
      ...(props.key
        ? { encryption: QueueEncryption.KMS, encryptionMasterKey: props.key }
        : { encryption: QueueEncryption.SQS_MANAGED }),
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    })
    this.role = serviceRole(this, 'Role', { service: 'events' })
    const rule = new Rule(this, 'Rule', {
      ruleName: props.name,
      description:
        'Starts a run over today and the days before it (lookbackDays) that may still get late files.',
      schedule: EventSchedule.expression(props.expression),
      enabled: props.enabled,
    })
    rule.addTarget(
      new SfnStateMachine(props.stateMachine, {
        input: RuleTargetInput.fromObject({ scheduledAt: EventField.time }),
        role: this.role,
        deadLetterQueue: this.deadLetters,
        // After two hours the next start is near, and covers the same days.
        maxEventAge: Duration.hours(2),
        retryAttempts: 24,
      }),
    )
    acknowledge(this.deadLetters, { 'AwsSolutions-SQS3': 'It is itself the dead-letter queue.' })
  }
}
