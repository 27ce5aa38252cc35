import type { Place } from '../protocol/place.ts'

/** What `Ref` and the ARN of a kind of resource are. */
export interface Identity {
  /** The property that names the resource; absent: nothing does. */
  readonly nameProperty?: string | readonly [string, string]
  /** Builds the ARN from the name; `{r}` is region and account. */
  readonly arn?: (name: string, place: Place) => string
  /** Whether `Ref` gives the ARN; else it gives the name. */
  readonly isRefArn?: true
}

const at = (service: string, { region, account }: Place) => `arn:aws:${service}:${region}:${account}`

/**
 * Kinds of resources that others refer to.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html
 */
export const IDENTITIES: Readonly<Record<string, Identity>> = {
  'AWS::Athena::WorkGroup': {
    nameProperty: 'Name',
    arn: (name, place) => `${at('athena', place)}:workgroup/${name}`,
  },
  'AWS::CloudWatch::Alarm': {
    nameProperty: 'AlarmName',
    arn: (name, place) => `${at('cloudwatch', place)}:alarm:${name}`,
  },
  'AWS::CloudWatch::Dashboard': { nameProperty: 'DashboardName' },
  'AWS::Events::Rule': { nameProperty: 'Name', arn: (name, place) => `${at('events', place)}:rule/${name}` },
  'AWS::Glue::Crawler': {
    nameProperty: 'Name',
    arn: (name, place) => `${at('glue', place)}:crawler/${name}`,
  },
  'AWS::Glue::Database': {
    nameProperty: ['DatabaseInput', 'Name'],
    arn: (name, place) => `${at('glue', place)}:database/${name}`,
  },
  'AWS::Glue::SecurityConfiguration': { nameProperty: 'Name' },
  'AWS::Glue::Table': { nameProperty: ['TableInput', 'Name'] },
  'AWS::IAM::Policy': { nameProperty: 'PolicyName' },
  'AWS::IAM::Role': {
    nameProperty: 'RoleName',
    arn: (name, { account }) => `arn:aws:iam::${account}:role/${name}`,
  },
  'AWS::KMS::Key': { arn: (name, place) => `${at('kms', place)}:key/${name}` },
  'AWS::Lambda::Function': {
    nameProperty: 'FunctionName',
    arn: (name, place) => `${at('lambda', place)}:function:${name}`,
  },
  'AWS::Logs::LogGroup': {
    nameProperty: 'LogGroupName',
    arn: (name, place) => `${at('logs', place)}:log-group:${name}:*`,
  },
  'AWS::S3::Bucket': { nameProperty: 'BucketName', arn: (name) => `arn:aws:s3:::${name}` },
  'AWS::SNS::Topic': {
    nameProperty: 'TopicName',
    arn: (name, place) => `${at('sns', place)}:${name}`,
    isRefArn: true,
  },
  'AWS::SQS::Queue': { nameProperty: 'QueueName', arn: (name, place) => `${at('sqs', place)}:${name}` },
  'AWS::StepFunctions::StateMachine': {
    nameProperty: 'StateMachineName',
    arn: (name, place) => `${at('states', place)}:stateMachine:${name}`,
    isRefArn: true,
  },
}
