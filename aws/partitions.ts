import {
  CreatePartitionCommand,
  GetCrawlerCommand,
  GetPartitionCommand,
  GetPartitionsCommand,
  GetTableCommand,
  UpdatePartitionCommand,
  type Column,
  type Crawler,
  type GlueClient,
  type Partition,
} from '@aws-sdk/client-glue'
import type { Day } from '../core/dates.ts'

/** A database of the Glue catalog and the client that speaks to it. */
export interface Catalog {
  readonly glue: GlueClient
  readonly database: string
}

/** The columns that the catalog declares for a table, without the partition's; undefined where it has no such table. */
export async function tableColumns(
  { glue, database }: Catalog,
  table: string,
): Promise<readonly Column[] | undefined> {
  try {
    const answer = await glue.send(new GetTableCommand({ DatabaseName: database, Name: table }))
    return answer.Table?.StorageDescriptor?.Columns ?? []
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

/** A day's partition, or undefined when the catalog does not have it. */
export async function findPartition(
  { glue, database }: Catalog,
  table: string,
  day: Day,
): Promise<Partition | undefined> {
  try {
    const answer = await glue.send(
      new GetPartitionCommand({ DatabaseName: database, TableName: table, PartitionValues: [day] }),
    )
    return answer.Partition
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

/** Where a day's partition points to, or undefined when the catalog does not have it. */
export async function partitionLocation(
  catalog: Catalog,
  table: string,
  day: Day,
): Promise<string | undefined> {
  return (await findPartition(catalog, table, day))?.StorageDescriptor?.Location
}

/** Where each day's partition of a table points to. */
export async function partitionLocations(
  { glue, database }: Catalog,
  table: string,
): Promise<Map<Day, string>> {
  const locations = new Map<Day, string>()
  let token: string | undefined
  do {
    const page = await glue.send(
      new GetPartitionsCommand({
        DatabaseName: database,
        TableName: table,
        ExcludeColumnSchema: true,
        NextToken: token,
      }),
    )
    for (const { Values, StorageDescriptor } of page.Partitions ?? []) {
      locations.set(Values![0]!, StorageDescriptor?.Location ?? '')
    }
    token = page.NextToken
  } while (token)
  return locations
}

/** How long a call that changes a partition may take, its retries included: what is sent late is worse than nothing. */
const CHANGE_MILLISECONDS = 15_000

/**
 * Points a partition elsewhere: Athena's next query reads there, and one that has begun does not notice. It takes on the
 * table's columns, as a partition keeps its own and those of the files that it pointed to may be of other types.
 * https://docs.aws.amazon.com/athena/latest/ug/updates-and-partitions.html
 * A partition that has gone meanwhile has nothing to point.
 */
export async function movePartition(catalog: Catalog, partition: Partition, location: string): Promise<void> {
  const { glue, database } = catalog
  const { TableName, Values, StorageDescriptor, Parameters } = partition
  const Columns = [...((await tableColumns(catalog, TableName!)) ?? [])]
  const command = new UpdatePartitionCommand({
    DatabaseName: database,
    TableName,
    PartitionValueList: Values,
    PartitionInput: {
      Values,
      Parameters,
      StorageDescriptor: { ...StorageDescriptor, Columns, Location: location },
    },
  })
  try {
    await glue.send(command, { abortSignal: AbortSignal.timeout(CHANGE_MILLISECONDS) })
  } catch (error) {
    if (!isMissing(error)) throw error
  }
}

/**
 * Makes a day's partition, with the columns and formats of its table, as a crawler would. One that is there already
 * stays as it is.
 */
export async function createPartition(
  { glue, database }: Catalog,
  table: string,
  day: Day,
  location: string,
): Promise<void> {
  const { Table } = await glue.send(new GetTableCommand({ DatabaseName: database, Name: table }))
  const command = new CreatePartitionCommand({
    DatabaseName: database,
    TableName: table,
    PartitionInput: {
      Values: [day],
      StorageDescriptor: { ...Table?.StorageDescriptor, Location: location },
    },
  })
  try {
    await glue.send(command, { abortSignal: AbortSignal.timeout(CHANGE_MILLISECONDS) })
  } catch (error) {
    if (!(error instanceof Error && error.name === 'AlreadyExistsException')) throw error
  }
}

/** True for two spellings of one prefix: crawlers write the slash at the end, people often do not. */
export function isSameLocation(left: string | undefined, right: string | undefined): boolean {
  return left?.replace(/\/+$/, '') === right?.replace(/\/+$/, '')
}

/** What Glue says about a crawler. */
export async function describeCrawler({ glue }: Catalog, name: string): Promise<Crawler> {
  const answer = await glue.send(new GetCrawlerCommand({ Name: name }))
  return answer.Crawler!
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && error.name === 'EntityNotFoundException'
}
