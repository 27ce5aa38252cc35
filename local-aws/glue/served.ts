import type { PartitionInput, StorageDescriptor, TableInput } from '@aws-sdk/client-glue'
import { characters, whole, type Served } from '../protocol/shapes.ts'

/**
 * Limits of a name of a database, table or crawler. The members listed in this file are those of requests that are
 * stored or acted upon here; any other is refused. https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-catalog.html
 */
export const NAME = characters(1, 255)
/** Members that name a table. */
export const OF_TABLE = { DatabaseName: NAME, TableName: NAME } as const
/** Members that ask for a page of a listing: 1 to 1,000 items, after a token. */
export const PAGE = { NextToken: true, MaxResults: whole(1, 1000) } as const

const DESCRIPTOR: Served<StorageDescriptor> = {
  Columns: true,
  Location: true,
  InputFormat: true,
  OutputFormat: true,
  Compressed: true,
  NumberOfBuckets: true,
  SerdeInfo: true,
  BucketColumns: true,
  SortColumns: { each: true, count: [0, 0] },
  Parameters: true,
  StoredAsSubDirectories: true,
}

/** Members of a partition that are stored. */
export const PARTITION_INPUT = {
  Values: true,
  StorageDescriptor: DESCRIPTOR,
  Parameters: true,
} satisfies Served<PartitionInput>

/** Members of a table that are stored. */
export const TABLE_INPUT = {
  Name: NAME,
  Description: true,
  Owner: true,
  Retention: true,
  StorageDescriptor: DESCRIPTOR,
  PartitionKeys: true,
  TableType: true,
  Parameters: true,
} satisfies Served<TableInput>
