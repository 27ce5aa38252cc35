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

/** Name of a database in the Glue catalog, with the client that reaches it. */
export interface Catalog {
  readonly glue: GlueClient
  readonly database: string
}

/** Reads the columns of a table in the catalog, without the partition column; undefined if there is no such table. */
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

/** Reads a day's partition from the catalog; undefined if it has none. */
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

/**
 * Returns the `s3://` URI of the folder that a day's partition points to; undefined if the catalog has no such
 * partition.
 */
export async function partitionLocation(
  catalog: Catalog,
  table: string,
  day: Day,
): Promise<string | undefined> {
  return (await findPartition(catalog, table, day))?.StorageDescriptor?.Location
}

/**
 * Returns the `s3://` URIs of the folders that a table's partitions point to, by day. Holds one line per day in memory.
 */
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

/**
 * Longest duration of a call that changes a partition, retries included: a change that arrives late does harm, after
 * the lease of its intent is over.
 */
const CHANGE_MILLISECONDS = 15_000

/**
 * Points a partition to another folder. Athena's next query reads there; one that has begun does not notice. Does
 * nothing if the partition has been deleted since. The partition gets the table's columns: a partition keeps columns of
 * its own, and the files that it pointed to before may have had other types.
 * https://docs.aws.amazon.com/athena/latest/ug/updates-and-partitions.html
 *
 * @param partition as it was read before
 * @param location `s3://` URI of the new folder
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
 * Creates a day's partition with the columns and formats of its table, as a crawler would. An existing partition is
 * left unchanged.
 *
 * @param location `s3://` URI of the day's folder
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

/**
 * True if two `s3://` URIs name the same folder, with or without a slash at the end: crawlers write it, people often do
 * not.
 */
export function isSameLocation(left: string | undefined, right: string | undefined): boolean {
  return left?.replace(/\/+$/, '') === right?.replace(/\/+$/, '')
}

/**
 * Reads the state and settings of a crawler.
 *
 * @throws EntityNotFoundException if there is none of that name
 */
export async function describeCrawler({ glue }: Catalog, name: string): Promise<Crawler> {
  const answer = await glue.send(new GetCrawlerCommand({ Name: name }))
  return answer.Crawler!
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && error.name === 'EntityNotFoundException'
}
