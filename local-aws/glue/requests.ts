import { z } from 'zod'

/**
 * The requests that the local Glue takes. What AWS takes as well and this catalog would ignore is refused by name.
 * https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-catalog.html
 */
const name = z.string().min(1)
const values = z.array(z.string())
const parameters = z.record(z.string(), z.string())
const date = z.number()

const column = z.strictObject({
  Name: name,
  Type: z.string().optional(),
  Comment: z.string().optional(),
  Parameters: parameters.optional(),
})

const descriptor = z.strictObject({
  Columns: z.array(column).optional(),
  Location: z.string().optional(),
  InputFormat: z.string().optional(),
  OutputFormat: z.string().optional(),
  Compressed: z.boolean().optional(),
  NumberOfBuckets: z.int().optional(),
  SerdeInfo: z
    .strictObject({
      Name: z.string().optional(),
      SerializationLibrary: z.string().optional(),
      Parameters: parameters.optional(),
    })
    .optional(),
  BucketColumns: z.array(z.string()).optional(),
  SortColumns: z.array(z.never()).optional(),
  Parameters: parameters.optional(),
  StoredAsSubDirectories: z.boolean().optional(),
})

const partitionInput = z.strictObject({
  Values: values.min(1),
  StorageDescriptor: descriptor.optional(),
  Parameters: parameters.optional(),
  LastAccessTime: date.optional(),
  LastAnalyzedTime: date.optional(),
})

const catalog = { CatalogId: z.string().optional() }
const ofTable = { ...catalog, DatabaseName: name, TableName: name }
const page = { NextToken: z.string().optional(), MaxResults: z.int().min(1).max(1000).optional() }

export const getDatabase = z.strictObject({ ...catalog, Name: name })
export const getTable = z.strictObject({ ...catalog, DatabaseName: name, Name: name })
export const getTables = z.strictObject({ ...catalog, ...page, DatabaseName: name })
export const updateTable = z.strictObject({
  ...catalog,
  DatabaseName: name,
  TableInput: z.strictObject({
    Name: name,
    Description: z.string().optional(),
    Owner: z.string().optional(),
    Retention: z.int().optional(),
    StorageDescriptor: descriptor.optional(),
    PartitionKeys: z.array(column).optional(),
    TableType: z.string().optional(),
    Parameters: parameters.optional(),
  }),
  SkipArchive: z.boolean().optional(),
})
export const getPartition = z.strictObject({ ...ofTable, PartitionValues: values })
export const getPartitions = z.strictObject({
  ...ofTable,
  ...page,
  ExcludeColumnSchema: z.boolean().optional(),
})
export const batchGetPartition = z.strictObject({
  ...ofTable,
  PartitionsToGet: z.array(z.strictObject({ Values: values })).max(1000),
})
export const createPartition = z.strictObject({ ...ofTable, PartitionInput: partitionInput })
export const batchCreatePartition = z.strictObject({
  ...ofTable,
  PartitionInputList: z.array(partitionInput).max(100),
})
export const updatePartition = z.strictObject({
  ...ofTable,
  PartitionValueList: values.max(100),
  PartitionInput: partitionInput,
})
export const deletePartition = z.strictObject({ ...ofTable, PartitionValues: values })
export const crawlerName = z.strictObject({ Name: name })
