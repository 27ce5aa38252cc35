import {
  BatchCreatePartitionCommand,
  BatchGetPartitionCommand,
  CreatePartitionCommand,
  DeletePartitionCommand,
  GetDatabaseCommand,
  GetPartitionCommand,
  GetPartitionsCommand,
  GetTableCommand,
  GetTablesCommand,
  GlueClient,
  paginateGetPartitions,
  UpdatePartitionCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-glue'
import { describe, expect, test } from 'vitest'
import { createFaults, type Faults } from '../../protocol/faults.ts'
import { glueService } from '../../glue/service.ts'
import type { DeclaredTable } from '../../glue/model.ts'
import { clientFor, fileIn, parquetTable, temporaryHome } from '../support/home.ts'

const JOBS = parquetTable('jobs', { job_id: 'string', salary: 'double' })
const PLACE = { DatabaseName: 'dayfold', TableName: 'jobs' }

function serve(home: string, tables: readonly DeclaredTable[], faults?: Faults) {
  return glueService({ home, database: 'dayfold', tables, crawlers: [], filePath: fileIn(home), faults })
}

async function start(home = temporaryHome(), tables: readonly DeclaredTable[] = [JOBS], faults?: Faults) {
  return new GlueClient(await clientFor(serve(home, tables, faults)))
}

const partition = (day: string, location = `s3://data/processed/jobs/day_partition=${day}/`) => ({
  Values: [day],
  StorageDescriptor: { ...JOBS.StorageDescriptor, Location: location },
})

describe('tables', () => {
  test('a declared table is answered with its columns, keys and SerDe', async () => {
    const client = await start()
    const { Table } = await client.send(new GetTableCommand({ DatabaseName: 'dayfold', Name: 'jobs' }))
    expect(Table).toMatchObject({ ...JOBS, DatabaseName: 'dayfold', IsRegisteredWithLakeFormation: false })
    expect(Table?.CreateTime).toBeInstanceOf(Date)
  })

  test('tables are listed in pages, in order', async () => {
    const client = await start(undefined, [parquetTable('b', {}), parquetTable('a', {})])
    const first = await client.send(new GetTablesCommand({ DatabaseName: 'dayfold', MaxResults: 1 }))
    expect(first.TableList?.map(({ Name }) => Name)).toEqual(['a'])
    const second = await client.send(
      new GetTablesCommand({ DatabaseName: 'dayfold', MaxResults: 1, NextToken: first.NextToken }),
    )
    expect(second.TableList?.map(({ Name }) => Name)).toEqual(['b'])
    expect(second.NextToken).toBeUndefined()
  })

  test('a database or a table that is not declared is not found', async () => {
    const client = await start()
    const answers = [
      client.send(new GetDatabaseCommand({ Name: 'other' })),
      client.send(new GetTableCommand({ DatabaseName: 'other', Name: 'jobs' })),
      client.send(new GetTableCommand({ DatabaseName: 'dayfold', Name: 'clicks' })),
      client.send(new GetPartitionsCommand({ DatabaseName: 'dayfold', TableName: 'clicks' })),
    ]
    for (const answer of answers)
      await expect(answer).rejects.toMatchObject({ name: 'EntityNotFoundException' })
  })

  test('an update of a table holds until its declaration changes; partitions outlive both', async () => {
    const home = temporaryHome()
    const client = await start(home)
    await client.send(new CreatePartitionCommand({ ...PLACE, PartitionInput: partition('2024-01-01') }))
    const TableInput = { ...JOBS, Description: 'updated' }
    await client.send(new UpdateTableCommand({ DatabaseName: 'dayfold', TableInput }))
    const get = new GetTableCommand({ DatabaseName: 'dayfold', Name: 'jobs' })
    expect((await (await start(home)).send(get)).Table?.Description).toBe('updated')

    const wider = parquetTable('jobs', { job_id: 'string', salary: 'double', city: 'string' })
    const redeclared = await start(home, [wider])
    const { Table } = await redeclared.send(get)
    expect(Table?.Description).toBeUndefined()
    expect(Table?.StorageDescriptor?.Columns).toHaveLength(3)
    expect((await redeclared.send(new GetPartitionsCommand(PLACE))).Partitions).toHaveLength(1)
  })
})

describe('partitions', () => {
  test('one is created, read, switched to another Location and deleted', async () => {
    const client = await start()
    const get = new GetPartitionCommand({ ...PLACE, PartitionValues: ['2024-01-01'] })
    await expect(client.send(get)).rejects.toMatchObject({ name: 'EntityNotFoundException' })
    await client.send(new CreatePartitionCommand({ ...PLACE, PartitionInput: partition('2024-01-01') }))
    const created = (await client.send(get)).Partition
    expect(created).toMatchObject({ ...PLACE, ...partition('2024-01-01') })

    const staged = partition('2024-01-01', 's3://data/staging/x/parts/')
    await client.send(
      new UpdatePartitionCommand({ ...PLACE, PartitionValueList: ['2024-01-01'], PartitionInput: staged }),
    )
    const switched = (await client.send(get)).Partition
    expect(switched?.StorageDescriptor?.Location).toBe('s3://data/staging/x/parts/')
    expect(switched?.CreationTime).toEqual(created?.CreationTime)

    await client.send(new DeletePartitionCommand({ ...PLACE, PartitionValues: ['2024-01-01'] }))
    await expect(client.send(get)).rejects.toMatchObject({ name: 'EntityNotFoundException' })
  })

  test('one that exists cannot be created, one that does not cannot be changed or deleted', async () => {
    const client = await start()
    await client.send(new CreatePartitionCommand({ ...PLACE, PartitionInput: partition('2024-01-01') }))
    const again = new CreatePartitionCommand({ ...PLACE, PartitionInput: partition('2024-01-01') })
    await expect(client.send(again)).rejects.toMatchObject({ name: 'AlreadyExistsException' })
    const other = { ...PLACE, PartitionValueList: ['2024-01-02'], PartitionInput: partition('2024-01-02') }
    const notFound = { name: 'EntityNotFoundException' }
    await expect(client.send(new UpdatePartitionCommand(other))).rejects.toMatchObject(notFound)
    const remove = new DeletePartitionCommand({ ...PLACE, PartitionValues: ['2024-01-02'] })
    await expect(client.send(remove)).rejects.toMatchObject(notFound)
  })

  test('thousands are listed in pages of a thousand at most, each once, without columns where asked', async () => {
    const client = await start()
    const days = Array.from({ length: 1_203 }, (_, index) => String(10_000 + index))
    for (let at = 0; at < days.length; at += 100) {
      const PartitionInputList = days.slice(at, at + 100).map((day) => partition(day))
      await client.send(new BatchCreatePartitionCommand({ ...PLACE, PartitionInputList }))
    }
    const pages = paginateGetPartitions({ client }, { ...PLACE, ExcludeColumnSchema: true })
    const sizes: number[] = []
    const seen: string[] = []
    for await (const { Partitions = [] } of pages) {
      sizes.push(Partitions.length)
      seen.push(...Partitions.map(({ Values }) => Values![0]!))
      expect(Partitions[0]?.StorageDescriptor?.Columns).toBeUndefined()
    }
    expect(sizes).toEqual([1000, 203])
    expect(seen).toEqual(days)
  })

  test('a batch creates what is new and names what exists; a batch read leaves out what is not there', async () => {
    const client = await start()
    await client.send(new CreatePartitionCommand({ ...PLACE, PartitionInput: partition('2024-01-01') }))
    const PartitionInputList = [partition('2024-01-01', 's3://data/elsewhere/'), partition('2024-01-02')]
    const { Errors } = await client.send(new BatchCreatePartitionCommand({ ...PLACE, PartitionInputList }))
    expect(Errors).toMatchObject([
      { PartitionValues: ['2024-01-01'], ErrorDetail: { ErrorCode: 'AlreadyExistsException' } },
    ])
    const PartitionsToGet = ['2024-01-01', '2024-01-02', '2024-01-03'].map((day) => ({ Values: [day] }))
    const { Partitions } = await client.send(new BatchGetPartitionCommand({ ...PLACE, PartitionsToGet }))
    expect(Partitions?.map(({ StorageDescriptor }) => StorageDescriptor?.Location)).toEqual([
      's3://data/processed/jobs/day_partition=2024-01-01/',
      's3://data/processed/jobs/day_partition=2024-01-02/',
    ])
  })

  test('changes made at once are all kept', async () => {
    const client = await start()
    const days = Array.from({ length: 30 }, (_, index) => String(100 + index))
    await Promise.all(
      days.map((day) =>
        client.send(new CreatePartitionCommand({ ...PLACE, PartitionInput: partition(day) })),
      ),
    )
    const { Partitions } = await client.send(new GetPartitionsCommand(PLACE))
    expect(Partitions?.map(({ Values }) => Values![0])).toEqual(days)
  })

  test('a process that has the same home open sees a change at once', async () => {
    const home = temporaryHome()
    const [writer, reader] = [await start(home), await start(home)]
    expect((await reader.send(new GetPartitionsCommand(PLACE))).Partitions).toEqual([])
    await writer.send(new CreatePartitionCommand({ ...PLACE, PartitionInput: partition('2024-01-01') }))
    expect((await reader.send(new GetPartitionsCommand(PLACE))).Partitions).toHaveLength(1)
  })

  test('a field that is not implemented is refused by name', async () => {
    const client = await start()
    const request = new GetPartitionsCommand({ ...PLACE, Expression: "day_partition > '2024'" })
    await expect(client.send(request)).rejects.toMatchObject({
      name: 'InvalidInputException',
      message: expect.stringContaining('Expression') as string,
    })
  })
})

test('every change of the catalog is told to the faults, reads are not', async () => {
  const told: string[] = []
  const faults = createFaults({ afterWrite: (_, call) => void told.push(call.operation) })
  const client = await start(undefined, [JOBS], faults)
  const input = { ...PLACE, PartitionInput: partition('2024-01-01') }
  await client.send(new CreatePartitionCommand(input))
  await client.send(new UpdatePartitionCommand({ ...input, PartitionValueList: ['2024-01-01'] }))
  await client.send(new GetPartitionsCommand(PLACE))
  await client.send(new UpdateTableCommand({ DatabaseName: 'dayfold', TableInput: JOBS }))
  await client.send(new DeletePartitionCommand({ ...PLACE, PartitionValues: ['2024-01-01'] }))
  expect(told).toEqual(['CreatePartition', 'UpdatePartition', 'UpdateTable', 'DeletePartition'])
})
