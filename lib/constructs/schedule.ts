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

/** Times of the runs and the state machine to start. */
export interface ScheduleProps {
  readonly name: string
  /** `cron(…)`, in UTC. */
  readonly expression: string
  readonly enabled: boolean
  readonly stateMachine: StateMachine
  /** KMS key of the queue; undefined: SQS's own. */
  readonly key: IKey | undefined
}

/**
 * Starts the state machine at regular times. Passes on the scheduled time, so that a late or repeated start covers the
 * same days. A start that cannot be delivered ends in the dead-letter queue.
 */
export class Schedule extends Construct {
  readonly deadLetters: Queue
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
      description: 'Starts a run over today and the days before it that late files may reach.',
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
    acknowledge(this.deadLetters, { 'AwsSolutions-SQS3': 'It is the queue of dead letters itself.' })
  }
}
