import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { GetCrawlerCommand, GetTableCommand, GlueClient } from '@aws-sdk/client-glue'
import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { DescribeProcessingJobCommand, SageMakerClient } from '@aws-sdk/client-sagemaker'
import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn'
import { expect, test } from 'vitest'
import { glueService } from '../glue/service.ts'
import { homePaths } from '../home/paths.ts'
import { s3Service } from '../s3/service.ts'
import { sagemakerService } from '../sagemaker/service.ts'
import { stepFunctionsService } from '../states/index.ts'
import { clientFor, parquetTable, s3In, temporaryHome } from './support/home.ts'

const ARN = 'arn:aws:states:us-east-1:000000000000:stateMachine:machine'
const MACHINE = { QueryLanguage: 'JSONata', StartAt: 'Pass', States: { Pass: { Type: 'Pass', End: true } } }
const GARBAGE: readonly (readonly [string, string])[] = [
  ['', 'found an empty file'],
  ['{', 'found no JSON'],
  ['7', 'found no '],
]

/** Starts all services that store documents, with an object, a table, a crawler and an execution that has ended. */
async function startAll() {
  const home = temporaryHome()
  const s3 = s3In(home)
  const glue = glueService({
    home,
    database: 'db',
    tables: [parquetTable('jobs', { id: 'string' })],
    crawlers: [{ Name: 'crawler', Targets: { CatalogTargets: [] } }],
    filePath: s3.filePath,
  })
  const sagemaker = sagemakerService({
    home,
    program: () => ({ command: ['true'], directory: home }),
    childEnvironment: () => ({}),
  })
  const never = () => Promise.reject(new Error('no objects here'))
  const states = stepFunctionsService({
    home,
    machines: [{ arn: ARN, name: 'machine', definition: MACHINE }],
    resources: {},
    objects: { get: never, put: never },
  })
  const config = await clientFor(s3, glue, sagemaker, states)
  const clients = {
    s3: new S3Client(config),
    glue: new GlueClient(config),
    sagemaker: new SageMakerClient(config),
    sfn: new SFNClient(config),
  }
  const run = async (name: string) => {
    const start = new StartExecutionCommand({ stateMachineArn: ARN, name })
    const { executionArn } = await clients.sfn.send(start)
    const status = async () => (await clients.sfn.send(new DescribeExecutionCommand({ executionArn }))).status
    await expect.poll(status).toBe('SUCCEEDED')
    return executionArn!
  }
  await clients.s3.send(new PutObjectCommand({ Bucket: 'data', Key: 'a/x', Body: 'x' }))
  return { home, paths: homePaths(home), clients, run }
}

const write = (path: string, text: string) => {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}
/** Returns the error for a request that needs an unreadable file. */
const refusal = (path: string, found: string) => ({
  name: 'CorruptState',
  message: expect.stringMatching(new RegExp(`^${path}: expected .+, ${found}.+[Dd]elete`)) as string,
})

test.each(GARBAGE)(
  'a file of each kind that holds %j is refused by its name, with what to do',
  async (text, found) => {
    const { paths, clients } = await startAll()
    const { s3, glue, sagemaker } = clients
    const [table, crawler] = [paths.table('db', 'jobs'), paths.crawler('db', 'crawler')]
    write(table, text)
    const getTable = glue.send(new GetTableCommand({ DatabaseName: 'db', Name: 'jobs' }))
    await expect(getTable).rejects.toMatchObject(refusal(table, found))
    write(crawler, text)
    await expect(glue.send(new GetCrawlerCommand({ Name: 'crawler' }))).rejects.toMatchObject(
      refusal(crawler, found),
    )
    const job = paths.jobRecord('job')
    write(job, text)
    const describe = sagemaker.send(new DescribeProcessingJobCommand({ ProcessingJobName: 'job' }))
    await expect(describe).rejects.toMatchObject(refusal(job, found))
    const sidecar = join(paths.s3Meta, 'data/a/y')
    await s3.send(new PutObjectCommand({ Bucket: 'data', Key: 'a/y', Body: 'y' }))
    write(sidecar, text)
    // Use a service without a cache, as in another process.
    const log: string[] = []
    const again = s3Service({ root: paths.s3, metaRoot: paths.s3Meta, log: (line) => log.push(line) })
    const other = new S3Client(await clientFor(again))
    const get = other.send(new GetObjectCommand({ Bucket: 'data', Key: 'a/y' }))
    await expect(get).rejects.toMatchObject(refusal(sidecar, found))
    const list = other.send(new ListObjectsV2Command({ Bucket: 'data' }))
    await expect(list).rejects.toMatchObject(refusal(sidecar, found))
    expect(log.length).toBe(2)
    // The answer to a HEAD has no room for a message.
    const head = other.send(new HeadObjectCommand({ Bucket: 'data', Key: 'a/y' }))
    await expect(head).rejects.toMatchObject({ $metadata: { httpStatusCode: 500 } })
    expect(log[2]).toContain(`S3: CorruptState: ${sidecar}: expected`)
  },
)

test('an execution that cannot be read is refused by its name and takes no other with it', async () => {
  const { paths, clients, run } = await startAll()
  const [broken, whole] = [await run('broken'), await run('whole')]
  const folder = join(paths.executions, 'machine/broken')
  expect(readdirSync(folder).sort()).toEqual(['execution.json', 'history.json'])
  for (const name of ['execution', 'history']) write(join(folder, `${name}.json`), '{')
  const describe = clients.sfn.send(new DescribeExecutionCommand({ executionArn: broken }))
  await expect(describe).rejects.toMatchObject(refusal(join(folder, 'execution.json'), 'found no JSON'))
  const { executions } = await clients.sfn.send(new ListExecutionsCommand({ stateMachineArn: ARN }))
  expect(executions!.map(({ executionArn }) => executionArn)).toEqual([whole])
  const history = clients.sfn.send(new GetExecutionHistoryCommand({ executionArn: whole }))
  expect((await history).events!.length).toBeGreaterThan(0)
})
