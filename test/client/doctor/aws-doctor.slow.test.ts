import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation'
import {
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcEndpointsCommand,
  EC2Client,
  type RouteTableAssociation,
} from '@aws-sdk/client-ec2'
import { GetDatabaseCommand, GlueClient } from '@aws-sdk/client-glue'
import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms'
import { GetDataLakeSettingsCommand, LakeFormationClient } from '@aws-sdk/client-lakeformation'
import { GetAccountSettingsCommand, LambdaClient } from '@aws-sdk/client-lambda'
import {
  GetBucketEncryptionCommand,
  HeadBucketCommand,
  ListObjectsV2Command,
  S3Client,
} from '@aws-sdk/client-s3'
import {
  ListAWSDefaultServiceQuotasCommand,
  ListServiceQuotasCommand,
  ServiceQuotasClient,
} from '@aws-sdk/client-service-quotas'
import { DescribeStateMachineCommand, SFNClient } from '@aws-sdk/client-sfn'
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { mockClient } from 'aws-sdk-client-mock'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { doctorClients, examineAccount } from '../../../client/doctor/aws-doctor.ts'
import { foreignBucketGrants } from '../../../client/doctor/grants.ts'
import type { DeploymentPlan } from '../../../client/doctor/plan.ts'
import { STACK_OUTPUTS } from '../../../core/stack-outputs.ts'

const aws = {
  cloudFormation: mockClient(CloudFormationClient),
  ec2: mockClient(EC2Client),
  glue: mockClient(GlueClient),
  kms: mockClient(KMSClient),
  lakeFormation: mockClient(LakeFormationClient),
  lambda: mockClient(LambdaClient),
  quotas: mockClient(ServiceQuotasClient),
  s3: mockClient(S3Client),
  sfn: mockClient(SFNClient),
  ssm: mockClient(SSMClient),
  sts: mockClient(STSClient),
}

afterAll(() => {
  for (const mock of Object.values(aws)) mock.restore()
})

const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/raw'
const PLAN: DeploymentPlan = {
  name: 'dayfold',
  rawBucket: 'raw-bucket',
  database: 'dayfold',
  datasets: [
    {
      name: 'jobs',
      rawPrefix: 'raw/jobs',
      rawLayout: 'YYYY/MM/DD',
      timeZone: 'UTC',
      instanceType: 'ml.m5.2xlarge',
    },
    {
      name: 'clicks',
      rawPrefix: 'clicks',
      rawLayout: 'dt=YYYY-MM-DD',
      timeZone: 'UTC',
      instanceType: 'ml.m5.large',
      maxConcurrency: 2,
    },
  ],
  maxConcurrency: 10,
  subnetIds: ['subnet-1'],
  securityGroupIds: ['sg-1'],
  rawKeyArn: KEY,
  alarmEmail: 'team@example.com',
  qualifier: 'hnb659fds',
}

/** Makes an error as the SDK throws it. */
function refusal(name: string, httpStatusCode = 400): Error {
  return Object.assign(new Error(`${name} as AWS says it`), { name, $metadata: { httpStatusCode } })
}

const BY_IAM = { DataLakePrincipalIdentifier: 'IAM_ALLOWED_PRINCIPALS' }
const IAM_ONLY = [{ Principal: BY_IAM, Permissions: ['ALL' as const] }]
const quota = (type: string, Value: number) => ({ QuotaName: `${type} for processing job usage`, Value })
const LOGS = {
  ServiceName: 'com.amazonaws.eu-west-1.logs',
  State: 'Available' as const,
  PrivateDnsEnabled: true,
}
const S3_GATEWAY = {
  ServiceName: 'com.amazonaws.eu-west-1.s3',
  State: 'Available' as const,
  RouteTableIds: ['rtb-1'],
}
const stack = (StackStatus: string, outputs: Readonly<Record<string, string>>) => ({
  StackName: 'dayfold',
  CreationTime: new Date(0),
  StackStatus: StackStatus as 'CREATE_COMPLETE',
  Outputs: Object.entries(outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue })),
})
const IN_VPC = { Filters: [{ Name: 'vpc-id', Values: ['vpc-1'] }] }
const routes = (RouteTableId: string, NatGatewayId?: string, of: RouteTableAssociation = { Main: true }) => ({
  RouteTableId,
  Associations: [of],
  Routes: NatGatewayId === undefined ? [] : [{ DestinationCidrBlock: '0.0.0.0/0', NatGatewayId }],
})

