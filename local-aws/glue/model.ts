import type * as glue from '@aws-sdk/client-glue'
import type { Complete } from '../protocol/shapes.ts'

/** A column in Glue's spelling, such as `{ Name: 'id', Type: 'bigint' }`; the type may be absent. */
export type Column = Complete<glue.Column>
/** Location, columns and format of a table or a partition, as Glue has them. */
export type StorageDescriptor = Complete<glue.StorageDescriptor>

/** A table as the template declares it. */
export type DeclaredTable = Complete<Omit<glue.TableInput, 'ViewDefinition'>>

/** A partition of a table. */
export interface CatalogPartition {
  /** Values in the order of the table's partition keys. */
  readonly values: readonly string[]
  readonly descriptor: StorageDescriptor
  readonly parameters: Readonly<Record<string, string>>
  /** Milliseconds since 1970. */
  readonly createdAt: number
  /** The table's revision at the partition's last change. */
  readonly revision: number
}

/** A table with its partitions, as of one instant. */
export interface CatalogTable {
  readonly name: string
  readonly input: DeclaredTable
  /** Number of changes to the table and its partitions so far. */
  readonly revision: number
  /** Milliseconds since 1970. */
  readonly createdAt: number
  readonly updatedAt: number
  /** Partitions by {@link partitionId}, sorted by it. */
  readonly partitions: ReadonlyMap<string, CatalogPartition>
}

/** Returns a partition's id within its table; ids sort as the values do. */
export const partitionId = (values: readonly string[]) => values.join('\0')

/** A caller's description of a partition to create or update. */
export interface PartitionChange {
  readonly Values: readonly string[]
  readonly StorageDescriptor?: StorageDescriptor | undefined
  readonly Parameters?: Readonly<Record<string, string>> | undefined
}
