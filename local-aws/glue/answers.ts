import type { Partition, Table } from '@aws-sdk/client-glue'
import type { Complete } from '../protocol/shapes.ts'
import type { CatalogPartition, CatalogTable } from './model.ts'

/** Returns a table as GetTable answers it. https://docs.aws.amazon.com/glue/latest/webapi/API_Table.html */
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

/** Returns a partition as GetPartition answers it. https://docs.aws.amazon.com/glue/latest/webapi/API_Partition.html */
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