/** An account without any problem, in which nothing is deployed. */
beforeEach(() => {
  for (const mock of Object.values(aws)) mock.reset()
  const Arn = 'arn:aws:sts::111122223333:assumed-role/Admin/me'
  aws.sts.on(GetCallerIdentityCommand).resolves({ Account: '111122223333', Arn })
  aws.ssm
    .on(GetParameterCommand, { Name: '/cdk-bootstrap/hnb659fds/version' })
    .resolves({ Parameter: { Value: '28' } })
  aws.cloudFormation.on(DescribeStacksCommand).rejects(refusal('ValidationError'))
  aws.sfn.on(DescribeStateMachineCommand).rejects(refusal('StateMachineDoesNotExist'))
  aws.glue.on(GetDatabaseCommand).rejects(refusal('EntityNotFoundException'))
  aws.s3
    .on(HeadBucketCommand, { Bucket: 'raw-bucket' })
    .resolves({ BucketRegion: 'eu-west-1' })
    .on(HeadBucketCommand, { Bucket: 'dayfold-data-111122223333-eu-west-1' })
    .rejects(refusal('NotFound', 404))
    .on(GetBucketEncryptionCommand)
    .resolves({})
    .on(ListObjectsV2Command)
    .resolves({ Contents: [] })
    .on(ListObjectsV2Command, { Bucket: 'raw-bucket', Prefix: 'raw/jobs/2026/11/24/' })
    .resolves({ Contents: [{ Key: 'raw/jobs/2026/11/24/10/a' }] })
    .on(ListObjectsV2Command, { Bucket: 'raw-bucket', Prefix: 'clicks/dt=2026-11-26/' })
    .resolves({ Contents: [{ Key: 'clicks/dt=2026-11-26/a.gz' }] })
  aws.kms.on(DescribeKeyCommand).resolves({
    KeyMetadata: { KeyId: KEY, KeyState: 'Enabled', KeyUsage: 'ENCRYPT_DECRYPT' },
  })
  aws.ec2
    .on(DescribeSubnetsCommand)
    .resolves({ Subnets: [{ SubnetId: 'subnet-1', VpcId: 'vpc-1' }] })
    .on(DescribeSecurityGroupsCommand)
    .resolves({ SecurityGroups: [{ GroupId: 'sg-1', VpcId: 'vpc-1' }] })
    .on(DescribeVpcEndpointsCommand, IN_VPC)
    .resolves({ VpcEndpoints: [S3_GATEWAY, LOGS] })
    .on(DescribeRouteTablesCommand, IN_VPC)
    .resolves({ RouteTables: [routes('rtb-1')] })
  const ofJobs = { ServiceCode: 'sagemaker' }
  aws.quotas
    .on(ListServiceQuotasCommand, ofJobs)
    .resolves({ Quotas: [quota('ml.m5.2xlarge', 20)], NextToken: 'more' })
    .on(ListServiceQuotasCommand, { ...ofJobs, NextToken: 'more' })
    .resolves({ Quotas: [quota('ml.m5.4xlarge', 0)] })
    .on(ListAWSDefaultServiceQuotasCommand, ofJobs)
    .resolves({ Quotas: [quota('ml.m5.2xlarge', 0), quota('ml.m5.large', 4)] })
  aws.lambda
    .on(GetAccountSettingsCommand)
    .resolves({ AccountLimit: { UnreservedConcurrentExecutions: 1000 } })
  aws.lakeFormation.on(GetDataLakeSettingsCommand).resolves({
    DataLakeSettings: { CreateDatabaseDefaultPermissions: IAM_ONLY, CreateTableDefaultPermissions: IAM_ONLY },
  })
})

async function examine(plan: Partial<DeploymentPlan> = {}) {
  return await examineAccount(
    { ...PLAN, ...plan },
    doctorClients('eu-west-1'),
    new Date('2026-11-26T12:00:00Z'),
  )
}

/** An expectation: words that end a sentence, after the subject if there are several. */
const EXPECTATION = /^(?:\S+: )?\S+ .*\S$/
/** Advice: a sentence, or a command. */
const ADVICE = /^(?:Run: npx .+|[A-Z][a-z]+ .+(?:\.|: aws .+))$/

