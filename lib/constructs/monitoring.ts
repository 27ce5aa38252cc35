import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { Topic } from 'aws-cdk-lib/aws-sns'
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions'
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions'
import { ArnFormat, Aws, Stack } from 'aws-cdk-lib/core'
import { Construct } from 'constructs'
import { alarmName } from '../names.ts'
import { acknowledge } from './acknowledge.ts'
import { Alarms, type AlarmsProps } from './alarms.ts'
import { addDashboard } from './dashboard.ts'
import { Notices } from './notices.ts'

/** Resources of a deployment that are watched, and the address that alarms and notices are sent to. */
export interface MonitoringProps extends Omit<AlarmsProps, 'topic'> {
  /** E-mail address that alarms and notices are sent to; undefined: they go to the topic only. */
  readonly alarmEmail: string | undefined
  /**
   * KMS key of the topic, whose policy must let CloudWatch and EventBridge use it, as docs/operations.md says;
   * undefined: messages are not encrypted at rest.
   */
  readonly key: IKey | undefined
  readonly stateMachine: StateMachine
}

/** Alarms, notices of failed executions, the SNS topic that they are sent to, and a dashboard. */
export class Monitoring extends Construct {
  /** SNS topic that receives alarms and notices. */
  readonly topic: Topic

  constructor(scope: Construct, id: string, props: MonitoringProps) {
    super(scope, id)
    const { name, stateMachine, alarmEmail } = props
    this.topic = this.makeTopic(props)
    this.letAlarmsPublish(name)
    if (alarmEmail !== undefined) this.topic.addSubscription(new EmailSubscription(alarmEmail))
    const { topic } = this
    new Alarms(this, 'Alarm', { ...props, topic })
    new Notices(this, 'Notice', { name, topic, stateMachine })
    addDashboard(this, name, stateMachine)
  }

  private makeTopic({ name, key }: MonitoringProps): Topic {
    const topic = new Topic(this, 'Alarms', {
      topicName: `${name}-alarms`,
      enforceSSL: true,
      ...(key && { masterKey: key }),
    })
    acknowledge(topic, {
      'AwsSolutions-SNS2':
        "An alarm's text is no secret, and alarms cannot publish with the key that AWS manages.",
    })
    return topic
  }

  /**
   * Lets CloudWatch publish: a topic with a policy of its own, which this one needs to refuse plain HTTP, has no
   * default policy for its account.
   * https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
   * https://repost.aws/knowledge-center/cloudwatch-receive-sns-for-alarm-trigger
   *
   * EventBridge's statement comes with its targets and has no condition: AWS supports none there, and notices would be
   * dropped silently. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
   */
  private letAlarmsPublish(name: string): void {
    const alarms = Stack.of(this).formatArn({
      service: 'cloudwatch',
      resource: 'alarm',
      resourceName: alarmName(name, '*'),
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    })
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AllowPublishOfAlarms',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: {
          StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
          ArnLike: { 'aws:SourceArn': alarms },
        },
      }),
    )
  }
}
