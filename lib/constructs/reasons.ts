import { CfnManagedPolicy, CfnPolicy } from 'aws-cdk-lib/aws-iam'
import { Stack } from 'aws-cdk-lib/core'
import type { Construct } from 'constructs'
import {
  attemptKey,
  AWAY,
  CRAWLING,
  EMPTY,
  factsKey,
  OPEN,
  DUPLICATES,
  OUTSTANDING,
  PLACES,
  REQUEUED,
  pageKey,
  sketchKeys,
  summaryKey,
  UNVERIFIED,
  VERIFIED_KEY,
} from '../../core/layout.ts'
import { acknowledge } from './acknowledge.ts'

/** The reason for actions on resources in a policy. */
interface Reason {
  /** Matches the whole name of each action that the reason is for. */
  readonly actions: RegExp
  /** Matches the whole resource, with references written as `<logical id>` or `<logical id.attribute>`. */
  readonly resource: RegExp
  readonly reason: string
}

const BUCKET = 'arn:<AWS::Partition>:s3:::[^/]+'

/** Makes a pattern of the objects in any bucket with one of these keys; `*` in a key stands for itself. */
function keys(...patterns: readonly string[]): RegExp {
  const spelled = patterns.map((key) => key.replaceAll(/[.*/]/g, '\\$&'))
  return new RegExp(`${BUCKET}/(${spelled.join('|')})`)
}

const below = (...prefixes: readonly string[]) => keys(...prefixes.map((prefix) => `${prefix}/*`))

const READ = /s3:GetObject/
const WRITE = /s3:(PutObject|AbortMultipartUpload)/
const DELETE = /s3:DeleteObject/

/**
 * Table of the reasons for all permissions in the stacks' policies; the first match counts. A statement without a
 * reason fails the tests, and cdk-nag if it has a wildcard. docs/iam.md is made from this table.
 */