/** Returns the problems that are found, one line each. */
async function complaints(plan: Partial<DeploymentPlan> = {}): Promise<string[]> {
  const { diagnoses } = await examine(plan)
  const unwell = diagnoses.filter(({ verdict }) => verdict !== 'ok')
  for (const { expected, remedy } of unwell) {
    expect(expected).toMatch(EXPECTATION)
    expect(remedy).toMatch(ADVICE)
  }
  return unwell.map(({ check, verdict, found }) => `${verdict} ${check}: ${found}`)
}

test('an account in which all is well has nothing to complain of, and every check says what it found', async () => {
  const imageUri = '111122223333.dkr.ecr.eu-west-1.amazonaws.com/dayfold:1'
  const { diagnoses, grants } = await examine({ imageUri })
  expect(diagnoses.filter(({ verdict }) => verdict !== 'ok')).toEqual([])
  expect(grants).toBeUndefined()
  expect(diagnoses.map(({ check, found }) => `${check}: ${found}`)).toEqual([
    'rawBucketName: raw-bucket',
    'alarmEmail: alarms are sent to team@example.com',
    'credentials: arn:aws:sts::111122223333:assumed-role/Admin/me in eu-west-1',
    'bootstrap: version 28',
    'names: none is taken',
    'rawBucket: raw-bucket in eu-west-1',
    'rawFiles: jobs: s3://raw-bucket/raw/jobs/2026/11/24/10/a',
    'rawFiles: clicks: s3://raw-bucket/clicks/dt=2026-11-26/a.gz',
    'keys: rawKeyArn is enabled',
    `image: ${imageUri} is of eu-west-1`,
    'network: subnet-1 reaches S3 and CloudWatch Logs',
    'instanceQuotas: 20 for "ml.m5.2xlarge for processing job usage", 10 needed',
    'instanceQuotas: 4 for "ml.m5.large for processing job usage", 2 needed',
    'lambdaConcurrency: 1000 concurrent executions that no function has reserved',
    'lakeFormation: new databases and tables are left to IAM',
  ])
})

type Failure = readonly [
  title: string,
  breakIt: () => unknown,
  complaint: RegExp,
  plan?: Partial<DeploymentPlan>,
]

