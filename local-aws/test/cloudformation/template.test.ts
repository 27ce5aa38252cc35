import { expect, test } from 'vitest'
import { resolveStacks, resolveTemplate, type Template } from '../../cloudformation/template.ts'

const OPTIONS = {
  region: 'us-east-1',
  account: '000000000000',
  names: { Store: 'data' },
  directory: '/out',
  assets: {
    files: {
      abc: {
        source: { path: 'asset.abc' },
        destinations: { here: { objectKey: 'abc.zip' } },
      },
    },
    dockerImages: {
      def: {
        source: { directory: 'asset.def' },
        destinations: {
          here: { repositoryName: 'assets-${AWS::AccountId}-${AWS::Region}', imageTag: 'def' },
        },
      },
    },
  },
}

const bucket = { Type: 'AWS::S3::Bucket' }
const resolve = (Resources: Template['Resources'], more: Partial<Template> = {}) =>
  resolveTemplate({ Resources, ...more }, OPTIONS)

const lambda = (environment: object = {}) => ({
  Type: 'AWS::Lambda::Function',
  Properties: {
    FunctionName: 'plan',
    Code: { S3Bucket: { 'Fn::Sub': 'assets-${AWS::Region}' }, S3Key: 'abc.zip' },
    Handler: 'index.handler',
    Timeout: 60,
    Environment: { Variables: environment },
  },
})

test('a function has its asset’s folder, its ARN and its environment with references resolved', () => {
  const environment = {
    DATA_BUCKET: { Ref: 'Store' },
    URI: { 'Fn::Join': ['', ['s3://', { Ref: 'Store' }, '/x']] },
    ARN: { 'Fn::GetAtt': ['Store', 'Arn'] },
    SUB: { 'Fn::Sub': ['${AWS::Partition}-${Store}-${Store.Arn}-${own}-${!kept}', { own: 1 }] },
    PART: { 'Fn::Select': [1, { 'Fn::Split': [':', 'a:b'] }] },
    GONE: { Ref: 'AWS::NoValue' },
  }
  const { functions, buckets } = resolve({ Store: bucket, Logs: bucket, Plan: lambda(environment) })
  expect(functions).toEqual([
    {
      logicalId: 'Plan',
      name: 'plan',
      arn: 'arn:aws:lambda:us-east-1:000000000000:function:plan',
      directory: '/out/asset.abc',
      handler: 'index.handler',
      timeoutSeconds: 60,
      environment: {
        DATA_BUCKET: 'data',
        URI: 's3://data/x',
        ARN: 'arn:aws:s3:::data',
        SUB: 'aws-data-arn:aws:s3:::data-1-${kept}',
        PART: 'b',
      },
    },
  ])
  expect(buckets).toEqual(['data', 'logs'])
})

test('a bucket keeps versions where its template says so, for as long as its rules say', () => {
  const rule = (more: object) => ({
    Status: 'Enabled',
    NoncurrentVersionExpiration: { NoncurrentDays: 30 },
    ...more,
  })
  const Rules = [
    rule({ Prefix: 'runs/', NoncurrentVersionExpiration: { NoncurrentDays: 1 } }),
    rule({}),
    rule({ Status: 'Disabled' }),
    { Status: 'Enabled', Prefix: 'x/' },
  ]
  const store = (Status: string) => ({
    Type: 'AWS::S3::Bucket',
    Properties: { VersioningConfiguration: { Status }, LifecycleConfiguration: { Rules } },
  })
  const { versioned } = resolve({ Store: store('Enabled'), Logs: store('Suspended') })
  const expirations = [
    { prefix: 'runs/', days: 1 },
    { prefix: '', days: 30 },
  ]
  expect(versioned).toEqual([{ name: 'data', expirations }])
})

