import {
  CreatePartitionCommand,
  GetPartitionCommand,
  GetPartitionsCommand,
  GetTableCommand,
  UpdatePartitionCommand,
  type CreatePartitionCommandInput,
  type GetPartitionCommandInput,
  type GetPartitionsCommandInput,
  type GetTableCommandInput,
  type Partition,
  type PartitionInput,
  type Table,
  type UpdatePartitionCommandInput,
} from '@aws-sdk/client-glue'
import { checkServed, type Call, type Operations } from './call.ts'
import { cellOf } from './cells.ts'
import { crawlerOperations } from './crawlers.ts'
import { call, done, missing, refused } from './glue-answers.ts'

export interface GlueTables {
  /** Tables, which never change. */
  readonly tables: readonly Table[]
  /** Names of the crawlers. */
  readonly crawlers: readonly string[]
}

/** Glue: partitions without conditional writes. https://docs.aws.amazon.com/glue/latest/webapi/WebAPI_Welcome.html */
export function glueOperations({ tables, crawlers }: GlueTables): Operations {
  function getTable({ Name, ...others }: GetTableCommandInput): Call {
    checkServed(others, ['DatabaseName'])
    return call('GetTable', Name!, {}, (world) => {
      const found = tables.find((table) => table.Name === Name)
      return found ? done(world, 'table', { Table: found }) : missing(world)
    })
  }

  return new Map<unknown, (input: never) => Call>([
    [GetTableCommand, getTable],
    [GetPartitionCommand, getPartition],
    [GetPartitionsCommand, getPartitions],
    [CreatePartitionCommand, createPartition],
    [UpdatePartitionCommand, updatePartition],
    ...crawlerOperations(crawlers),
  ])
}

const partitionCell = (table: string | undefined, values: readonly string[] | undefined) =>
  `partition/${table}/${values!.join('/')}`

function getPartition({ TableName, PartitionValues, ...others }: GetPartitionCommandInput): Call {
  checkServed(others, ['DatabaseName'])
  const subject = partitionCell(TableName, PartitionValues)
  return call('GetPartition', subject, { reads: [subject] }, (world) => {
    const found = world.cells.get<Partition>(subject)
    if (!found) return missing(world)
    return { ...done(world, String(found.id), { Partition: found.value }), words: locationOf(found.value) }
  })
}

function getPartitions(input: GetPartitionsCommandInput): Call {
  checkServed(input, ['DatabaseName', 'TableName', 'ExcludeColumnSchema'])
  const prefix = `partition/${input.TableName}/`
  return call('GetPartitions', prefix, { reads: [`${prefix}*`] }, (world) => {
    const found = world.cells.below<Partition>(prefix)
    const words = found.map(({ value }) => `${value.Values!.join('/')}: ${locationOf(value)}`).join(', ')
    const Partitions = found.map(({ value }) => value)
    return { ...done(world, found.map(({ id }) => id).join(), { Partitions }), words }
  })
}

function createPartition({ TableName, PartitionInput: input, ...others }: CreatePartitionCommandInput): Call {
  checkServed(others, ['DatabaseName'])
  return writesPartition('CreatePartition', TableName!, input!.Values!, input!, (exists) =>
    exists ? 'AlreadyExistsException' : undefined,
  )
}

function updatePartition(input: UpdatePartitionCommandInput): Call {
  checkServed(input, ['DatabaseName', 'TableName', 'PartitionValueList', 'PartitionInput'])
  return writesPartition(
    'UpdatePartition',
    input.TableName!,
    input.PartitionValueList!,
    input.PartitionInput!,
    (exists) => (exists ? undefined : 'EntityNotFoundException'),
  )
}

function writesPartition(
  name: string,
  TableName: string,
  values: readonly string[],
  input: PartitionInput,
  failureOf: (exists: boolean) => string | undefined,
): Call {
  const subject = partitionCell(TableName, values)
  const partition: Partition = { ...input, TableName, Parameters: input.Parameters ?? {} }
  const cell = cellOf(subject, JSON.stringify(partition), partition)
  return call(
    name,
    `${subject} = ${locationOf(partition)}`,
    { reads: [subject], writes: [subject] },
    (world) => {
      const failure = failureOf(world.cells.get(subject) !== undefined)
      if (failure !== undefined) return refused(world, failure)
      return done({ ...world, cells: world.cells.with(cell) }, 'ok', {})
    },
  )
}

const locationOf = ({ StorageDescriptor }: Partition) => StorageDescriptor?.Location ?? 'nowhere'