const FAILURES: readonly Failure[] = [
  [
    'no credentials',
    () => aws.sts.on(GetCallerIdentityCommand).rejects(refusal('ExpiredToken')),
    /^fault credentials: ExpiredToken: /,
  ],
  [
    'no raw bucket named',
    () => undefined,
    /^fault rawBucketName: the placeholder$/,
    { rawBucket: undefined },
  ],
  ['nobody to tell', () => undefined, /^warning alarmEmail: none$/, { alarmEmail: undefined }],
  [
    'no bootstrap',
    () => aws.ssm.on(GetParameterCommand).rejects(refusal('ParameterNotFound')),
    /^fault bootstrap: none$/,
  ],
  [
    'a bootstrap of old',
    () => aws.ssm.on(GetParameterCommand).resolves({ Parameter: { Value: '5' } }),
    /^fault bootstrap: version 5$/,
  ],
  [
    'a call that is refused',
    () => aws.ssm.on(GetParameterCommand).rejects(refusal('AccessDeniedException')),
    /^warning bootstrap: AccessDeniedException: /,
  ],
  [
    'stacks that may not be seen',
    () => aws.cloudFormation.on(DescribeStacksCommand).rejects(refusal('AccessDenied')),
    /^warning stacks: AccessDenied: /,
  ],
  [
    'a first deployment that failed',
    () => aws.cloudFormation.on(DescribeStacksCommand).resolves({ Stacks: [stack('ROLLBACK_COMPLETE', {})] }),
    /^fault names: ROLLBACK_COMPLETE$/,
  ],
  [
    'an update that failed',
    () =>
      aws.cloudFormation
        .on(DescribeStacksCommand)
        .resolves({ Stacks: [stack('UPDATE_ROLLBACK_FAILED', {})] }),
    /^fault names: UPDATE_ROLLBACK_FAILED$/,
  ],
  [
    'a deployment under way',
    () =>
      aws.cloudFormation.on(DescribeStacksCommand).resolves({ Stacks: [stack('UPDATE_IN_PROGRESS', {})] }),
    /^warning names: UPDATE_IN_PROGRESS$/,
  ],
  [
    'a stack of something else',
    () =>
      aws.cloudFormation
        .on(DescribeStacksCommand)
        .resolves({ Stacks: [stack('CREATE_COMPLETE', { Url: 'x' })] }),
    /^fault names: a stack of something else$/,
  ],
  [
    'a state machine of the name',
    () => aws.sfn.on(DescribeStateMachineCommand).resolves({}),
    /^fault names: one that no stack/,
  ],
  [
    'a database of the name',
    () => aws.glue.on(GetDatabaseCommand).resolves({}),
    /^fault names: one that no stack/,
  ],
  [
    "somebody else's bucket of the name",
    () => aws.s3.on(HeadBucketCommand, { Bucket: 'mine' }).rejects(refusal('403', 403)),
    /^fault names: one that no stack/,
    { dataBucket: 'mine' },
  ],
  [
    'no such raw bucket',
    () => aws.s3.on(HeadBucketCommand, { Bucket: 'raw-bucket' }).rejects(refusal('NotFound', 404)),
    /^fault rawBucket: none$/,
  ],
  [
    'a raw bucket of another region',
    () => aws.s3.on(HeadBucketCommand, { Bucket: 'raw-bucket' }).resolves({ BucketRegion: 'us-east-1' }),
    /^fault rawBucket: it is in us-east-1$/,
  ],
  [
    'a raw bucket that may not be seen',
    () => aws.s3.on(HeadBucketCommand, { Bucket: 'raw-bucket' }).rejects(refusal('403', 403)),
    /^fault rawBucket: 403/,
  ],
  [
    'a raw bucket of another key',
    () =>
      aws.s3.on(GetBucketEncryptionCommand).resolves({
        ServerSideEncryptionConfiguration: {
          Rules: [
            {
              ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: `${KEY}-other` },
            },
          ],
        },
      }),
    /^warning rawBucket: .*key\/raw; the bucket says .*key\/raw-other$/,
  ],
  [
    'a feed that lies elsewhere',
    () =>
      aws.s3
        .on(ListObjectsV2Command, { Bucket: 'raw-bucket', Prefix: 'raw/jobs/2026/11/24/' })
        .resolves({})
        .on(ListObjectsV2Command, { Bucket: 'raw-bucket', Prefix: 'raw/jobs/' })
        .resolves({ Contents: [{ Key: 'raw/jobs/dt=2026-11-26/a' }] }),
    /^warning rawFiles: none; there is s3:\/\/raw-bucket\/raw\/jobs\/dt=2026-11-26\/a$/,
  ],
  [
    'raw files that may not be listed',
    () => aws.s3.on(ListObjectsV2Command).rejects(refusal('AccessDenied', 403)),
    /^fault rawFiles: AccessDenied: /,
  ],
  [
    'a key that is to be deleted',
    () =>
      aws.kms.on(DescribeKeyCommand).resolves({ KeyMetadata: { KeyId: KEY, KeyState: 'PendingDeletion' } }),
    /^fault keys: PendingDeletion/,
  ],
  [
    'no such key',
    () => aws.kms.on(DescribeKeyCommand).rejects(refusal('NotFoundException')),
    /^fault keys: none$/,
  ],
  [
    'a key that may not be seen',
    () => aws.kms.on(DescribeKeyCommand).rejects(refusal('AccessDeniedException')),
    /^warning keys: AccessDenied/,
  ],
  [
    'a key of another region',
    () => undefined,
    /^fault keys: a key of us-east-1$/,
    { kmsKeyArn: KEY.replace('eu-west-1', 'us-east-1') },
  ],
  [
    'an image of another region',
    () => undefined,
    /^fault image: one of us-east-1$/,
    { imageUri: '111122223333.dkr.ecr.us-east-1.amazonaws.com/dayfold:1' },
  ],
  [
    'no such subnet',
    () => aws.ec2.on(DescribeSubnetsCommand).rejects(refusal('InvalidSubnetID.NotFound')),
    /^fault network: InvalidSubnetID/,
  ],
  [
    'no such security group',
    () => aws.ec2.on(DescribeSecurityGroupsCommand).rejects(refusal('InvalidGroup.NotFound')),
    /^fault network: InvalidGroup/,
  ],
  [
    'a security group of another VPC',
    () => aws.ec2.on(DescribeSecurityGroupsCommand).resolves({ SecurityGroups: [{ VpcId: 'vpc-2' }] }),
    /^fault network: vpc-1, vpc-2$/,
  ],
  [
    'an endpoint in the routes of other subnets',
    () => aws.ec2.on(DescribeRouteTablesCommand).resolves({ RouteTables: [routes('rtb-2')] }),
    /^fault network: no way to S3$/,
  ],
  [
    'S3 through the internet',
    () => aws.ec2.on(DescribeRouteTablesCommand).resolves({ RouteTables: [routes('rtb-2', 'nat-1')] }),
    /^warning network: only a way through the internet/,
  ],
  [
    'no way to the logs',
    () => aws.ec2.on(DescribeVpcEndpointsCommand).resolves({ VpcEndpoints: [S3_GATEWAY] }),
    /^warning network: none, so that jobs may leave no logs$/,
  ],
  [
    'a new account without instances',
    () => aws.quotas.on(ListServiceQuotasCommand).resolves({ Quotas: [quota('ml.m5.2xlarge', 0)] }),
    /^fault instanceQuotas: 0: no job can start$/,
  ],
  [
    'fewer instances than jobs',
    () => aws.quotas.on(ListServiceQuotasCommand).resolves({ Quotas: [quota('ml.m5.2xlarge', 9)] }),
    /^warning instanceQuotas: 9: other jobs wait/,
  ],
  [
    'an instance that there is not',
    () => aws.quotas.on(ListAWSDefaultServiceQuotasCommand).resolves({}),
    /^warning instanceQuotas: no such quota$/,
  ],
  [
    'few functions at once',
    () =>
      aws.lambda
        .on(GetAccountSettingsCommand)
        .resolves({ AccountLimit: { UnreservedConcurrentExecutions: 10 } }),
    /^warning lambdaConcurrency: 10 concurrent/,
  ],
  [
    'no function at all',
    () =>
      aws.lambda
        .on(GetAccountSettingsCommand)
        .resolves({ AccountLimit: { UnreservedConcurrentExecutions: 0 } }),
    /^fault lambdaConcurrency: 0 concurrent/,
  ],
  [
    'a data lake with permissions of its own',
    () =>
      aws.lakeFormation.on(GetDataLakeSettingsCommand).resolves({
        DataLakeSettings: { CreateDatabaseDefaultPermissions: IAM_ONLY, CreateTableDefaultPermissions: [] },
      }),
    /^fault lakeFormation: Lake Formation's own permissions for new tables$/,
  ],
  [
    'a data lake that leaves nothing to IAM',
    () =>
      aws.lakeFormation.on(GetDataLakeSettingsCommand).resolves({
        DataLakeSettings: {
          CreateDatabaseDefaultPermissions: [{ Principal: BY_IAM }],
          CreateTableDefaultPermissions: [{ Permissions: ['ALL'] }],
        },
      }),
    /^fault lakeFormation: Lake Formation's own permissions for new databases and tables$/,
  ],
]

