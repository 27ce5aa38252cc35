import type * as glue from '@aws-sdk/client-glue'
import type { Complete } from '../protocol/shapes.ts'

export type Column = Complete<glue.Column>
export type StorageDescriptor = Complete<glue.StorageDescriptor>

/** A table as the template declares it. */
export type DeclaredTable = Complete<Omit<glue.TableInput, 'ViewDefinition'>>

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
export interface PartitionChange {
  readonly Values: readonly string[]
  readonly StorageDescriptor?: StorageDescriptor | undefined
  readonly Parameters?: Readonly<Record<string, string>> | undefined
}
