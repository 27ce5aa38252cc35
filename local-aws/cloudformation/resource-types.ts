import type { Place } from '../protocol/place.ts'

/** How resources of one CloudFormation type are named and referred to, and whether the local AWS deploys them. */
export interface ResourceType {
  /**
   * Property of the template that holds the resource's name; two names are a path.
   * @default the name is made up from the logical id
   */
  readonly nameProperty?: string | readonly [string, string]
  /** Returns the ARN of the resource with a name. @default the type has no ARN */
  readonly arn?: (name: string, place: Place) => string
  /** True if `Ref` returns the ARN; absent if it returns the name. */
  readonly isRefArn?: true
  /** Attribute of `Fn::GetAtt` that returns the ARN. @default Arn */
  readonly arnAttribute?: string
  /** Reason why resources of the type are accepted but not deployed. @default they are deployed */
  readonly passedOver?: string
}

const at = (service: string, { region, account }: Place) => `arn:aws:${service}:${region}:${account}`

const NO_METRICS = 'metrics are not kept here'
const NO_LOG_GROUPS = 'what programs print goes to the log of whoever runs them'
const NO_MESSAGES = 'messages are not sent from here'
const NO_ENCRYPTION = 'files of this machine are not encrypted by it'

/**
 * Every type of resource that a template may contain, by CloudFormation's name. A template with any other type is
 * refused. https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html
 */
export const RESOURCE_TYPES: Readonly<Record<string, ResourceType>> = {
  'AWS::Athena::WorkGroup': {
    nameProperty: 'Name',
    arn: (name, place) => `${at('athena', place)}:workgroup/${name}`,
  },
  'AWS::CDK::Metadata': { passedOver: 'it tells AWS which constructs are used' },
  'AWS::CloudWatch::Alarm': {
    nameProperty: 'AlarmName',
    arn: (name, place) => `${at('cloudwatch', place)}:alarm:${name}`,
    passedOver: NO_METRICS,
  },
  'AWS::CloudWatch::CompositeAlarm': {
    nameProperty: 'AlarmName',
    arn: (name, place) => `${at('cloudwatch', place)}:alarm:${name}`,
    passedOver: NO_METRICS,
  },
  'AWS::CloudWatch::Dashboard': { nameProperty: 'DashboardName', passedOver: NO_METRICS },
  'AWS::Events::Rule': { nameProperty: 'Name', arn: (name, place) => `${at('events', place)}:rule/${name}` },
  'AWS::Glue::Crawler': {
    nameProperty: 'Name',
    arn: (name, place) => `${at('glue', place)}:crawler/${name}`,
  },
  'AWS::Glue::Database': {
    nameProperty: ['DatabaseInput', 'Name'],
    arn: (name, place) => `${at('glue', place)}:database/${name}`,
  },
  'AWS::Glue::SecurityConfiguration': { nameProperty: 'Name', passedOver: NO_ENCRYPTION },
  'AWS::Glue::Table': { nameProperty: ['TableInput', 'Name'] },
  'AWS::IAM::ManagedPolicy': {
    nameProperty: 'ManagedPolicyName',
    arn: (name, { account }) => `arn:aws:iam::${account}:policy/${name}`,
    isRefArn: true,
    arnAttribute: 'PolicyArn',
  },
  'AWS::IAM::Policy': { nameProperty: 'PolicyName' },
  'AWS::IAM::Role': {
    nameProperty: 'RoleName',
    arn: (name, { account }) => `arn:aws:iam::${account}:role/${name}`,
  },
  'AWS::KMS::Alias': { nameProperty: 'AliasName', passedOver: NO_ENCRYPTION },
  'AWS::KMS::Key': { arn: (name, place) => `${at('kms', place)}:key/${name}`, passedOver: NO_ENCRYPTION },
  'AWS::Lambda::EventInvokeConfig': { passedOver: 'nothing invokes functions asynchronously here' },
  'AWS::Lambda::Function': {
    nameProperty: 'FunctionName',
    arn: (name, place) => `${at('lambda', place)}:function:${name}`,
  },
  'AWS::Lambda::Permission': { passedOver: 'whoever invokes functions here does so by a role of its own' },
  // Its ARN ends in the number that it is published under, see versions.ts.
  'AWS::Lambda::Version': {},
  'AWS::Logs::LogGroup': {
    nameProperty: 'LogGroupName',
    arn: (name, place) => `${at('logs', place)}:log-group:${name}:*`,
    passedOver: NO_LOG_GROUPS,
  },
  'AWS::Logs::MetricFilter': { nameProperty: 'FilterName', passedOver: NO_LOG_GROUPS },
  'AWS::Logs::ResourcePolicy': { nameProperty: 'PolicyName', passedOver: NO_LOG_GROUPS },
  'AWS::S3::Bucket': { nameProperty: 'BucketName', arn: (name) => `arn:aws:s3:::${name}` },
  'AWS::S3::BucketPolicy': {
    passedOver: 'the loopback interface does without TLS, and other accounts are not here',
  },
  'AWS::SNS::Subscription': { passedOver: NO_MESSAGES },
  'AWS::SNS::Topic': {
    nameProperty: 'TopicName',
    arn: (name, place) => `${at('sns', place)}:${name}`,
    isRefArn: true,
    arnAttribute: 'TopicArn',
    passedOver: NO_MESSAGES,
  },
  'AWS::SNS::TopicPolicy': { passedOver: NO_MESSAGES },
  'AWS::SQS::Queue': {
    nameProperty: 'QueueName',
    arn: (name, place) => `${at('sqs', place)}:${name}`,
    passedOver: NO_MESSAGES,
  },
  'AWS::SQS::QueuePolicy': { passedOver: NO_MESSAGES },
  'AWS::StepFunctions::StateMachine': {
    nameProperty: 'StateMachineName',
    arn: (name, place) => `${at('states', place)}:stateMachine:${name}`,
    isRefArn: true,
  },
}