const CASES = FAILURES.map(([title, breakIt, complaint, plan]) => ({ title, breakIt, complaint, plan }))

test.each(CASES)(
  '$title is told, with what was expected and what to do',
  async ({ breakIt, complaint, plan }) => {
    breakIt()
    expect(await complaints(plan)).toContainEqual(expect.stringMatching(complaint))
  },
)

const OURS = { [STACK_OUTPUTS.database]: 'dayfold', [STACK_OUTPUTS.dataBucket]: 'data' }

test('what a deployment itself has made is no name that is taken', async () => {
  aws.cloudFormation.on(DescribeStacksCommand).resolves({ Stacks: [stack('UPDATE_COMPLETE', OURS)] })
  aws.sfn.on(DescribeStateMachineCommand).resolves({})
  aws.glue.on(GetDatabaseCommand).resolves({})
  aws.s3.on(HeadBucketCommand).resolves({ BucketRegion: 'eu-west-1' })
  expect(await complaints()).toEqual([])
  const { diagnoses } = await examine()
  expect(diagnoses).toContainEqual({
    check: 'names',
    verdict: 'ok',
    found: 'dayfold-data and dayfold, which are updated',
  })
})

test('a subnet has the routes of its own table, else those of the main one', async () => {
  const tables = [
    { RouteTableId: 'rtb-0' },
    routes('rtb-9', undefined, { SubnetId: 'subnet-9' }),
    routes('rtb-2'),
    routes('rtb-1', undefined, { SubnetId: 'subnet-1' }),
  ]
  aws.ec2.on(DescribeRouteTablesCommand, IN_VPC).resolves({ RouteTables: tables })
  expect(await complaints()).toEqual([])
  expect(await complaints({ subnetIds: ['subnet-1', 'subnet-2'] })).toEqual(['fault network: no way to S3'])
})

