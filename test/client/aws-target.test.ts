import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation'
import { GetTablesCommand, GlueClient, type Table } from '@aws-sdk/client-glue'
import { mockClient } from 'aws-sdk-client-mock'
import { afterAll, afterEach, expect, test, vi } from 'vitest'
import { awsTarget } from '../../client/aws-target.ts'
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

test('tables and views that somebody made in the database are nobody’s business', async () => {
  const outputs = Object.values(STACK_OUTPUTS).map((OutputKey) => ({ OutputKey, OutputValue: OutputKey }))
  cloudFormation.on(DescribeStacksCommand).resolves({
    Stacks: [
      { StackName: 'dayfold', CreationTime: new Date(0), StackStatus: 'CREATE_COMPLETE', Outputs: outputs },
    ],
  })
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
