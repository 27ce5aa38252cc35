import {
  CreatePartitionCommand,
  GetCrawlerCommand,
  GetPartitionCommand,
  GetPartitionsCommand,
  GetTableCommand,
  GlueServiceException,
  StartCrawlerCommand,
  UpdatePartitionCommand,
  type Crawler,
  type CreatePartitionCommandInput,
  type GetCrawlerCommandInput,
  type GetPartitionCommandInput,
  type GetPartitionsCommandInput,
  type GetTableCommandInput,
  type Partition,
  type PartitionInput,
  type StartCrawlerCommandInput,
  type Table,
  type UpdatePartitionCommandInput,
} from '@aws-sdk/client-glue'
import { checkServed, CLOCK, type Answer, type Call, type Operations, type World } from './call.ts'
import { cellOf } from './cells.ts'

export interface GlueTables {
  /** Never changed. */
  readonly tables: readonly Table[]
  /** Names of the crawlers. */
  readonly crawlers: readonly string[]
}

/** Glue: partitions without conditional writes. https://docs.aws.amazon.com/glue/latest/webapi/WebAPI_Welcome.html */
export function glueOperations({ tables, crawlers }: GlueTables): Operations {
  function getTable({ Name }: GetTableCommandInput): Call {
    return call('GetTable', Name!, {}, (world) => {
      const found = tables.find((table) => table.Name === Name)
      return found ? done(world, 'table', { Table: found }) : missing(world)
    })
  }

  function crawler(
    name: string,
    Name: string,
    run: (world: World, state: Crawler) => Answer,
    writes = false,
  ): Call {
    const subject = crawlerCell(Name)
    return call(name, Name, { reads: [subject], writes: writes ? [subject] : [] }, (world) => {
      if (!crawlers.includes(Name)) return missing(world)
      return run(world, world.cells.get<Crawler>(subject)?.value ?? { Name, State: 'READY' })
    })
  }

  const getCrawler = ({ Name }: GetCrawlerCommandInput) =>
    crawler('GetCrawler', Name!, (world, state) => ({
      ...done(world, JSON.stringify(state), { Crawler: state }),
      words: state.State!,
    }))

  const startCrawler = ({ Name }: StartCrawlerCommandInput) =>
    crawler(
      'StartCrawler',
      Name!,
      (world, state) => {
        if (state.State !== 'READY') return refused(world, 'CrawlerRunningException')
        return done(withCrawler(world, { ...state, State: 'RUNNING' }), 'started', {})
      },
      true,
    )

  return new Map<unknown, (input: never) => Call>([
    [GetTableCommand, getTable],
    [GetPartitionCommand, getPartition],
    [GetPartitionsCommand, getPartitions],
    [CreatePartitionCommand, createPartition],
    [UpdatePartitionCommand, updatePartition],
    [GetCrawlerCommand, getCrawler],
    [StartCrawlerCommand, startCrawler],
  ])
}

/** The end of a crawl, which Glue itself brings about. */
export function endOfCrawl(crawler: string): Call {
  const subject = crawlerCell(crawler)
  return call('end of crawl', crawler, { reads: [CLOCK], writes: [subject] }, (world) => {
    const LastCrawl = { Status: 'SUCCEEDED' as const, StartTime: new Date(world.now * 1000) }
    return done(withCrawler(world, { Name: crawler, State: 'READY', LastCrawl }), 'ended', {})
  })
}

export const crawlerCell = (name: string) => `crawler/${name}`
const partitionCell = (table: string | undefined, values: readonly string[] | undefined) =>
  `partition/${table}/${values!.join('/')}`

function getPartition({ TableName, PartitionValues }: GetPartitionCommandInput): Call {
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

function createPartition({ TableName, PartitionInput: input }: CreatePartitionCommandInput): Call {
  return writesPartition('CreatePartition', TableName!, input!.Values!, input!, (exists) =>
    exists ? 'AlreadyExistsException' : undefined,
  )
}

function updatePartition(input: UpdatePartitionCommandInput): Call {
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

function withCrawler(world: World, state: Crawler): World {
  return { ...world, cells: world.cells.with(cellOf(crawlerCell(state.Name!), JSON.stringify(state), state)) }
}

const locationOf = ({ StorageDescriptor }: Partition) => StorageDescriptor?.Location ?? 'nowhere'

function call(
  name: string,
  subject: string,
  { reads = [], writes = [] }: { readonly reads?: readonly string[]; readonly writes?: readonly string[] },
  run: Call['run'],
): Call {
  return { name, subject, reads, writes, run }
}

const done = (world: World, id: string, output: object): Answer => ({
  world,
  id,
  words: 'ok',
  date: world.now,
  give: () => output,
})
const missing = (world: World) => refused(world, 'EntityNotFoundException')

function refused(world: World, name: string): Answer {
  const give = () => {
    throw new GlueServiceException({
      name,
      message: name,
      $fault: 'client',
      $metadata: { httpStatusCode: 400 },
    })
  }
  return { world, id: name, words: name, date: world.now, give, isRefused: true }
}
