/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-assignment,
   @typescript-eslint/no-unsafe-return, @typescript-eslint/no-unsafe-argument -- templates have no types */
import { AwsSolutionsChecks } from 'cdk-nag'
import { describe, expect, it } from 'vitest'
import { HANDLER_ENVIRONMENT, HANDLER_NAMES } from '../../../core/environment.ts'
import { RAW_ROLE_NAMES } from '../../../core/names.ts'
import { ROLE_OUTPUTS, STACK_OUTPUTS } from '../../../core/stack-outputs.ts'
import { PLACEHOLDER_BUCKET } from '../../../lib/config.ts'
import {
  allowedBy,
  REASONS,
  reasonsFor,
  wildcardsOf,
  type Statement,
} from '../../../lib/constructs/reasons.ts'
import { LEASE_SECONDS } from '../../../lib/timeouts.ts'
import { EVERYTHING, resolved, synthesizeStack, type Synthesized } from '../../support/synthesized.ts'

process.env.JSII_DEPRECATED = 'fail'
const synthesized = synthesizeStack()
const { app, template, data, deployment } = synthesized
const resources = (type: string) => synthesized.resources(type)

const functions = Object.values(resources('AWS::Lambda::Function'))
const functionOf = (handler: string) =>
  functions.find(({ Properties }) => Properties.FunctionName === `dayfold-${handler}`)!.Properties
const only = (type: string) => {
  const found = Object.values(resources(type))
  expect(found, type).toHaveLength(1)
  return found[0]!.Properties
}

const WITHOUT_TLS = { Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }

describe('the Lambda functions', () => {
  it.each(HANDLER_NAMES)('%s has exactly the environment that its handler requires', (handler) => {
    const { Environment } = functionOf(handler)
    expect(Object.keys(Environment.Variables).sort()).toEqual([...HANDLER_ENVIRONMENT[handler]].sort())
  })

  it('are as many as there are handlers', () => {
    expect(functions).toHaveLength(HANDLER_NAMES.length)
  })

  it('run on Node 24, on Graviton', () => {
    for (const { Properties } of functions) {
      expect(Properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Handler: 'index.handler',
      })
    }
  })

  it('never outlive the lease of an intent that they hold', () => {
    const publishers = HANDLER_NAMES.filter((name) => functionOf(name).Environment.Variables.LEASE_SECONDS)
    expect(publishers).toEqual(['plan', 'plan-day', 'publish-day', 'crawl'])
    for (const name of publishers) {
      const { Timeout, Environment } = functionOf(name)
      expect(Environment.Variables.LEASE_SECONDS).toBe(String(LEASE_SECONDS))
      expect(Timeout + 60).toBeLessThanOrEqual(LEASE_SECONDS)
    }
  })

  it('end before Lambda ends them', () => {
    for (const { Properties } of functions) expect(Properties.Timeout).toBeLessThanOrEqual(900)
  })

  it('log to groups of their own that expire', () => {
    const groups = Object.values(resources('AWS::Logs::LogGroup'))
    expect(groups).toHaveLength(HANDLER_NAMES.length + 1)
    for (const { Properties } of groups) expect(Properties.RetentionInDays).toBe(90)
  })
})

