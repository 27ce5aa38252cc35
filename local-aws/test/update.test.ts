import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { GetCrawlerCommand, GetTablesCommand, GlueClient, UpdateTableCommand } from '@aws-sdk/client-glue'
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import {
  DescribeExecutionCommand,
  RedriveExecutionCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn'
import { expect, onTestFinished, test } from 'vitest'
import { resolveTemplate, type Template } from '../cloudformation/template.ts'
import { startLocalAws, type LocalAws } from '../start.ts'
import { temporaryHome } from './support/home.ts'
import { ended } from './support/states.ts'

const PLACE = { region: 'us-east-1', account: '000000000000' }

/** Waits for the file `until`; throws without the file `failUnless`. Answers with its release and environment. */
const handler = (release: string) => `
import { existsSync } from 'node:fs'
export async function handler({ until, failUnless }) {
  while (until && !existsSync(until)) await new Promise((resolve) => setTimeout(resolve, 5))
  if (failUnless && !existsSync(failUnless)) throw new Error('told to')
  return { release: '${release}', variable: process.env.VARIABLE, env: process.env }
}`

const trust = (Service: string) => ({
  AssumeRolePolicyDocument: {
    Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service } }],
  },
})
const policy = (PolicyName: string, Action: string) => ({
  PolicyName,
  PolicyDocument: { Statement: [{ Effect: 'Allow', Action, Resource: '*' }] },
})
const invoke = {
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: { FunctionName: '${Version}', Payload: '{% $states.input %}' },
  Output: '{% $merge([$states.input, {"said": $states.result.Payload}]) %}',
  Next: 'After',
}

interface Release {
  readonly name: string
  /** Action that the function's role allows. */
  readonly action?: string
  readonly columns?: readonly string[]
  readonly datasets?: readonly string[]
}

function template({ name, action = 'none:None', columns = ['id'], datasets = ['jobs'] }: Release): Template {
  const definition = {
    QueryLanguage: 'JSONata',
    StartAt: 'Hold',
    States: {
      Hold: invoke,
      After: { Type: 'Pass', Output: { said: '{% $states.input.said %}', defined: name }, End: true },
    },
  }
  const tables = datasets.flatMap((dataset) => [
    [
      `${dataset}Table`,
      {
        Type: 'AWS::Glue::Table',
        Properties: {
          DatabaseName: 'features',
          TableInput: {
            Name: dataset,
            StorageDescriptor: { Columns: columns.map((Name) => ({ Name, Type: 'string' })) },
          },
        },
      },
    ],
    [
      `${dataset}Crawler`,
      {
        Type: 'AWS::Glue::Crawler',
        Properties: { Name: dataset, Role: { 'Fn::GetAtt': ['CrawlerRole', 'Arn'] }, Targets: {} },
      },
    ],
  ])
  return {
    Resources: {
      Store: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'data' } },
      Base: { Type: 'AWS::Glue::Database', Properties: { DatabaseInput: { Name: 'features' } } },
      CrawlerRole: { Type: 'AWS::IAM::Role', Properties: trust('glue.amazonaws.com') },
      TellRole: {
        Type: 'AWS::IAM::Role',
        Properties: { ...trust('lambda.amazonaws.com'), Policies: [policy('own', action)] },
      },
      FlowRole: {
        Type: 'AWS::IAM::Role',
        Properties: { ...trust('states.amazonaws.com'), Policies: [policy('own', 'lambda:InvokeFunction')] },
      },
      Tell: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          FunctionName: 'tell',
          Code: { S3Key: `${name}.zip` },
          Handler: 'index.handler',
          Timeout: 60,
          Role: { 'Fn::GetAtt': ['TellRole', 'Arn'] },
          Environment: { Variables: { VARIABLE: name } },
        },
      },
      [`Version${name}`]: {
        Type: 'AWS::Lambda::Version',
        DeletionPolicy: 'Retain',
        Properties: { FunctionName: { Ref: 'Tell' } },
      },
      Flow: {
        Type: 'AWS::StepFunctions::StateMachine',
        Properties: {
          StateMachineName: 'flow',
          RoleArn: { 'Fn::GetAtt': ['FlowRole', 'Arn'] },
          DefinitionString: JSON.stringify(definition),
          DefinitionSubstitutions: { Version: { Ref: `Version${name}` } },
        },
      },
      ...(Object.fromEntries(tables) as Template['Resources']),
    },
  }
}

function deploymentOf(home: string, release: Release) {
  const directory = join(home, '..', `${home.split('/').at(-1)!}-${release.name}`)
  if (!existsSync(directory)) mkdirSync(directory)
  writeFileSync(join(directory, 'index.mjs'), handler(release.name))
  const code = { source: { path: '' }, destinations: { here: { objectKey: `${release.name}.zip` } } }
  return resolveTemplate(template(release), { ...PLACE, home, directory, assets: { files: { code } } })
}

async function start(home: string, release: Release) {
  const aws = await startLocalAws({
    deployment: deploymentOf(home, release),
    place: PLACE,
    home,
    mode: 'run',
  })
  let isOpen = true
  const close = async () => {
    if (isOpen) await aws.close()
    isOpen = false
  }
  onTestFinished(close)
  return { aws, close, update: (next: Release) => aws.update(deploymentOf(home, next)) }
}