export const REASONS: readonly Reason[] = [
  {
    actions: READ,
    resource: below('processed', 'replacements', 'rejected', 'quarantine'),
    reason:
      'Published files of any table and day, to hold them against the ledger, copy them to another folder, or query them.',
  },
  {
    actions: WRITE,
    resource: below('processed', 'replacements', 'rejected', 'quarantine'),
    reason: 'A publish copies staged files of any table and day to where Athena sees them.',
  },
  {
    actions: DELETE,
    resource: below('processed', 'replacements', 'rejected'),
    reason: 'Files of a replaced generation go once no query can read them; older versions of them stay.',
  },
  {
    actions: /s3:GetObject|s3:GetObjectVersion/,
    resource: below('state'),
    reason: 'The ledger of each day; older versions mend one that cannot be read.',
  },
  { actions: WRITE, resource: below('state'), reason: 'The ledger of each day is written under conditions.' },
  {
    actions: WRITE,
    resource: keys(`${OUTSTANDING}*`, `${EMPTY}*`),
    reason:
      'A day that has not come right is kept as outstanding, one without raw files as empty, whatever its table and date.',
  },
  {
    actions: DELETE,
    resource: keys(sketchKeys('*', '*')),
    reason: 'Sketches of a replaced generation go with its files.',
  },
  {
    actions: WRITE,
    resource: keys(`${DUPLICATES}*`),
    reason:
      'A day with doubled rows that a check wants to be unique is kept as such, whatever its table and date.',
  },
  {
    actions: DELETE,
    resource: keys(
      ...[OPEN, AWAY, UNVERIFIED, REQUEUED, CRAWLING, OUTSTANDING, DUPLICATES, PLACES].map(
        (each) => `${each}*`,
      ),
    ),
    reason: 'An entry goes when what it stands for has ended; manifests are never deleted.',
  },
  {
    actions: /s3:(PutObject|AbortMultipartUpload|DeleteObject)/,
    resource: keys(summaryKey('*'), pageKey('*'), attemptKey('*', '*'), factsKey('*'), VERIFIED_KEY),
    reason:
      'One object of each execution, dataset or dataset-day, which are many, and are not known beforehand.',
  },
  { actions: READ, resource: below('staging'), reason: 'What jobs staged is read to be published.' },
  { actions: WRITE, resource: below('staging'), reason: 'Jobs write here and publish nothing themselves.' },
  {
    actions: /s3:(GetObject|PutObject|AbortMultipartUpload|ListMultipartUploadParts)/,
    resource: below('runs'),
    reason:
      'Work orders, items and results of each execution. ' +
      'https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html',
  },
  {
    actions: /s3:(GetObject|PutObject|AbortMultipartUpload)/,
    resource: below('athena-results'),
    reason: 'Athena reads and writes results with the permissions of who asks.',
  },
  {
    actions: READ,
    resource: new RegExp(`${BUCKET}/(.+)?\\*`),
    reason: "The program reads a dataset's raw files, which are not known beforehand.",
  },
  {
    actions: /s3:(ListBucket|ListBucketVersions)/,
    resource: new RegExp(BUCKET),
    reason:
      'Lists the raw days or the data; without it S3 answers 403 instead of 404 for an object that is not there. ' +
      'https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html',
  },
  {
    actions: /s3:GetBucketLocation/,
    resource: new RegExp(BUCKET),
    reason: 'Athena and Glue ask where the bucket is before they use it.',
  },
  {
    actions: /kms:(Decrypt|GenerateDataKey)/,
    resource: /arn:[a-z-]+:kms:.+/,
    reason:
      'Objects of the bucket are encrypted with this key, and parts of a multipart upload are read again.',
  },
  {
    actions: /kms:(CreateGrant|DescribeKey)/,
    resource: /arn:[a-z-]+:kms:.+/,
    reason:
      "The volume of a job is encrypted with this key: SageMaker hands it on to the volume's service by a grant, which " +
      'the condition limits to AWS. https://docs.aws.amazon.com/sagemaker/latest/dg/api-permissions-reference.html',
  },
  {
    actions: /glue:((Batch)?(Get|Create|Update)Partitions?|GetDatabase|GetTables?|UpdateTable)/,
    resource: /arn:.*:glue:.*:(catalog|database\/\w+|table\/\w+\/\*)/,
    reason:
      "The tables of the database, which is this deployment's own: a policy has no room for the names of many. Glue asks " +
      'for catalog, database and table alike. https://docs.aws.amazon.com/glue/latest/dg/glue-specifying-resource-arns.html',
  },
  {
    actions: /glue:(GetCrawler|StartCrawler)/,
    resource: /arn:.*:crawler\/[a-z0-9-]+--\*/,
    reason: 'The crawlers of this deployment, whose names alone begin so.',
  },
  {
    actions: /athena:(StartQueryExecution|StopQueryExecution|GetQueryExecution|GetQueryResults)/,
    resource: /arn:.*:workgroup\/[a-z0-9-]+/,
    reason: 'Verify counts rows with Athena.',
  },
  {
    actions: /logs:(CreateLogStream|PutLogEvents)/,
    resource: /<\w*Handlers\w+Logs\w+\.Arn>/,
    reason: 'A function writes to its own log group.',
  },
  {
    actions: /logs:(CreateLogGroup|CreateLogStream|DescribeLogStreams)/,
    resource: /arn:.*:log-group:(\/aws-glue\/crawlers|\/aws\/sagemaker\/ProcessingJobs)\*/,
    reason:
      'Glue and SageMaker write to log groups that the account shares, and name the streams themselves.',
  },
  {
    actions: /logs:PutLogEvents/,
    resource: /arn:.*:log-group:\/aws[a-zA-Z/-]+\*?:log-stream:[a-z0-9-]+--\*/,
    reason: 'Streams of the jobs and crawlers of this deployment, whose names begin so.',
  },
  {
    actions: /states:StartExecution/,
    resource: /<\w*PipelineStateMachine\w+>/,
    reason: 'The schedule starts runs, and the Map its children.',
  },
  {
    actions: /states:(DescribeExecution|StopExecution|RedriveExecution)/,
    resource: /arn:.*:execution:.*:\*/,
    reason: 'Executions of this state machine: each has a name of its own.',
  },
  {
    actions: /sagemaker:(CreateProcessingJob|DescribeProcessingJob|StopProcessingJob|AddTags)/,
    resource: /arn:.*:processing-job\/[a-z0-9-]+-\*/,
    reason: 'Jobs whose names begin with the prefix of this deployment: each has a name of its own.',
  },
  {
    actions: /sagemaker:ListTags/,
    resource: /\*/,
    reason: 'Step Functions lists tags without naming a job. https://github.com/aws/aws-cdk/issues/26012',
  },
  {
    actions: /iam:PassRole/,
    resource: /<\w*ProgramRole\w+\.Arn>/,
    reason: 'SageMaker runs a job with this role; the condition lets no other service have it.',
  },
  {
    actions: /events:(PutTargets|PutRule|DescribeRule)/,
    resource: /arn:.*:rule\/StepFunctionsGetEventsForSageMakerProcessingJobsRule/,
    reason:
      "Step Functions learns of a job's end from this rule, which it makes itself. " +
      'https://docs.aws.amazon.com/step-functions/latest/dg/connect-sagemaker.html',
  },
  {
    actions: /lambda:InvokeFunction/,
    resource: /<\w*Handlers\w+Function\w+(\.Arn)?>(:\*)?/,
    reason:
      'The functions that the state machine invokes, in any version: executions that began before a deployment go on ' +
      'with theirs.',
  },
  {
    actions: /logs:\w+/,
    resource: /\*/,
    reason:
      'Delivery of logs takes no narrower resource. https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html',
  },
  {
    actions: /xray:\w+/,
    resource: /\*/,
    reason:
      'Traces take no narrower resource. https://docs.aws.amazon.com/step-functions/latest/dg/xray-iam.html',
  },
  {
    actions: /ecr:(BatchCheckLayerAvailability|BatchGetImage|GetDownloadUrlForLayer)/,
    resource: /arn:.*:repository\/.+/,
    reason: 'SageMaker pulls the image with the role of the job.',
  },
  {
    actions: /ecr:GetAuthorizationToken|cloudwatch:PutMetricData/,
    resource: /\*/,
    reason:
      'Both take no narrower resource; a condition limits the metrics to the namespace of processing jobs.',
  },
  {
    actions: /ec2:\w+/,
    resource: /\*/,
    reason:
      'SageMaker makes the network interfaces of jobs in a VPC. ' +
      'https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html',
  },
]

