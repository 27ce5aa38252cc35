import { GetPartitionCommand, GetTableCommand, UpdatePartitionCommand } from '@aws-sdk/client-glue'
import { ListProcessingJobsCommand } from '@aws-sdk/client-sagemaker'
import { describe, expect, test } from 'vitest'
import { athenaService } from '../../athena/service.ts'
import { glueService } from '../../glue/service.ts'
import { authorizeBy, type Accesses } from '../../iam/access.ts'
import { jsonService, operation } from '../../protocol/aws-json.ts'
import { characters, matching, whole } from '../../protocol/shapes.ts'
import { sagemakerService } from '../../sagemaker/service.ts'
import { stepFunctionsService } from '../../states/index.ts'
import { clientFor, fileIn, parquetTable, temporaryHome } from '../support/home.ts'

const PLACE = { DatabaseName: 'dayfold', TableName: 'jobs' }
const update = operation(
  UpdatePartitionCommand,
  {
    DatabaseName: characters(1, 255),
    TableName: true,
    PartitionValueList: { each: matching(/^\d+$/, 'digits'), count: [1, 2] },
    PartitionInput: {
      Values: true,
      LastAccessTime: true,
      StorageDescriptor: { Columns: true, NumberOfBuckets: whole(0, 10) },
      Parameters: { key: matching(/^[a-z]+$/, 'a lower-case name'), each: characters(0, 3) },
    },
  },
  () => ({}),
)
const request = { ...PLACE, PartitionValueList: ['1'], PartitionInput: {} }
const problemsOf = (body: unknown) => {
  try {
    update.read(body, 'BadRequest')
    return []
  } catch (error) {
    expect(error).toMatchObject({ code: 'BadRequest', status: 400 })
    return (error as Error).message
      .replace(/^Request: |\.$/g, '')
      .split('; ')
      .sort()
  }
}

describe('a request', () => {
  test('that fits is read with its times as dates, and without what is null', () => {
    const input = update.read(
      { ...request, PartitionInput: { Values: null, LastAccessTime: 1_700_000_000.5 } },
      'BadRequest',
    )
    expect(input).toEqual({ ...request, PartitionInput: { LastAccessTime: new Date(1_700_000_000_500) } })
  })

  test.each<[string, object, string]>([
    [
      'a member that AWS does not know',
      { PartitionInput: { StorageDescriptor: { Columns: [{ Name: 'a', Tpye: 'int' }] } } },
      '/PartitionInput/StorageDescriptor/Columns/0/Tpye: expected a member of Column, which has none like it',
    ],
    [
      'a member that is not served',
      { PartitionInput: { StorageDescriptor: { Location: 's3://x/' } } },
      '/PartitionInput/StorageDescriptor/Location: expected no member that is not implemented here',
    ],
    [
      'one that every object has',
      { toString: 'x' },
      '/toString: expected a member of UpdatePartitionRequest, which has none like it',
    ],
    ['no value', { TableName: undefined }, '/TableName: expected a value, found none'],
    ['null for a value', { TableName: null }, '/TableName: expected a value, found none'],
    [
      'a value that is missing below',
      { PartitionInput: { StorageDescriptor: { Columns: [{}] } } },
      '/PartitionInput/StorageDescriptor/Columns/0/Name: expected a value, found none',
    ],
    ['no string', { TableName: 5 }, '/TableName: expected a string, found 5'],
    ['no list', { PartitionValueList: '1' }, '/PartitionValueList: expected a list, found "1"'],
    ['no object', { PartitionInput: [] }, '/PartitionInput: expected an object, found []'],
    [
      'no time',
      { PartitionInput: { LastAccessTime: 'now' } },
      '/PartitionInput/LastAccessTime: expected a time, found "now"',
    ],
    [
      'no number',
      { PartitionInput: { StorageDescriptor: { NumberOfBuckets: '1' } } },
      '/PartitionInput/StorageDescriptor/NumberOfBuckets: expected a number, found "1"',
    ],
    ['too few characters', { DatabaseName: '' }, '/DatabaseName: expected 1 to 255 characters, found ""'],
    [
      'no whole number',
      { PartitionInput: { StorageDescriptor: { NumberOfBuckets: 1.5 } } },
      '/PartitionInput/StorageDescriptor/NumberOfBuckets: expected a whole number from 0 to 10, found 1.5',
    ],
    ['another text', { PartitionValueList: ['1', 'x'] }, '/PartitionValueList/1: expected digits, found "x"'],
    [
      'too many items',
      { PartitionValueList: ['1', '2', '3'] },
      '/PartitionValueList: expected 1 to 2 items, found 3',
    ],
    [
      'another key',
      { PartitionInput: { Parameters: { A: 'x' } } },
      '/PartitionInput/Parameters: expected a lower-case name, found "A"',
    ],
    [
      'another value of a map',
      { PartitionInput: { Parameters: { a: 'long' } } },
      '/PartitionInput/Parameters/a: expected 0 to 3 characters, found "long"',
    ],
  ])('with %s is refused by its path', (_, overrides, problem) => {
    expect(problemsOf({ ...request, ...overrides })).toEqual([problem])
  })

  test('is told all of its problems at once', () => {
    expect(problemsOf({ DatabaseName: 5, PartitionValueList: ['1'], PartitionInput: {} })).toHaveLength(2)
    expect(problemsOf([])).toEqual(['/: expected an object, found []'])
  })
})

