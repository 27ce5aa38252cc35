import type * as glue from '@aws-sdk/client-glue'
import type { Complete } from '../protocol/shapes.ts'

/** A column in Glue's spelling, such as `{ Name: 'id', Type: 'bigint' }`; the type may be absent. */
export type Column = Complete<glue.Column>
/** Location, columns and format of a table or a partition, in Glue's spelling. */
export type StorageDescriptor = Complete<glue.StorageDescriptor>

/** Description of a table in the form of Glue's `TableInput`, as a template or UpdateTable gives it. */
export type DeclaredTable = Complete<Omit<glue.TableInput, 'ViewDefinition'>>

/** A stored partition of a table. */
export interface CatalogPartition {
  /** Values of the partition keys, in the order of the table's keys. */
  readonly values: readonly string[]
  /** Location, columns and format of the partition's files. */
  readonly descriptor: StorageDescriptor
  readonly parameters: Readonly<Record<string, string>>
  /** Milliseconds since 1970. */
  readonly createdAt: number
  /** Number of the change to the table that last changed this partition. */
  readonly revision: number
}

/** A table of the catalog with all of its partitions, as it was at one instant. */
export interface CatalogTable {
  readonly name: string
  /** Current description of the table. */
  readonly input: DeclaredTable
  /** Number of changes to the table and its partitions so far. */
  readonly revision: number
  /** Milliseconds since 1970. */
  readonly createdAt: number
  /** Milliseconds since 1970. */
  readonly updatedAt: number
  /** Partitions by {@link partitionId}, sorted by it. */
  readonly partitions: ReadonlyMap<string, CatalogPartition>
}

/** Returns the key of a partition in {@link CatalogTable}. Keys sort as the values do, one after another. */
export const partitionId = (values: readonly string[]) => values.join('\0')

/** Description of a partition to create or update, in the form of Glue's `PartitionInput`. */
export interface PartitionChange {
  readonly Values: readonly string[]
  readonly StorageDescriptor?: StorageDescriptor | undefined
  readonly Parameters?: Readonly<Record<string, string>> | undefined
}
