import { CfnPolicy } from 'aws-cdk-lib/aws-iam'
import type { Stack } from 'aws-cdk-lib/core'
import { attemptKey, summaryKey } from '../../core/layout.ts'
import { acknowledge } from './acknowledge.ts'

/** Why a wildcard stands in a policy. */
interface Wildcard {
  /** Matches the whole resource, references written as `<logical id>` or `<logical id.attribute>`. */
  readonly resource: RegExp
  /** The only actions that the reason holds for; undefined: those of the statement, whatever they are. */
  readonly actions?: RegExp
  readonly reason: string
}

/** Matches the objects of the data bucket with one of these keys, in which a `*` stands as it is. */
function dataKeys(...keys: readonly string[]): RegExp {
  const spelled = keys.map((key) => key.replaceAll(/[.*/]/g, '\\$&'))
  return new RegExp(`<StorageData\\w+\\.Arn>/(${spelled.join('|')})`)
}

/** Every wildcard in the policies of the stack. One that is not listed here fails cdk-nag and the tests. */
export const WILDCARDS: readonly Wildcard[] = [
  {
    resource: /<StorageData\w+\.Arn>\/[a-z_/-]+\/\*/,
    actions:
      /s3:(GetObject|GetObjectVersion|PutObject|AbortMultipartUpload|ListMultipartUploadParts|DeleteObject)/,
    reason: 'The objects of one prefix: tables, days and executions are many, and are not known beforehand.',
  },
  {
    resource: dataKeys(summaryKey('*'), attemptKey('*', '*')),
    actions: /s3:(PutObject|AbortMultipartUpload|DeleteObject)/,
    reason: 'One object of each execution or dataset-day, which are many, and are not known beforehand.',
  },
  {
    resource: /arn:<AWS::Partition>:s3:::[^/]+\/(.+\/)?\*/,
    actions: /s3:GetObject/,
    reason: "The program reads a dataset's raw files, which are not known beforehand.",
  },
  {
    resource: /arn:.*:log-group:(\/aws-glue\/crawlers|\/aws\/sagemaker\/ProcessingJobs)\*/,
    actions: /logs:(CreateLogGroup|CreateLogStream|DescribeLogStreams|PutLogEvents)/,
    reason:
      'Glue and SageMaker write to log groups that the account shares, and name the streams themselves.',
  },
  {
    resource: /arn:.*:execution:.*:\*/,
    actions: /states:(DescribeExecution|StopExecution|RedriveExecution)/,
    reason: 'Executions of this state machine: each has a name of its own.',
  },
  {
    resource: /arn:.*:processing-job\/[a-z0-9-]+-\*/,
    actions: /sagemaker:(CreateProcessingJob|DescribeProcessingJob|StopProcessingJob|AddTags)/,
    reason: 'Jobs whose names begin with the prefix of this deployment: each has a name of its own.',
  },
  {
    resource: /<Handlers\w+\.Arn>:\*/,
    actions: /lambda:InvokeFunction/,
    reason: 'Versions and aliases of the very functions that the state machine invokes; CDK grants both.',
  },
  {
    resource: /\*/,
    actions: /sagemaker:ListTags/,
    reason: 'Step Functions lists tags without naming a job. https://github.com/aws/aws-cdk/issues/26012',
  },
  {
    resource: /\*/,
    actions: /logs:\w+/,
    reason:
      'Delivery of logs takes no narrower resource. https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html',
  },
  {
    resource: /\*/,
    actions: /xray:\w+/,
    reason:
      'Traces take no narrower resource. https://docs.aws.amazon.com/step-functions/latest/dg/xray-iam.html',
  },
  {
    resource: /\*/,
    actions: /ecr:GetAuthorizationToken|cloudwatch:PutMetricData/,
    reason:
      'Both take no narrower resource; a condition limits the metrics to the namespace of processing jobs.',
  },
  {
    resource: /\*/,
    actions: /ec2:\w+/,
    reason:
      'SageMaker makes the network interfaces of jobs in a VPC. ' +
      'https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html',
  },
]

/** A statement as CloudFormation has it. */
export interface Statement {
  readonly Action: string | readonly string[]
  readonly Resource: unknown
  readonly [field: string]: unknown
}

/** The wildcards of a statement: resources, with references written out, and the statement's actions. */
export function wildcardsOf({
  Action,
  Resource,
}: Statement): { resource: string; actions: readonly string[] }[] {
  const actions = typeof Action === 'string' ? [Action] : Action
  const resources = (Array.isArray(Resource) ? Resource : [Resource]).map(flat)
  return resources.filter((resource) => resource.includes('*')).map((resource) => ({ resource, actions }))
}

/** The reasons for a wildcard, or undefined when it, or an action that it stands for, has none. */
export function wildcardReasons(resource: string, actions: readonly string[]): string[] | undefined {
  const reasons = actions.map(
    (action) => WILDCARDS.find((wildcard) => explains(wildcard, resource, action))?.reason,
  )
  return reasons.includes(undefined) ? undefined : [...new Set(reasons as string[])]
}

function explains(wildcard: Wildcard, resource: string, action: string): boolean {
  return matches(wildcard.resource, resource) && (!wildcard.actions || matches(wildcard.actions, action))
}

function matches(pattern: RegExp, text: string): boolean {
  return new RegExp(`^(?:${pattern.source})$`).test(text)
}

/** Records the reason of every wildcard where cdk-nag looks for it. Call it once the stack is complete. */
export function acknowledgeWildcards(stack: Stack): void {
  for (const policy of stack.node.findAll().filter((node) => node instanceof CfnPolicy)) {
    const document = stack.resolve(policy.policyDocument) as { readonly Statement: readonly Statement[] }
    for (const { resource, actions } of document.Statement.flatMap(wildcardsOf)) {
      const reasons = wildcardReasons(resource, actions)
      if (reasons) acknowledge(policy, { [`AwsSolutions-IAM5[Resource::${resource}]`]: reasons.join(' ') })
    }
  }
}

/** A value of a template as text, references written as cdk-nag writes them. */
function flat(value: unknown): string {
  if (typeof value === 'string') return value
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': join } = value as Record<string, unknown>
  if (typeof Ref === 'string') return `<${Ref}>`
  if (Array.isArray(attribute)) return `<${attribute.join('.')}>`
  if (!Array.isArray(join)) return JSON.stringify(value)
  const [separator, parts] = join as [string, unknown[]]
  return parts.map(flat).join(separator)
}
