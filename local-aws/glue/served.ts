import type { PartitionInput, StorageDescriptor, TableInput } from '@aws-sdk/client-glue'
import { characters, whole, type Served } from '../protocol/shapes.ts'

/**
 * Members of requests that are kept or acted upon here; every other is refused.
 * https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-catalog.html
 */
export const NAME = characters(1, 255)
export const OF_TABLE = { DatabaseName: NAME, TableName: NAME } as const
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

export const PARTITION_INPUT = {
  Values: true,
  StorageDescriptor: DESCRIPTOR,
  Parameters: true,
} satisfies Served<PartitionInput>

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