/** A statement of an IAM policy, as a CloudFormation template has it. */
export interface Statement {
  readonly Action: string | readonly string[]
  readonly Resource: unknown
  readonly [field: string]: unknown
}

/** A resource of an IAM statement, with the actions that the statement allows on it. */
export interface Allowed {
  /** ARN or `*`, with references to other resources written out as by {@link flat}. */
  readonly resource: string
  readonly actions: readonly string[]
}

/** Returns the resources of an IAM statement, each with all actions of the statement. */
export function allowedBy({ Action, Resource }: Statement): Allowed[] {
  const actions = typeof Action === 'string' ? [Action] : Action
  return (Array.isArray(Resource) ? Resource : [Resource]).map((resource) => ({
    resource: flat(resource),
    actions,
  }))
}

/** Returns those resources of an IAM statement that have a wildcard, each with all actions of the statement. */
export const wildcardsOf = (statement: Statement) =>
  allowedBy(statement).filter(({ resource }) => resource.includes('*'))

/** Returns the reasons for all actions on a resource, without repetition; undefined if one of the actions has none. */
export function reasonsFor({ resource, actions }: Allowed): string[] | undefined {
  const reasons = actions.map((action) => REASONS.find((each) => explains(each, resource, action))?.reason)
  return reasons.includes(undefined) ? undefined : [...new Set(reasons as string[])]
}

function explains(reason: Reason, resource: string, action: string): boolean {
  return matches(reason.resource, resource) && matches(reason.actions, action)
}

function matches(pattern: RegExp, text: string): boolean {
  return new RegExp(`^(?:${pattern.source})$`).test(text)
}

/**
 * Records the reason for every wildcard in a construct's policies where cdk-nag looks for it. Call it once the stack is
 * complete.
 */
export function acknowledgeWildcards(scope: Construct): void {
  const stack = Stack.of(scope)
  const policies = scope.node
    .findAll()
    .filter((node) => node instanceof CfnPolicy || node instanceof CfnManagedPolicy)
  for (const policy of policies) {
    const document = stack.resolve(policy.policyDocument) as { readonly Statement: readonly Statement[] }
    for (const wildcard of document.Statement.flatMap(wildcardsOf)) {
      const reasons = reasonsFor(wildcard)
      if (reasons)
        acknowledge(policy, { [`AwsSolutions-IAM5[Resource::${wildcard.resource}]`]: reasons.join(' ') })
    }
  }
}

/**
 * Writes a value of a CloudFormation template as text, with references such as `<LogicalId.Arn>`, as cdk-nag writes
 * them.
 */
export function flat(value: unknown): string {
  if (typeof value === 'string') return value
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': join } = value as Record<string, unknown>
  if (typeof Ref === 'string') return `<${Ref}>`
  if (Array.isArray(attribute)) return `<${attribute.join('.')}>`
  if (!Array.isArray(join)) return JSON.stringify(value)
  const [separator, parts] = join as [string, unknown[]]
  return parts.map(flat).join(separator)
}