const configOf = ({ endpoint, region, credentials }: LocalAws) => ({
  endpoint,
  region,
  credentials,
  maxAttempts: 1,
})

async function begin(aws: LocalAws, input: object) {
  const sfn = new SFNClient(configOf(aws))
  const stateMachineArn = aws.deployment.stateMachines[0]!.arn
  const { executionArn } = await sfn.send(
    new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }),
  )
  const result = async () => JSON.parse((await ended(sfn, executionArn!)).output!) as Told
  return { sfn, executionArn: executionArn!, result }
}

interface Told {
  readonly said: { release: string; variable: string; env: Record<string, string> }
  readonly defined: string
}

test('an execution ends with the handlers and the definition that it began with, the next one has the new', async () => {
  const home = temporaryHome()
  const { aws, update } = await start(home, { name: 'old' })
  const until = join(home, 'go')
  const running = await begin(aws, { until })
  await update({ name: 'new' })
  writeFileSync(until, '')
  const old = await running.result()
  expect([old.defined, old.said.release, old.said.variable]).toEqual(['old', 'old', 'old'])
  const next = await (await begin(aws, {})).result()
  expect([next.defined, next.said.release, next.said.variable]).toEqual(['new', 'new', 'new'])
  expect(next.said.env.AWS_LAMBDA_FUNCTION_VERSION).toBe('2')
})

test('an old version has the permissions that its role has now', async () => {
  const home = temporaryHome()
  const { aws, update } = await start(home, { name: 'old' })
  const { said } = await (await begin(aws, {})).result()
  const list = async () => {
    const credentials = { accessKeyId: said.env.AWS_ACCESS_KEY_ID!, secretAccessKey: 'x' }
    const s3 = new S3Client({ ...configOf(aws), credentials, forcePathStyle: true })
    return s3.send(new ListObjectsV2Command({ Bucket: 'data' })).then(
      () => 'allowed',
      (error: Error) => error.name,
    )
  }
  expect(await list()).toBe('AccessDenied')
  await update({ name: 'new', action: 's3:ListBucket' })
  expect(await list()).toBe('allowed')
})

test('a redriven execution keeps its definition, also in a later life of the home', async () => {
  const home = temporaryHome()
  const failUnless = join(home, 'mended')
  const first = await start(home, { name: 'old' })
  const { sfn, executionArn } = await begin(first.aws, { failUnless })
  expect((await ended(sfn, executionArn)).status).toBe('FAILED')
  await first.close()
  const second = await start(home, { name: 'new' })
  writeFileSync(failUnless, '')
  const client = new SFNClient(configOf(second.aws))
  await client.send(new RedriveExecutionCommand({ executionArn }))
  await ended(client, executionArn)
  const { output } = await client.send(new DescribeExecutionCommand({ executionArn }))
  expect(JSON.parse(output!)).toMatchObject({ defined: 'old', said: { release: 'old' } })
})

test('what the new template lacks is gone, and what it brings is there', async () => {
  const home = temporaryHome()
  const { aws, update } = await start(home, { name: 'old', datasets: ['jobs', 'clicks'] })
  const glue = new GlueClient(configOf(aws))
  await update({ name: 'new', datasets: ['jobs', 'visits'] })
  const { TableList } = await glue.send(new GetTablesCommand({ DatabaseName: 'features' }))
  expect(TableList!.map(({ Name }) => Name)).toEqual(['jobs', 'visits'])
  await expect(glue.send(new GetCrawlerCommand({ Name: 'clicks' }))).rejects.toThrow(/does not exist/)
  expect((await glue.send(new GetCrawlerCommand({ Name: 'visits' }))).Crawler!.State).toBe('READY')
})

test.each([
  ['is declared as before keeps what others made of it', ['id'], ['id', 'made']],
  ['is declared otherwise becomes what is declared', ['id', 'more'], ['id', 'more']],
])('a table that %s', async (_what, columns, expected) => {
  const home = temporaryHome()
  const { aws, update, close } = await start(home, { name: 'old' })
  const glue = new GlueClient(configOf(aws))
  const Columns = ['id', 'made'].map((Name) => ({ Name, Type: 'string' }))
  const TableInput = { Name: 'jobs', StorageDescriptor: { Columns } }
  await glue.send(new UpdateTableCommand({ DatabaseName: 'features', TableInput }))
  const told = async (from: LocalAws) => {
    const command = new GetTablesCommand({ DatabaseName: 'features' })
    const { TableList } = await new GlueClient(configOf(from)).send(command)
    return TableList![0]!.StorageDescriptor!.Columns!.map(({ Name }) => Name)
  }
  await update({ name: 'new', columns })
  expect(await told(aws)).toEqual(expected)
  // Declare the first release again: it is compared with the last declaration, not with the catalog.
  await close()
  const again = await start(home, { name: 'old' })
  expect(await told(again.aws)).toEqual(columns.length === 1 ? expected : ['id'])
})

test('an update that cannot run is refused before anything has changed', async () => {
  const home = temporaryHome()
  const { aws } = await start(home, { name: 'old' })
  const other = deploymentOf(home, { name: 'new' })
  await expect(aws.update({ ...other, databases: ['other'] })).rejects.toThrow(/Update: the database/)
  expect((await (await begin(aws, {})).result()).said.release).toBe('old')
})
