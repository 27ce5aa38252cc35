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
  SCHEDULED,
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
      'Reads published files of any table and day: to compare them with the ledger, to copy them to another folder, to query them.',
  },
  {
    actions: WRITE,
    resource: below('processed', 'replacements', 'rejected', 'quarantine'),
    reason: 'A publish copies staged files of any table and day to the folder that Athena reads.',
  },
  {
    actions: DELETE,
    resource: below('processed', 'replacements', 'rejected'),
    reason:
      'Files of a replaced generation are deleted once no query can read them; their older versions stay.',
  },
  {
    actions: /s3:GetObject|s3:GetObjectVersion/,
    resource: below('state'),
    reason: 'Reads the ledger of each day. An older version replaces one that cannot be read.',
  },
  {
    actions: WRITE,
    resource: below('state'),
    reason: 'Writes the ledger of each day, by conditional writes.',
  },
  {
    actions: WRITE,
    resource: keys(`${OUTSTANDING}*`, `${EMPTY}*`),
    reason:
      'Records a failed day as outstanding and a day without raw files as empty, whatever its table and date.',
  },
  {
    actions: DELETE,
    resource: keys(sketchKeys('*', '*')),
    reason: 'Sketches of a replaced generation are deleted with its files.',
  },
  {
    actions: WRITE,
    resource: keys(`${DUPLICATES}*`),
    reason:
      'Records a day with duplicate rows that a check requires to be unique, whatever its table and date.',
  },
  {
    actions: DELETE,
    resource: keys(
      ...[OPEN, AWAY, UNVERIFIED, REQUEUED, CRAWLING, OUTSTANDING, DUPLICATES, PLACES, SCHEDULED].map(
        (each) => `${each}*`,
      ),
    ),
    reason: 'An entry is deleted when its reason has ended. Manifests are never deleted.',
  },
  {
    actions: /s3:(PutObject|AbortMultipartUpload|DeleteObject)/,
    resource: keys(summaryKey('*'), pageKey('*'), attemptKey('*', '*'), factsKey('*'), VERIFIED_KEY),
    reason:
      'One object for each execution, dataset or dataset-day: many, with names that are not known at deployment.',
  },
  { actions: READ, resource: below('staging'), reason: 'Reads the files that jobs staged, to publish them.' },
  {
    actions: WRITE,
    resource: below('staging'),
    reason: 'Jobs write only here. Publishing is the work of a function.',
  },
  {
    actions: /s3:(GetObject|PutObject|AbortMultipartUpload|ListMultipartUploadParts)/,
    resource: below('runs'),
    reason:
      'Reads and writes the work orders, items and results of each execution. ' +
      'https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html',
  },
  {
    actions: /s3:(GetObject|PutObject|AbortMultipartUpload)/,
    resource: below('athena-results'),
    reason: "Athena reads and writes results with the caller's permissions.",
  },
  {
    actions: READ,
    resource: new RegExp(`${BUCKET}/(.+)?\\*`),
    reason: "The program reads a dataset's raw files, whose names are not known at deployment.",
  },
  {
    actions: /s3:(ListBucket|ListBucketVersions)/,
    resource: new RegExp(BUCKET),
    reason:
      'Lists raw days or data. Without it, S3 answers 403 instead of 404 for an object that does not exist. ' +
      'https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html',
  },
  {
    actions: /s3:GetBucketLocation/,
    resource: new RegExp(BUCKET),
    reason: 'Athena and Glue look up the region of the bucket before they use it.',
  },
  {
    actions: /kms:(Decrypt|GenerateDataKey)/,
    resource: /arn:[a-z-]+:kms:.+/,
    reason: 'Objects of the bucket are encrypted with this key. A multipart upload decrypts its own parts.',
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
    reason: 'Only crawlers of this deployment have names with this prefix.',
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
      'Glue and SageMaker write to log groups that the whole account shares, and choose the names of the streams.',
  },
  {
    actions: /logs:PutLogEvents/,
    resource: /arn:.*:log-group:\/aws[a-zA-Z/-]+\*?:log-stream:[a-z0-9-]+--\*/,
    reason: 'Only streams of jobs and crawlers of this deployment have names with this prefix.',
  },
  {
    actions: /states:StartExecution/,
    resource: /<\w*PipelineStateMachine\w+>/,
    reason: 'The schedule starts executions, and the Map starts its child executions.',
  },
  {
    actions: /states:(DescribeExecution|StopExecution|RedriveExecution)/,
    resource: /arn:.*:execution:.*:\*/,
    reason: 'Executions of this state machine, each with its own name.',
  },
  {
    actions: /sagemaker:(CreateProcessingJob|DescribeProcessingJob|StopProcessingJob|AddTags)/,
    resource: /arn:.*:processing-job\/[a-z0-9-]+-\*/,
    reason: 'Jobs of this deployment, each with its own name behind the prefix.',
  },
  {
    actions: /sagemaker:ListTags/,
    resource: /\*/,
    reason: 'Step Functions lists tags without naming a job. https://github.com/aws/aws-cdk/issues/26012',
  },
  {
    actions: /iam:PassRole/,
    resource: /<\w*ProgramRole\w+\.Arn>/,
    reason: 'SageMaker runs jobs with this role. A condition excludes other services.',
  },
  {
    actions: /events:(PutTargets|PutRule|DescribeRule)/,
    resource: /arn:.*:rule\/StepFunctionsGetEventsForSageMakerProcessingJobsRule/,
    reason:
      'Step Functions creates this rule to learn of the end of jobs. ' +
      'https://docs.aws.amazon.com/step-functions/latest/dg/connect-sagemaker.html',
  },
  {
    actions: /lambda:InvokeFunction/,
    resource: /<\w*Handlers\w+Function\w+(\.Arn)?>(:\*)?/,
    reason:
      'The functions that the state machine invokes, in any version: executions that began before a deployment keep ' +
      'the versions that they began with.',
  },
  {
    actions: /logs:\w+/,
    resource: /\*/,
    reason:
      'Log delivery supports no narrower resource. https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html',
  },
  {
    actions: /xray:\w+/,
    resource: /\*/,
    reason:
      'Tracing supports no narrower resource. https://docs.aws.amazon.com/step-functions/latest/dg/xray-iam.html',
  },
  {
    actions: /ecr:(BatchCheckLayerAvailability|BatchGetImage|GetDownloadUrlForLayer)/,
    resource: /arn:.*:repository\/.+/,
    reason: "SageMaker pulls the image with the job's role.",
  },
  {
    actions: /ecr:GetAuthorizationToken|cloudwatch:PutMetricData/,
    resource: /\*/,
    reason:
      'Neither supports a narrower resource. A condition limits metrics to the namespace of processing jobs.',
  },
  {
    actions: /ec2:\w+/,
    resource: /\*/,
    reason:
      'SageMaker creates the network interfaces of jobs in a VPC. ' +
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