describe('the data bucket', () => {
  const bucket = only('AWS::S3::Bucket')

  it('is versioned, encrypted and closed to the public', () => {
    expect(bucket.VersioningConfiguration).toEqual({ Status: 'Enabled' })
    expect(bucket.PublicAccessBlockConfiguration).toEqual({
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    })
    expect(JSON.stringify(bucket.BucketEncryption)).toContain('AES256')
  })

  it('refuses connections without TLS', () => {
    expect(JSON.stringify(only('AWS::S3::BucketPolicy').PolicyDocument)).toContain(
      '"aws:SecureTransport":"false"',
    )
  })

  it('expires what is temporary, old versions and broken uploads, and nothing else', () => {
    const rules = bucket.LifecycleConfiguration.Rules as Record<string, unknown>[]
    const expiring = rules.filter((rule) => rule.ExpirationInDays !== undefined)
    expect(expiring.map((rule) => rule.Prefix)).toEqual(['staging/', 'runs/', 'athena-results/'])
    const rest = rules.filter((rule) => rule.ExpirationInDays === undefined)
    expect(rest).toEqual([
      expect.objectContaining({
        NoncurrentVersionExpiration: { NoncurrentDays: 14 },
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 2 },
        ExpiredObjectDeleteMarker: true,
      }),
    ])
  })

  it("outlives its stack with the tables, but for a first deployment that failed, and is not the pipeline's", () => {
    for (const type of ['AWS::S3::Bucket', 'AWS::Glue::Database', 'AWS::Glue::Table'])
      for (const each of Object.values(data.findResources(type)))
        expect(each).toMatchObject({ DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' })
    for (const type of ['AWS::S3::Bucket', 'AWS::Glue::Database', 'AWS::Glue::Table'])
      expect(template.findResources(type)).toEqual({})
  })
})

describe('the catalog', () => {
  const tables = Object.values(resources('AWS::Glue::Table')).map(({ Properties }) => Properties.TableInput)
  const tableOf = (name: string) => tables.find((table) => table.Name === name)

  it('declares a table for each dataset with exact types', () => {
    expect(tableOf('alpha').StorageDescriptor.Columns).toEqual([
      { Name: 'id', Type: 'string' },
      { Name: 'tags', Type: 'array<string>' },
      { Name: 'seen_at', Type: 'timestamp' },
    ])
    expect(tableOf('alpha').PartitionKeys).toEqual([{ Name: 'day_partition', Type: 'string' }])
    expect(resolved(tableOf('alpha').StorageDescriptor.Location)).toMatch(
      /^s3:\/\/dayfold-data-000000000000-us-east-1\/processed\/alpha\/$/,
    )
  })

  it('declares a table over the rejected records of each dataset', () => {
    expect(tables.map((table) => table.Name as string).sort()).toEqual([
      'alpha',
      'alpha_rejected',
      'beta_two',
      'beta_two_rejected',
    ])
    const { Parameters, StorageDescriptor } = tableOf('alpha_rejected')
    expect(StorageDescriptor.Columns).toEqual([
      { Name: 'source', Type: 'string' },
      { Name: 'line', Type: 'bigint' },
      { Name: 'reason', Type: 'string' },
      { Name: 'message', Type: 'string' },
      { Name: 'raw', Type: 'string' },
      { Name: 'rawbase64', Type: 'string' },
      { Name: 'range', Type: 'struct<start:bigint,end:bigint,of:string>' },
    ])
    expect(resolved(Parameters['storage.location.template'])).toBe(
      `${resolved(StorageDescriptor.Location)}day_partition=\${day_partition}/`,
    )
    // All days that a run can be for.
    expect(Parameters['projection.day_partition.range']).toBe('0001-01-01,9999-12-31')
  })

  it("has a crawler for each dataset, with the dataset's table as its only target", () => {
    const crawlers = Object.values(resources('AWS::Glue::Crawler')).map(({ Properties }) => Properties)
    const targets = crawlers.map(({ Name, Targets }) => [Name, Targets.CatalogTargets])
    expect(targets).toEqual(
      deployment.datasets.map(({ name, crawler }) => [
        crawler,
        [{ DatabaseName: 'dayfold', Tables: [name] }],
      ]),
    )
    for (const { SchemaChangePolicy, Configuration, Schedule } of crawlers) {
      expect(Schedule).toBeUndefined()
      expect(SchemaChangePolicy).toEqual({ UpdateBehavior: 'LOG', DeleteBehavior: 'LOG' })
      expect(JSON.parse(Configuration)).toMatchObject({
        CrawlerOutput: { Partitions: { AddOrUpdateBehavior: 'InheritFromTable' } },
        Grouping: { TableGroupingPolicy: 'CombineCompatibleSchemas' },
      })
    }
  })

  it('has no crawler where none is wanted, and nobody may start one', () => {
    const off = synthesizeStack({ crawler: 'off' })
    expect(off.resources('AWS::Glue::Crawler')).toEqual({})
    expect(JSON.stringify(off.resources('AWS::IAM::Policy'))).not.toContain('glue:StartCrawler')
  })

  it('marks its tables, and says of features what crawlers compare', () => {
    expect(tableOf('alpha').Parameters).toMatchObject({
      dayfold: 'features',
      compressionType: 'none',
      typeOfData: 'file',
    })
    expect(tableOf('alpha_rejected').Parameters).toMatchObject({ dayfold: 'rejected' })
  })
})

describe('the schedule', () => {
  const [rule, { Properties }] = Object.entries(resources('AWS::Events::Rule')).find(
    ([, found]) => found.Properties.ScheduleExpression !== undefined,
  )!
  const { ScheduleExpression, State, Targets } = Properties

  it('starts a run every three hours, and tells it the time that was meant', () => {
    expect(ScheduleExpression).toBe('cron(10 0/3 * * ? *)')
    expect(State).toBe('ENABLED')
    expect(Targets[0].InputTransformer).toEqual({
      InputPathsMap: { time: '$.time' },
      InputTemplate: '{"scheduledAt":<time>}',
    })
  })

  it('may leave what it cannot deliver in the queue, which refuses connections without TLS', () => {
    const statements = only('AWS::SQS::QueuePolicy').PolicyDocument.Statement
    expect(statements).toHaveLength(2)
    expect(statements).toContainEqual(
      expect.objectContaining({
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Condition: { ArnEquals: { 'aws:SourceArn': { 'Fn::GetAtt': [rule, 'Arn'] } } },
      }),
    )
    expect(statements).toContainEqual(expect.objectContaining(WITHOUT_TLS))
  })

  it('keeps what it cannot deliver', () => {
    const [queue] = Object.keys(resources('AWS::SQS::Queue'))
    expect(Targets[0].DeadLetterConfig.Arn).toEqual({ 'Fn::GetAtt': [queue, 'Arn'] })
    expect(Targets[0].RetryPolicy.MaximumRetryAttempts).toBeGreaterThan(0)
  })
})

describe('the stack', () => {
  it('tells clients what they look for', () => {
    expect(Object.keys(template.findOutputs('*')).sort()).toEqual(
      [...Object.values(STACK_OUTPUTS), ...Object.values(ROLE_OUTPUTS)].sort(),
    )
    for (const { Description } of Object.values(template.findOutputs('*')))
      expect(Description).toMatch(/^[A-Z].{20,}\.$/)
    const roles = Object.keys(resources('AWS::IAM::Role'))
    expect(roles).toHaveLength(Object.keys(ROLE_OUTPUTS).length)
  })

  it('gives the roles that reach the raw bucket names that others can know beforehand', () => {
    const names = Object.values(resources('AWS::IAM::Role')).flatMap(
      ({ Properties }) => Properties.RoleName ?? [],
    )
    const expected = Object.values(RAW_ROLE_NAMES).map((nameOf) => nameOf('dayfold', 'us-east-1'))
    expect(names.map(resolved).sort()).toEqual(expected.sort())
  })

  it('gives stable, readable names', () => {
    expect(only('AWS::StepFunctions::StateMachine').StateMachineName).toBe('dayfold')
    expect(only('AWS::Athena::WorkGroup').Name).toBe('dayfold')
    expect(only('AWS::Glue::Database').DatabaseInput.Name).toBe('dayfold')
    expect(functions.map(({ Properties }) => Properties.FunctionName as string).sort()).toEqual(
      HANDLER_NAMES.map((name) => `dayfold-${name}`).sort(),
    )
  })

  it('passes the AwsSolutions checks of cdk-nag', () => {
    const { violations } = new AwsSolutionsChecks().validateScope(app)
    expect(violations.map(({ ruleName, violatingResources }) => ({ ruleName, violatingResources }))).toEqual(
      [],
    )
  })

  it('cannot be deployed with the bucket that stands in cdk.json for one to be named', () => {
    const { template: unnamed } = synthesizeStack({ rawBucket: PLACEHOLDER_BUCKET })
    const { Rules, Parameters } = unnamed.toJSON()
    const [{ Assert, AssertDescription }] = Rules.RawBucketIsNamed.Assertions
    const equality = Assert['Fn::Not'][0]['Fn::Equals']
    expect(equality).toEqual([{ Ref: 'RawBucketInCdkJson' }, Parameters.RawBucketInCdkJson.Default])
    expect(AssertDescription).toContain('name your bucket before you deploy')
    expect(template.toJSON().Rules).not.toHaveProperty('RawBucketIsNamed')
    expect(template.toJSON().Parameters).not.toHaveProperty('RawBucketInCdkJson')
  })
})

describe('permissions', () => {
  const statementsOf = ({ resources: all }: Synthesized) =>
    ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'].flatMap((type) =>
      Object.values(all(type)).flatMap(
        ({ Properties }) => Properties.PolicyDocument.Statement as Statement[],
      ),
    )
  const statements = statementsOf(synthesized)
  const everything = synthesizeStack(EVERYTHING)
  const wildcards = statements.flatMap(wildcardsOf)

  it('have a written reason for every action on every resource', () => {
    const allowed = statementsOf(everything).flatMap(allowedBy)
    expect(allowed.length).toBeGreaterThan(100)
    expect(allowed.filter((each) => !reasonsFor(each))).toEqual([])
  })

  it('of a new wildcard need a reason of their own', () => {
    const arn = 'arn:<AWS::Partition>:glue:<AWS::Region>:<AWS::AccountId>:table/dayfold/*'
    expect(reasonsFor({ resource: arn, actions: ['glue:GetTable'] })).toHaveLength(1)
    expect(reasonsFor({ resource: arn, actions: ['glue:GetTable', 'glue:DeleteTable'] })).toBeUndefined()
    expect(reasonsFor({ resource: '*', actions: ['glue:GetTable'] })).toBeUndefined()
  })

  it('never allow all actions of a service', () => {
    expect(statements.flatMap(({ Action }) => Action).filter((action) => action.includes('*'))).toEqual([])
  })

  it('name every action on all resources', () => {
    const onEverything = wildcards
      .filter(({ resource }) => resource === '*')
      .flatMap(({ actions }) => actions)
    expect([...new Set(onEverything)].sort()).toEqual([
      'cloudwatch:PutMetricData',
      'ecr:GetAuthorizationToken',
      'logs:CreateLogDelivery',
      'logs:DeleteLogDelivery',
      'logs:DescribeLogGroups',
      'logs:DescribeResourcePolicies',
      'logs:GetLogDelivery',
      'logs:ListLogDeliveries',
      'logs:PutResourcePolicy',
      'logs:UpdateLogDelivery',
      'sagemaker:ListTags',
      'xray:GetSamplingRules',
      'xray:GetSamplingTargets',
      'xray:PutTelemetryRecords',
      'xray:PutTraceSegments',
    ])
  })

  it('use every written reason, so that none goes stale', () => {
    const used = statementsOf(everything)
      .flatMap(allowedBy)
      .flatMap((allowed) => reasonsFor(allowed) ?? [])
    expect(new Set(used)).toEqual(new Set(REASONS.map(({ reason }) => reason)))
  })

  const allowedTo = (role: string, action: string, { resources: all } = synthesized) =>
    Object.entries(all('AWS::IAM::Policy'))
      .filter(([id]) => id.startsWith(role))
      .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement as Statement[])
      .filter(({ Action }) => [Action].flat().includes(action))
  const resourcesOf = (statements: readonly Statement[]) =>
    statements.flatMap(({ Resource }) => [Resource].flat()).map(resolved)

  it("show jobs and PlanDay the datasets' raw files only", () => {
    const read = (stack?: Synthesized) => resourcesOf(allowedTo('ProgramRole', 's3:GetObject', stack))
    const listed = (stack?: Synthesized) =>
      allowedTo('HandlersPlanDayRole', 's3:ListBucket', stack)
        .filter(({ Resource }) => resolved(Resource) === 'arn:aws:s3:::raw-files')
        .map(({ Condition }) => Condition)
    expect(read().filter((resource) => resource.includes(':raw-files/'))).toEqual([
      'arn:aws:s3:::raw-files/alpha/*',
      'arn:aws:s3:::raw-files/beta_two/*',
    ])
    expect(listed()).toEqual([{ StringLike: { 's3:prefix': ['alpha/*', 'beta_two/*'] } }])

    const datasets = { alpha: { rawPrefix: '' }, beta_two: { rawPrefix: 'raw/beta' } }
    const whole = synthesizeStack({ datasets })
    expect(read(whole)).toContain('arn:aws:s3:::raw-files/*')
    expect(listed(whole)).toEqual([{ StringLike: { 's3:prefix': ['*'] } }])
  })

  it('let whoever reads published files read those of days that are away', () => {
    const bucket = 'arn:aws:s3:::dayfold-data-000000000000-us-east-1'
    const readers = Object.values(resources('AWS::IAM::Policy')).map(({ Properties }) =>
      resourcesOf(
        (Properties.PolicyDocument.Statement as Statement[]).filter(({ Action }) =>
          [Action].flat().includes('s3:GetObject'),
        ),
      ),
    )
    const inHome = readers.filter((keys) => keys.some((key) => key.startsWith(`${bucket}/processed/`)))
    // The job, four functions that publish, Verify, and the crawlers.
    expect(inHome).toHaveLength(7)
    for (const keys of inHome) {
      const homes = keys.filter((key) => key.startsWith(`${bucket}/processed/`))
      for (const home of homes) expect(keys).toContain(home.replace('/processed/', '/replacements/'))
    }
  })

  it('let Collect write summaries, pages, attempts and facts, no manifest', () => {
    const bucket = 'arn:aws:s3:::dayfold-data-000000000000-us-east-1'
    const written = resourcesOf(allowedTo('HandlersCollectRole', 's3:PutObject'))
    expect(written.sort()).toEqual([
      `${bucket}/runs/*/report.html`,
      `${bucket}/runs/*/summary.json`,
      `${bucket}/state/*/day_partition=*/attempt.json`,
      `${bucket}/state/_empty/*`,
      `${bucket}/state/_facts/*.json`,
      `${bucket}/state/_outstanding/*`,
    ])
  })

  it('pass no role but that of the jobs, and only to SageMaker', () => {
    const passing = statements.filter(({ Action }) => [Action].flat().includes('iam:PassRole'))
    expect(passing).toHaveLength(1)
    expect(passing[0]!.Condition).toEqual({
      StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' },
    })
  })

  it('are written out: no managed policy of AWS', () => {
    for (const { Properties } of Object.values(resources('AWS::IAM::Role'))) {
      expect(Properties.ManagedPolicyArns).toBeUndefined()
    }
  })
})

describe('the name of the configuration', () => {
  it('begins all names, so that two deployments stand side by side', () => {
    const other = synthesizeStack({ name: 'tenant-b' })
    expect(
      Object.values(other.resources('AWS::StepFunctions::StateMachine'))[0]!.Properties.StateMachineName,
    ).toBe('tenant-b')
    for (const { Properties } of Object.values(other.resources('AWS::Lambda::Function'))) {
      expect(Properties.Environment.Variables.DEPLOYMENT).toBe('tenant-b')
    }
    const names = JSON.stringify(other.template.toJSON()).match(
      /"(FunctionName|Name|AlarmName|DatabaseName|QueueName|TopicName)":"[^"<]+"/g,
    )
    expect(names!.filter((name) => name.includes('dayfold'))).toEqual([])
  })
})

it('names no dataset in the definition', () => {
  const text = JSON.stringify(synthesized.definition())
  for (const { name } of deployment.datasets) expect(text).not.toContain(name)
})
