import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation'
import { GetTablesCommand, GlueClient, type Table } from '@aws-sdk/client-glue'
import { mockClient } from 'aws-sdk-client-mock'
import { afterAll, afterEach, expect, test, vi } from 'vitest'
import { awsTarget } from '../../client/aws-target.ts'
import type { TargetClients } from '../../client/target.ts'
import { STACK_OUTPUTS } from '../../core/stack-outputs.ts'
import { MARKED, TABLE_MARK } from '../../core/table-mark.ts'

const cloudFormation = mockClient(CloudFormationClient)
const glue = mockClient(GlueClient)

afterEach(() => {
  vi.unstubAllEnvs()
  cloudFormation.reset()
  glue.reset()
})

afterAll(() => {
  cloudFormation.restore()
  glue.restore()
})

test('without a region it is said where one may be set', async () => {
  for (const name of ['AWS_REGION', 'AWS_DEFAULT_REGION', 'AWS_PROFILE']) vi.stubEnv(name, undefined)
  for (const name of ['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE']) vi.stubEnv(name, '/nowhere')
  await expect(awsTarget({ stack: 'dayfold' })).rejects.toMatchObject({
    code: 'InvalidInput',
    message: expect.stringMatching(
      /^Region: expected one, found none\. Give --region, or set AWS_REGION/,
    ) as string,
  })
})

/** Tables as `CREATE TABLE … AS SELECT` leaves them in the catalog: Parquet, with columns that no dataset can have. */
const MADE_BY_HAND: readonly Table[] = [
  'smallint',
  'map<string,int>',
  'struct<a:int,b:array<string>>',
  'varchar(10)',
  'binary',
  'string',
].map((type, index) => ({
  Name: `made_by_hand_${index}`,
  Parameters: { classification: 'parquet', EXTERNAL: 'TRUE' },
  StorageDescriptor: {
    Columns: [{ Name: 'p', Type: type }],
    SerdeInfo: { SerializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
  },
}))
const VIEW: Table = { Name: 'a_view', TableType: 'VIRTUAL_VIEW' }
const marked = (Name: string, mark: string): Table => ({
  Name,
  Parameters: { [TABLE_MARK]: mark },
  StorageDescriptor: { Columns: [{ Name: 'job_id', Type: 'string' }] },
})

type Outputs = readonly { readonly OutputKey: string; readonly OutputValue: string }[]
const OUTPUTS: Outputs = Object.values(STACK_OUTPUTS).map((OutputKey) => ({
  OutputKey,
  OutputValue: `the ${OutputKey}`,
}))
const describesStack = (Outputs: Outputs) =>
  cloudFormation.on(DescribeStacksCommand).resolves({
    Stacks: [
      {
        StackName: 'dayfold',
        CreationTime: new Date(0),
        StackStatus: 'CREATE_COMPLETE',
        Outputs: [...Outputs],
      },
    ],
  })

test('a target is what the outputs of its stack name', async () => {
  describesStack(OUTPUTS)
  glue.on(GetTablesCommand).resolves({ TableList: [] })
  expect(await awsTarget({ stack: 'dayfold', region: 'us-east-1' })).toMatchObject({
    name: `the ${STACK_OUTPUTS.name}`,
    dataBucket: `the ${STACK_OUTPUTS.dataBucket}`,
    rawBucket: `the ${STACK_OUTPUTS.rawBucket}`,
    stateMachineArn: `the ${STACK_OUTPUTS.stateMachineArn}`,
    database: `the ${STACK_OUTPUTS.database}`,
    workgroup: `the ${STACK_OUTPUTS.workgroup}`,
    datasets: [],
  })
  expect(glue.commandCalls(GetTablesCommand)[0]!.args[0].input).toMatchObject({
    DatabaseName: `the ${STACK_OUTPUTS.database}`,
  })
})

test.each([
  ['eu-west-1', 'eu-west-1'],
  [undefined, 'eu-north-1'],
])('of the region %s and that of the environment, all clients have %s', async (region, expected) => {
  vi.stubEnv('AWS_REGION', 'eu-north-1')
  describesStack(OUTPUTS)
  glue.on(GetTablesCommand).resolves({ TableList: [] })
  const { clients } = await awsTarget({ stack: 'dayfold', region })
  const regions = Object.values(clients).map(({ config }: TargetClients[keyof TargetClients]) =>
    config.region(),
  )
  expect(await Promise.all(regions)).toEqual(Array(5).fill(expected))
})

test('a stack that there is not is refused with what to check, other errors are those of AWS', async () => {
  const fails = (name: string) =>
    cloudFormation.on(DescribeStacksCommand).rejects(Object.assign(new Error('no'), { name }))
  const options = { stack: 'typo', region: 'us-east-1' }
  fails('ValidationError')
  await expect(awsTarget(options)).rejects.toMatchObject({
    code: 'InvalidInput',
    message: expect.stringMatching(
      /^Stack typo: expected a stack .*, found none\. Check --stack, AWS_/,
    ) as string,
  })
  fails('AccessDenied')
  await expect(awsTarget(options)).rejects.toMatchObject({ name: 'AccessDenied', message: 'no' })
})

test.each([
  ['no outputs', [], 'none'],
  [
    'other outputs',
    [
      { OutputKey: 'Url', OutputValue: 'x' },
      { OutputKey: 'Queue', OutputValue: 'y' },
    ],
    'Url, Queue',
  ],
])('a stack with %s is refused as none of Dayfold’s', async (_, outputs, found) => {
  describesStack(outputs)
  await expect(awsTarget({ stack: 'other', region: 'us-east-1' })).rejects.toMatchObject({
    code: 'InvalidInput',
    message: expect.stringContaining(
      `Stack other: expected an output ${STACK_OUTPUTS.database}, found ${found}. Name the stack`,
    ) as string,
  })
})

test('tables and views that somebody made in the database are nobody’s business', async () => {
  describesStack(OUTPUTS)
  glue
    .on(GetTablesCommand)
    .resolves({
      TableList: [...MADE_BY_HAND, VIEW, marked('jobs_rejected', MARKED.rejected)],
      NextToken: 'more',
    })
    .on(GetTablesCommand, { NextToken: 'more' })
    .resolves({ TableList: [marked('jobs', MARKED.features)] })
  const { datasets } = await awsTarget({ stack: 'dayfold', region: 'us-east-1' })
  expect(datasets).toEqual([
    {
      name: 'jobs',
      columns: [{ name: 'job_id', kind: 'string', nullable: true }],
      timeZone: 'UTC',
      lookbackDays: 0,
    },
  ])
})
