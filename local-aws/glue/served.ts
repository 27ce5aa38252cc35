import type { PartitionInput, StorageDescriptor, TableInput } from '@aws-sdk/client-glue'
import { characters, whole, type Served } from '../protocol/shapes.ts'

/**
 * Limit of the names of databases, tables and crawlers: 1 to 255 characters. This file lists the members of requests
 * that the local Glue accepts; any other is refused.
 * https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-catalog.html
 */
export const NAME = characters(1, 255)
/** Members by which a request names a table. */
export const OF_TABLE = { DatabaseName: NAME, TableName: NAME } as const
/** Members by which a request asks for a page of a listing: up to 1,000 items after the position of a token. */
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

/** Members of a partition that requests may set; all of them are stored. */
export const PARTITION_INPUT = {
  Values: true,
  StorageDescriptor: DESCRIPTOR,
  Parameters: true,
} satisfies Served<PartitionInput>

/** Members of a table that UpdateTable may set; all of them are stored. */
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
