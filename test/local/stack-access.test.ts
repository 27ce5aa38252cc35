import { join } from 'node:path'
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { beforeAll, expect, test } from 'vitest'
import { authorizedJobs, authorizedLambda, openStackAccess, type StackAccess } from '@dayfold/local-aws/stack'
import { glueAccesses } from '@dayfold/local-aws/glue'
import { synthesizeLocally } from '../../local/deploy.ts'
import { localStack, PLACE } from '../../local/local-stack.ts'
import type { LocalDeployment } from '@dayfold/local-aws/cloudformation'
import { startS3, tempHome } from '@dayfold/local-aws/test-support/start-s3'

const PROJECT = join(import.meta.dirname, '../..')
const JOB = { accessKeyId: 'JOB' }
const PLAN = { accessKeyId: 'PLAN' }
const GLUE = 'arn:aws:glue:us-east-1:000000000000'

let deployment: LocalDeployment
beforeAll(async () => {
  deployment = localStack(await synthesizeLocally({ projectRoot: PROJECT }))
})

const functionArn = (wanted: string) => deployment.functions.find(({ name }) => name === wanted)!.arn

/** Returns access to the stack as this project deploys it, while a job and the function plan are running. */
function stack(change: (deployment: LocalDeployment) => LocalDeployment = (same) => same): StackAccess {
  const access = openStackAccess({
    deployment: change(deployment),
    place: PLACE,
    administrators: ['TEST'],
  })
  access.functionStarts('PLAN', functionArn('dayfold-plan'))
  access.jobStarts('JOB', 'dayfold-1', jobRole())
  return access
}
const ACCESSES = glueAccesses(PLACE)
/** Tests what the function plan may ask of Glue. */
const glueOf =
  ({ authorize }: StackAccess) =>
  (operation: keyof typeof ACCESSES, input: object) =>
    authorize(PLAN, ACCESSES[operation](input as never))
const jobRole = () =>
  deployment.roles.find(({ trustedServices }) => trustedServices.includes('sagemaker.amazonaws.com'))!.arn

test('a job stages, and can neither publish nor touch the ledger', async () => {
  const service = await startS3(tempHome(), { authorize: stack().s3 })
  const s3 = service.connect({ credentials: { ...JOB, secretAccessKey: 'x' } })
  const put = (Key: string) => s3.send(new PutObjectCommand({ Bucket: 'data', Key, Body: 'x' }))
  await put('staging/jobs/day_partition=2024-01-01/token/parts/part-00001-00000.parquet')
  for (const key of ['processed/jobs/x', 'state/jobs/x', 'rejected/jobs/x']) {
    await expect(put(key)).rejects.toMatchObject({ name: 'AccessDenied' })
  }
})

test('a job is told when a raw file has gone since it was listed', async () => {
  const service = await startS3(tempHome(), { authorize: stack().s3 })
  const s3 = service.connect({ credentials: { ...JOB, secretAccessKey: 'x' } })
  const gone = new GetObjectCommand({ Bucket: 'raw', Key: 'jobs/2024/01/01/gone.jsonl' })
  await expect(s3.send(gone)).rejects.toMatchObject({ name: 'NoSuchKey' })
})

test('an operation of Glue needs the catalog, the database and the table', () => {
  const glue = glueOf(stack())
  const read = { DatabaseName: 'dayfold', TableName: 'jobs' }
  expect(() => glue('GetPartitions', read)).not.toThrow()
  const refused = (operation: keyof typeof ACCESSES, input: object) => () => glue(operation, input)
  expect(() => glue('GetPartitions', { ...read, TableName: 'jobs_rejected' })).not.toThrow()
  expect(refused('GetTable', { DatabaseName: 'other', Name: 'jobs' })).toThrow(`${GLUE}:database/other`)
  expect(refused('DeletePartition', read)).toThrow('glue:DeletePartition')
  expect(refused('StartCrawler', { Name: 'dayfold--jobs' })).toThrow(`${GLUE}:crawler/dayfold--jobs`)
})

test('a state machine passes only the role of its jobs, and creates only jobs with its prefix', async () => {
  const { authorize, machine } = stack()
  const created: unknown[] = []
  const jobs = authorizedJobs(
    {
      create: (request) => Promise.resolve(created.push(request)),
      describe: () => Promise.resolve({}),
      stop: () => Promise.resolve(),
    },
    { authorize, caller: machine, place: PLACE },
  )
  const request = { ProcessingJobName: 'dayfold--jobs-1', RoleArn: jobRole(), Tags: [] }
  await jobs.create(request)
  await jobs.describe('dayfold--jobs-1')
  await jobs.stop('dayfold--jobs-1')
  const other = deployment.roles.find(({ arn }) => arn !== jobRole())!.arn
  await expect(jobs.create({ ...request, RoleArn: other })).rejects.toThrow(
    `iam:PassRole on resource: ${other}`,
  )
  for (const name of ['mine', 'dayfold-dev--jobs-1'])
    await expect(jobs.create({ ...request, ProcessingJobName: name })).rejects.toThrow(
      `processing-job/${name}`,
    )
  expect(created).toEqual([request])
})

test('a state machine invokes its own functions and no others', async () => {
  const { authorize, machine } = stack()
  const invoked: string[] = []
  const lambda = authorizedLambda(
    { invoke: (name) => Promise.resolve({ payload: invoked.push(name) }) },
    { authorize, caller: machine, place: PLACE },
  )
  const { arn } = deployment.functions[0]!
  await lambda.invoke(arn, {})
  const refused = async () => lambda.invoke('arn:aws:lambda:us-east-1:000000000000:function:other', {})
  await expect(refused()).rejects.toMatchObject({ name: 'Lambda.AWSLambdaException' })
  expect(invoked).toEqual([arn])
})

test('a permission that is taken away is missed', () => {
  const access = stack((all) => ({
    ...all,
    roles: all.roles.map((role) => ({
      ...role,
      statements: role.statements.filter(({ Action }) => ![Action].flat().includes('glue:GetPartitions')),
    })),
  }))
  const read = () => glueOf(access)('GetPartitions', { DatabaseName: 'dayfold', TableName: 'jobs' })
  expect(read).toThrow(
    'User: arn:aws:sts::000000000000:assumed-role/handlers-plan-role4-a3-b4331/dayfold-plan is not authorized',
  )
  expect(access.refusals).toHaveLength(1)
})

test('a role is taken only by what it trusts', () => {
  expect(() => stack().jobStarts('X', 'job', deployment.functions[0]!.role!)).toThrow(
    /expected a role that trusts sagemaker.amazonaws.com/,
  )
  expect(() => stack().jobStarts('X', 'job', 'arn:aws:iam::000000000000:role/nobody')).toThrow(/nobody/)
})