test('a state machine’s definition is parsed once its references are resolved', () => {
  const { stateMachines } = resolve({
    Plan: lambda(),
    Flow: {
      Type: 'AWS::StepFunctions::StateMachine',
      Properties: {
        StateMachineName: 'dayfold',
        DefinitionString: {
          'Fn::Join': ['', ['{"StartAt":"', { 'Fn::GetAtt': ['Plan', 'Arn'] }, '","b":"${Table}"}']],
        },
        DefinitionSubstitutions: { Table: 'jobs' },
      },
    },
  })
  expect(stateMachines).toEqual([
    {
      name: 'dayfold',
      arn: 'arn:aws:states:us-east-1:000000000000:stateMachine:dayfold',
      definition: { StartAt: 'arn:aws:lambda:us-east-1:000000000000:function:plan', b: 'jobs' },
    },
  ])
})

test('the catalog, the workgroup, the image and the rule are there', () => {
  const deployment = resolve(
    {
      Store: bucket,
      Base: { Type: 'AWS::Glue::Database', Properties: { DatabaseInput: { Name: 'features' } } },
      Jobs: {
        Type: 'AWS::Glue::Table',
        Properties: {
          DatabaseName: { Ref: 'Base' },
          TableInput: {
            Name: 'jobs',
            StorageDescriptor: { Location: { 'Fn::Sub': 's3://${Store}/processed/jobs/' } },
          },
        },
      },
      Crawler: {
        Type: 'AWS::Glue::Crawler',
        Properties: {
          Name: 'jobs',
          Targets: { CatalogTargets: [{ DatabaseName: { Ref: 'Base' }, Tables: [{ Ref: 'Jobs' }] }] },
        },
      },
      Group: { Type: 'AWS::Athena::WorkGroup', Properties: { Name: 'group' } },
      Flow: { Type: 'AWS::StepFunctions::StateMachine', Properties: { Definition: {} } },
      Rule: {
        Type: 'AWS::Events::Rule',
        Properties: {
          Name: 'schedule',
          ScheduleExpression: 'cron(10 0/3 * * ? *)',
          State: 'ENABLED',
          Targets: [
            {
              Arn: { Ref: 'Flow' },
              InputTransformer: {
                InputPathsMap: { time: '$.time' },
                InputTemplate: '{"scheduledAt":<time>}',
              },
            },
          ],
        },
      },
    },
    { Outputs: { Bucket: { Value: { Ref: 'Store' } } } },
  )
  expect(deployment).toMatchObject({
    databases: ['features'],
    tables: [
      {
        database: 'features',
        input: { Name: 'jobs', StorageDescriptor: { Location: 's3://data/processed/jobs/' } },
      },
    ],
    crawlers: [
      { Name: 'jobs', Targets: { CatalogTargets: [{ DatabaseName: 'features', Tables: ['jobs'] }] } },
    ],
    workgroups: [{ Name: 'group' }],
    images: [
      {
        uri: '000000000000.dkr.ecr.us-east-1.amazonaws.com/assets-000000000000-us-east-1:def',
        directory: '/out/asset.def',
      },
    ],
    rules: [
      {
        name: 'schedule',
        isEnabled: true,
        schedule: 'cron(10 0/3 * * ? *)',
        targets: [
          {
            arn: 'arn:aws:states:us-east-1:000000000000:stateMachine:flow',
            inputTransformer: { template: '{"scheduledAt":<time>}', paths: { time: '$.time' } },
          },
        ],
      },
    ],
    outputs: { Bucket: 'data' },
  })
})

test('conditions, mappings and parameters are followed', () => {
  const { functions } = resolve(
    {
      Plan: lambda({
        CHOSEN: { 'Fn::If': ['InEurope', 'eu', 'us'] },
        MAPPED: { 'Fn::FindInMap': ['Sizes', { Ref: 'AWS::Region' }, 'size'] },
        GIVEN: { Ref: 'Given' },
      }),
    },
    {
      Conditions: { InEurope: { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'us-east-1'] }] } },
      Mappings: { Sizes: { 'us-east-1': { size: 'big' } } },
      Parameters: { Given: { Default: 'default' } },
    },
  )
  expect(functions[0]!.environment).toEqual({ CHOSEN: 'us', MAPPED: 'big', GIVEN: 'default' })
})

