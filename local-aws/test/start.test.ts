import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { AthenaClient, StartQueryExecutionCommand } from '@aws-sdk/client-athena'
import { GetDatabaseCommand, GlueClient } from '@aws-sdk/client-glue'
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import { ListProcessingJobsCommand, SageMakerClient } from '@aws-sdk/client-sagemaker'
import { ListStateMachinesCommand, SFNClient } from '@aws-sdk/client-sfn'
import { expect, onTestFinished, test } from 'vitest'
import { startLocalAws, type LocalDeployment } from '../index.ts'
import { WORKGROUP } from './support/athena.ts'
import { temporaryHome } from './support/home.ts'

const PLACE = { region: 'us-east-1', account: '000000000000' }
const ROLE = `arn:aws:iam::${PLACE.account}:role/tell`

/** Deploys a function that returns its environment, with the credentials that it signs with. */
function deployment(directory: string): LocalDeployment {
  writeFileSync(join(directory, 'index.mjs'), 'export const handler = () => process.env')
  const tell = {
    logicalId: 'Tell',
    name: 'tell',
    arn: `arn:aws:lambda:us-east-1:${PLACE.account}:function:tell`,
  }
  return {
    functions: [
      { ...tell, directory, handler: 'index.handler', environment: {}, timeoutSeconds: 30, role: ROLE },
    ],
    versions: [],
    stateMachines: [],
    databases: ['dayfold'],
    tables: [],
    crawlers: [],
    workgroups: [WORKGROUP],
    buckets: ['data'],
    images: [],
    rules: [],
    roles: [{ name: 'tell', arn: ROLE, trustedServices: ['lambda.amazonaws.com'], statements: [] }],
    versioned: [],
    outputs: {},
    alarms: [],
    passedOver: [],
  }
}

async function start() {
  const home = temporaryHome()
  const aws = await startLocalAws({ deployment: deployment(home), place: PLACE, home, mode: 'run' })
  onTestFinished(() => aws.close())
  return aws
}

type Started = Awaited<ReturnType<typeof start>>

/** Sends every service a request with these credentials. Resolves with the names of the errors. */
async function askAll({ endpoint, region }: Started, credentials: Started['credentials']) {
  const config = { endpoint, region, credentials, maxAttempts: 1 }
  const query = { QueryString: 'SELECT 1', WorkGroup: WORKGROUP.Name }
  const answers = {
    s3: new S3Client(config).send(new ListObjectsV2Command({ Bucket: 'data' })),
    glue: new GlueClient(config).send(new GetDatabaseCommand({ Name: 'dayfold' })),
    athena: new AthenaClient(config).send(new StartQueryExecutionCommand(query)),
    states: new SFNClient(config).send(new ListStateMachinesCommand({})),
    sagemaker: new SageMakerClient(config).send(new ListProcessingJobsCommand({})),
  }
  const told = Object.entries(answers).map(async ([service, answer]) => {
    const name = await answer.then(
      () => 'none',
      (error: Error) => error.name,
    )
    return [service, name] as const
  })
  return Object.fromEntries(await Promise.all(told))
}

const every = (json: string, s3 = json) => ({ s3, glue: json, athena: json, states: json, sagemaker: json })

test('whoever has the credentials of the start may do everything', async () => {
  const aws = await start()
  expect(await askAll(aws, aws.credentials)).toEqual(every('none'))
  expect(aws.refusals).toEqual([])
})

test.each(['LOCALCLIENT', 'LOCALSTATES', 'LOCAL00000001tell', 'AKIAIOSFODNN7EXAMPLE'])(
  'the access key %s, which nobody was given, is refused with the error of AWS',
  async (accessKeyId) => {
    const aws = await start()
    const refused = every('UnrecognizedClientException', 'InvalidAccessKeyId')
    expect(await askAll(aws, { accessKeyId, secretAccessKey: 'x' })).toEqual(refused)
  },
)

test('the keys of one start open nothing of another, and no key is made twice', async () => {
  const [one, other] = [await start(), await start()]
  expect(await askAll(one, other.credentials)).toMatchObject({ s3: 'InvalidAccessKeyId' })
  const keys = [one.credentials, other.credentials].map(({ accessKeyId }) => accessKeyId)
  const secrets = [one.credentials, other.credentials].map(({ secretAccessKey }) => secretAccessKey)
  for (const { lambda } of [one, other]) {
    const { payload } = await lambda.invoke('tell', {})
    const environment = payload as Record<string, string>
    keys.push(environment.AWS_ACCESS_KEY_ID!)
    secrets.push(environment.AWS_SECRET_ACCESS_KEY!)
  }
  // The last part of a key is 128 random bits.
  const chance = keys.map((key) => key.slice(-32))
  expect(chance.every((part) => /^[0-9A-F]{32}$/.test(part))).toBe(true)
  expect(new Set([...chance, ...secrets]).size).toBe(8)
})

test('a function has the permissions of its role and no others', async () => {
  const aws = await start()
  const { payload } = await aws.lambda.invoke('tell', {})
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = payload as Record<string, string>
  const credentials = { accessKeyId: AWS_ACCESS_KEY_ID!, secretAccessKey: AWS_SECRET_ACCESS_KEY! }
  expect(await askAll(aws, credentials)).toEqual(every('AccessDeniedException', 'AccessDenied'))
})
