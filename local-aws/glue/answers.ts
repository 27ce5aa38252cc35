import type { Partition, Table } from '@aws-sdk/client-glue'
import type { Complete } from '../protocol/shapes.ts'
import type { CatalogPartition, CatalogTable } from './model.ts'

/**
 * Converts a table of the local catalog to the form in which GetTable and GetTables return it.
 * https://docs.aws.amazon.com/glue/latest/webapi/API_Table.html
 */
export function tableAnswer(database: string, table: CatalogTable): Complete<Table> {
  return {
    ...table.input,
    DatabaseName: database,
    CreateTime: new Date(table.createdAt),
    UpdateTime: new Date(table.updatedAt),
    IsRegisteredWithLakeFormation: false,
    VersionId: String(table.revision),
  }
}

/**
 * Converts a partition of the local catalog to the form in which GetPartition and GetPartitions return it.
 *
 * @param excludeColumns true if the descriptor is to be without its columns
 * https://docs.aws.amazon.com/glue/latest/webapi/API_Partition.html
 */
export function partitionAnswer(
  database: string,
  table: string,
  partition: CatalogPartition,
  excludeColumns = false,
): Complete<Partition> {
  const { Columns, ...rest } = partition.descriptor
  return {
    Values: [...partition.values],
    DatabaseName: database,
    TableName: table,
    CreationTime: new Date(partition.createdAt),
    StorageDescriptor: excludeColumns || !Columns ? rest : { Columns, ...rest },
    Parameters: partition.parameters,
  }
}