test.each([
  [
    'a reference to nothing',
    { Ref: 'Nobody' },
    /Plan\/Environment\/Variables\/X: .*found Ref Nobody, which is no resource/,
  ],
  [
    'an attribute that is not known',
    { 'Fn::GetAtt': ['Store', 'WebsiteURL'] },
    /found Store\.WebsiteURL \(AWS::S3::Bucket\)/,
  ],
  ['a function that is not known', { 'Fn::ImportValue': 'x' }, /Fn::ImportValue/],
  ['a parameter without a default', { Ref: 'Given' }, /the parameter Given/],
])('%s is named', (_what, value, message) => {
  const resources = { Store: bucket, Plan: lambda({ X: value }) }
  expect(() => resolve(resources, { Parameters: { Given: {} } })).toThrow(message)
})

test('a type of resources that is not known is refused by name', () => {
  expect(() => resolve({ Odd: { Type: 'AWS::Odd::Thing' } })).toThrow(
    /Odd: expected a resource of one of the types .*AWS::S3::Bucket.*, found AWS::Odd::Thing/,
  )
})

test('what matters on AWS alone is passed over, with the reason', () => {
  const { passedOver } = resolve({ Late: { Type: 'AWS::CloudWatch::Alarm' }, Store: bucket })
  expect(passedOver).toEqual([
    { id: 'Late', type: 'AWS::CloudWatch::Alarm', reason: 'metrics are not kept here' },
  ])
})

test('two resources of one ARN are refused', () => {
  const named = { ...bucket, Properties: { BucketName: 'data' } }
  expect(() => resolve({ Store: bucket, Other: named })).toThrow(
    /expected one resource arn:aws:s3:::data, found Store and Other/,
  )
})

test('templates that are deployed together know each other by name, and roles policies of each other', () => {
  const table = { DatabaseName: 'features', TableInput: { Name: 'jobs' } }
  const stateful = {
    Resources: {
      Store: { ...bucket, Properties: { BucketName: 'data' } },
      Base: { Type: 'AWS::Glue::Database', Properties: { DatabaseInput: { Name: 'features' } } },
      Jobs: { Type: 'AWS::Glue::Table', Properties: table },
    },
    Outputs: { Bucket: { Value: { Ref: 'Store' } } },
  }
  const pipeline = {
    Resources: { Plan: lambda({ DATA_BUCKET: 'data' }), Store: bucket },
    Outputs: { Function: { Value: { Ref: 'Plan' } } },
  }
  const { assets, directory } = OPTIONS
  const deployment = resolveStacks(
    [
      { template: stateful, directory: '/none', assets: {} },
      { template: pipeline, directory, assets },
    ],
    OPTIONS,
  )
  expect(deployment).toMatchObject({
    buckets: ['data', 'store'],
    databases: ['features'],
    tables: [{ database: 'features', input: { Name: 'jobs' } }],
    functions: [{ name: 'plan', directory: '/out/asset.abc', environment: { DATA_BUCKET: 'data' } }],
    outputs: { Bucket: 'data', Function: 'plan' },
  })
})

test('variables that are given stand in place of those of the template, where it has them', () => {
  const Resources = { Plan: lambda({ GRACE: '30', X: 'x' }) }
  const { functions } = resolveTemplate({ Resources }, { ...OPTIONS, environment: { GRACE: '0', Y: 'y' } })
  expect(functions[0]!.environment).toEqual({ GRACE: '0', X: 'x' })
})

test('an asset that the manifest lacks is named', () => {
  const plan = lambda()
  const Properties = { ...plan.Properties, Code: { S3Key: 'other.zip' } }
  expect(() => resolve({ Plan: { ...plan, Properties } })).toThrow(/Asset other\.zip/)
})
