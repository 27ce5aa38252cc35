import type { PartitionInput, StorageDescriptor, TableInput } from '@aws-sdk/client-glue'

export type { Column, PartitionInput, StorageDescriptor, TableInput } from '@aws-sdk/client-glue'

/** A table as the template declares it. */
export type DeclaredTable = TableInput & { readonly Name: string }

/** A partition of a table. */
export interface CatalogPartition {
  /** In the order of the table's partition keys. */
  readonly values: readonly string[]
  readonly descriptor: StorageDescriptor
  readonly parameters: Readonly<Record<string, string>>
  /** Milliseconds since 1970. */
  readonly createdAt: number
  /** The table's revision that the partition was last changed in. */
  readonly revision: number
}

/** A table with its partitions, as it was at one instant. */
export interface CatalogTable {
  readonly name: string
  readonly input: DeclaredTable
  /** Counts the changes of the table and its partitions. */
  readonly revision: number
  /** Milliseconds since 1970. */
  readonly createdAt: number
  readonly updatedAt: number
  /** By {@link partitionId}, in that order. */
  readonly partitions: ReadonlyMap<string, CatalogPartition>
}

/** What tells a partition from the others of its table; sorts as its values do. */
export const partitionId = (values: readonly string[]) => values.join('\0')

/** What a caller says about a partition that is made or changed. */
export interface PartitionChange extends Pick<PartitionInput, 'StorageDescriptor' | 'Parameters'> {
  readonly Values: string[]
}