/** Makes a statement for roles with the names that the template gives them: see the test of the stack. */
const statement = (roles: string | string[], account = '111122223333') => ({
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${account}:root` },
  Condition: { ArnEquals: { 'aws:PrincipalArn': roles } },
})

test('a raw bucket of another account comes with the statements that it needs, before the roles are there', async () => {
  aws.s3
    .on(HeadBucketCommand, { Bucket: 'raw-bucket', ExpectedBucketOwner: '111122223333' })
    .rejects(refusal('403', 403))
  const { grants } = await examine()
  const [lists, reads] = ['plan-day', 'job'].map(
    (role) => `arn:aws:iam::111122223333:role/dayfold-${role}-eu-west-1`,
  ) as [string, string]
  expect(grants).toMatchObject({
    placeholders: [],
    bucketPolicy: [
      { ...statement([lists, reads]), Action: 's3:ListBucket', Resource: 'arn:aws:s3:::raw-bucket' },
      {
        ...statement(reads),
        Action: 's3:GetObject',
        Resource: ['arn:aws:s3:::raw-bucket/raw/jobs/*', 'arn:aws:s3:::raw-bucket/clicks/*'],
      },
    ],
    keyPolicy: [{ ...statement(reads), Action: 'kms:Decrypt', Resource: '*' }],
  })
})

test('without an account the statements are told with placeholders, in the partition of the region', async () => {
  aws.sts.on(GetCallerIdentityCommand).rejects(refusal('ExpiredToken'))
  const { grants } = await examine()
  expect(grants?.placeholders).toEqual(['<account>'])
  const reads = 'arn:aws:iam::<account>:role/dayfold-job-eu-west-1'
  expect(grants?.bucketPolicy[1]).toMatchObject(statement(reads, '<account>'))
  for (const [region, partition] of [
    ['cn-north-1', 'aws-cn'],
    ['us-gov-west-1', 'aws-us-gov'],
  ] as const) {
    const elsewhere = await examineAccount(PLAN, doctorClients(region), new Date())
    expect(elsewhere.grants?.bucketPolicy[0]).toMatchObject({ Resource: `arn:${partition}:s3:::raw-bucket` })
  }
  expect((await examine({ rawBucket: undefined })).grants).toBeUndefined()
})

test('a dataset whose days lie at the root of the raw bucket needs all of its objects', () => {
  const datasets = ['raw/jobs', ''].map((rawPrefix) => ({ ...PLAN.datasets[0]!, rawPrefix }))
  const place = { account: '111122223333', region: 'eu-west-1', partition: 'aws' }
  const { bucketPolicy } = foreignBucketGrants({ ...PLAN, datasets }, place)
  expect(bucketPolicy[1]).toMatchObject({ Resource: ['arn:aws:s3:::raw-bucket/*'] })
})

test('docs/operations.md has the statements that doctor prints', () => {
  const text = readFileSync(join(import.meta.dirname, '../../../docs/operations.md'), 'utf8')
  const [, section = ''] = text.split('\n## A raw bucket of another account\n')
  const blocks = [...section.matchAll(/```json\n(.*?)```/gs)].map(([, json]) => JSON.parse(json!) as unknown)
  const datasets = ['exports/jobs', 'exports/clicks'].map((rawPrefix) => ({
    ...PLAN.datasets[0]!,
    rawPrefix,
  }))
  const plan = { ...PLAN, name: 'features', rawBucket: 'acme-events', datasets }
  const place = { account: '111111111111', region: 'eu-west-1', partition: 'aws' }
  const { bucketPolicy, keyPolicy } = foreignBucketGrants(plan, place)
  expect(blocks.slice(0, 2)).toEqual([bucketPolicy, keyPolicy])
})

test.each([
  [
    'a bucket',
    () => aws.s3.on(HeadBucketCommand).resolves({ BucketRegion: 'eu-west-1' }),
    /npx cdk import dayfold-data/,
  ],
  ['a database', () => aws.glue.on(GetDatabaseCommand).resolves({}), /can import no tables/],
  ['a state machine', () => aws.sfn.on(DescribeStateMachineCommand).resolves({}), /Set another name/],
])('%s that is there already has a remedy that AWS offers', async (_, take, remedy) => {
  take()
  const { diagnoses } = await examine()
  const [taken, ...others] = diagnoses.filter(
    ({ check, verdict }) => check === 'names' && verdict === 'fault',
  )
  expect(others).toEqual([])
  expect(taken!.remedy).toMatch(remedy)
  expect(taken!.remedy).toMatch(/import dayfold-data|^(?!.*npx cdk import)/)
})