const table = operation(GetTableCommand, { DatabaseName: true, Name: true }, () => ({
  Table: { Name: 'jobs' },
}))

describe('an answer', () => {
  test('is written with its times as seconds, and without what is undefined', () => {
    const Table = { Name: 'jobs', CreateTime: new Date(1_700_000_000_500), Owner: undefined }
    expect(table.write({ Table })).toEqual({ Table: { Name: 'jobs', CreateTime: 1_700_000_000.5 } })
    expect(update.write(undefined)).toEqual({})
  })

  test.each<[string, object, RegExp]>([
    ['has a member that AWS does not know', { Table: { Name: 'jobs', Nmae: 'jobs' } }, /\/Table\/Nmae/],
    ['lacks what AWS always answers', { Table: { Owner: 'me' } }, /\/Table\/Name: expected a value/],
    [
      'has a time that is none',
      { Table: { Name: 'jobs', CreateTime: 5 } },
      /\/Table\/CreateTime: expected a time/,
    ],
    [
      'has a value of another type',
      { Table: { Name: 'jobs', Parameters: { a: 1 } } },
      /\/Table\/Parameters\/a/,
    ],
  ])('that %s is a mistake of the service', (_, answer, message) => {
    expect(() => table.write(answer)).toThrow(message)
  })

  test('of another shape does not compile', () => {
    const served = { DatabaseName: true, TableName: true, PartitionValues: true } as const
    // @ts-expect-error -- the values of a partition are texts
    operation(GetPartitionCommand, served, () => ({ Partition: { Values: [5] } }))
    // @ts-expect-error -- a summary always names its job
    operation(ListProcessingJobsCommand, {}, () => ({ ProcessingJobSummaries: [{}] }))
    // @ts-expect-error -- there is no such member to serve
    const { name } = operation(GetPartitionCommand, { ...served, PartitionValue: true }, () => ({}))
    expect(name).toBe('GetPartition')
  })
})

test('a service that does not say what one of its operations needs does not compile', () => {
  const options = { signingName: 'glue', targetPrefix: 'AWSGlue', version: '1.1', badRequest: 'Bad' } as const
  const operations = { UpdatePartition: update }
  const needs = (accesses: Accesses<'UpdatePartition'>) => authorizeBy(() => {}, accesses)
  const service = jsonService({ ...options, operations, authorize: needs({ UpdatePartition: () => [] }) })
  expect(service.signingName).toBe('glue')
  const more = { ...operations, GetTable: table }
  // @ts-expect-error -- GetTable needs something as well
  jsonService({ ...options, operations: more, authorize: needs({ UpdatePartition: () => [] }) })
})

const services = () => {
  const home = temporaryHome()
  const filePath = fileIn(home)
  const glue = glueService({
    home,
    database: 'dayfold',
    tables: [parquetTable('jobs', {})],
    crawlers: [],
    filePath,
  })
  return [
    glue,
    athenaService({ home, workgroups: [], catalog: glue.catalog, filePath, listObjects: () => [] }),
    stepFunctionsService({ home, machines: [], resources: {}, objects: { get: fail, put: fail } }),
    sagemakerService({ home, program: fail, childEnvironment: () => ({}) }),
  ]
}
const fail = () => {
  throw new Error('not expected')
}

test.each([
  [
    'glue',
    'AWSGlue.GetPartition',
    { ...PLACE, PartitionValues: ['1'], AuditContext: {} },
    'InvalidInputException',
    '/AuditContext',
  ],
  [
    'athena',
    'AmazonAthena.GetQueryExecution',
    { QueryExecutionIds: [] },
    'InvalidRequestException',
    '/QueryExecutionIds',
  ],
  [
    'states',
    'AWSStepFunctions.DescribeExecution',
    { executionArn: 'x', includedData: 'ALL_DATA' },
    'ValidationException',
    '/includedData',
  ],
  ['sagemaker', 'SageMaker.ListProcessingJobs', { MaxResults: 101 }, 'ValidationException', '/MaxResults'],
  ['glue', 'AWSGlue.GetPartition', 'no JSON', 'SerializationException', 'expected JSON'],
])('%s refuses a bad %s with the error of AWS', async (service, target, body, code, message) => {
  const { endpoint } = await clientFor(...services())
  const answer = await fetch(endpoint, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=K/20240101/us-east-1/${service}/aws4_request, Signature=0`,
      'x-amz-target': target,
    },
  })
  expect(answer.status).toBe(400)
  expect(await answer.json()).toMatchObject({
    __type: code,
    message: expect.stringContaining(message) as string,
  })
})
