/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-assignment,
   @typescript-eslint/no-unsafe-return, @typescript-eslint/no-unsafe-argument -- templates have no types */
import { AwsSolutionsChecks } from 'cdk-nag'
import { describe, expect, it } from 'vitest'
import { HANDLER_ENVIRONMENT, HANDLER_NAMES } from '../../core/environment.ts'
import { STACK_OUTPUTS } from '../../core/stack-outputs.ts'
import { WILDCARDS, wildcardReasons, wildcardsOf, type Statement } from '../../lib/constructs/wildcards.ts'
import { LEASE_SECONDS } from '../../lib/timeouts.ts'
import { resolved, synthesizeStack } from './synthesized.ts'

process.env.JSII_DEPRECATED = 'fail'
const synthesized = synthesizeStack()
const { app, template, deployment } = synthesized
const resources = (type: string) => synthesized.resources(type)

const functions = Object.values(resources('AWS::Lambda::Function'))
const functionOf = (handler: string) =>
  functions.find(({ Properties }) => Properties.FunctionName === `dayfold-${handler}`)!.Properties
const only = (type: string) => {
  const found = Object.values(resources(type))
  expect(found, type).toHaveLength(1)
  return found[0]!.Properties
}

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

  it('outlives the stack', () => {
    expect(Object.values(template.findResources('AWS::S3::Bucket'))[0]).toMatchObject({
      DeletionPolicy: 'Retain',
    })
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
      /^s3:\/\/<\w+>\/processed\/alpha\/$/,
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
    expect(resolved(Parameters['storage.location.template'])).toBe(
      `${resolved(StorageDescriptor.Location)}day_partition=\${day_partition}/`,
    )
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
      expect(SchemaChangePolicy.DeleteBehavior).toBe('LOG')
      expect(JSON.parse(Configuration)).toMatchObject({
        CrawlerOutput: { Partitions: { AddOrUpdateBehavior: 'InheritFromTable' } },
        Grouping: { TableGroupingPolicy: 'CombineCompatibleSchemas' },
      })
    }
  })
})

describe('the schedule', () => {
  const { ScheduleExpression, State, Targets } = only('AWS::Events::Rule')

  it('starts a run every three hours, and tells it the time that was meant', () => {
    expect(ScheduleExpression).toBe('cron(10 0/3 * * ? *)')
    expect(State).toBe('ENABLED')
    expect(Targets[0].InputTransformer).toEqual({
      InputPathsMap: { time: '$.time' },
      InputTemplate: '{"scheduledAt":<time>}',
    })
  })

  it('keeps what it cannot deliver', () => {
    const [queue] = Object.keys(resources('AWS::SQS::Queue'))
    expect(Targets[0].DeadLetterConfig.Arn).toEqual({ 'Fn::GetAtt': [queue, 'Arn'] })
    expect(Targets[0].RetryPolicy.MaximumRetryAttempts).toBeGreaterThan(0)
  })
})

describe('the stack', () => {
  it('tells clients what they look for', () => {
    expect(Object.keys(template.findOutputs('*')).sort()).toEqual(Object.values(STACK_OUTPUTS).sort())
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

  it('explains in every alarm what to look at and what to do', () => {
    const alarms = Object.values(resources('AWS::CloudWatch::Alarm'))
    expect(alarms.length).toBeGreaterThan(3)
    for (const { Properties } of alarms) {
      expect(Properties.AlarmDescription).toMatch(/\nInvestigation: .+\nResolution: .+/)
      expect(Properties.AlarmActions).toHaveLength(1)
    }
  })
})

describe('permissions', () => {
  const statements = Object.values(resources('AWS::IAM::Policy')).flatMap(
    ({ Properties }) => Properties.PolicyDocument.Statement as Statement[],
  )
  const wildcards = statements.flatMap(wildcardsOf)

  it('have a written reason for every wildcard', () => {
    expect(wildcards.length).toBeGreaterThan(10)
    expect(wildcards.filter(({ resource, actions }) => !wildcardReasons(resource, actions))).toEqual([])
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
    const inVpc = synthesizeStack({ subnetIds: ['subnet-0a'], securityGroupIds: ['sg-0a'] })
    const policies = Object.values(inVpc.resources('AWS::IAM::Policy'))
    const used = policies
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement as Statement[])
      .flatMap(wildcardsOf)
      .flatMap(({ resource, actions }) => wildcardReasons(resource, actions) ?? [])
    expect(new Set(used)).toEqual(new Set(WILDCARDS.map(({ reason }) => reason)))
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
    const names = JSON.stringify(other.template.toJSON()).match(
      /"(FunctionName|Name|DatabaseName|QueueName)":"[^"<]+"/g,
    )
    expect(names!.filter((name) => name.includes('dayfold'))).toEqual([])
  })
})

it('names no dataset in the definition', () => {
  const text = JSON.stringify(synthesized.definition())
  for (const { name } of deployment.datasets) expect(text).not.toContain(name)
})
