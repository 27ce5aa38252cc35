import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { CatalogTable, Column } from '../../glue/model.ts'
import { identifier, literal } from '../sql/engine.ts'
import { partitionFolders, type Snapshot } from './snapshot.ts'
import { duckdbType } from '../sql/types.ts'

/** The FROM of a table's view, and a function that selects a column from it. */
export interface Source {
  readonly from: string
  readonly select: (column: Column) => string
}

/** Partition value of the empty file that gives a table its columns; no row has it. */
const NO_PARTITION = '__columns'

/** Returns the declared columns of a table, without the partition keys. */
export const columnsOf = (table: CatalogTable): Column[] => table.input.StorageDescriptor?.Columns ?? []
/** Returns a column's type in DuckDB's spelling. */
export const typeOf = (column: Column) => duckdbType(column.Type ?? 'string')
/** Returns SQL for a value with a column's type and name. */
export const cast = (value: string, column: Column) =>
  `CAST(${value} AS ${typeOf(column)}) AS ${identifier(column.Name)}`

/** Creates the folder for the empty file. */
export async function noPartitionFolder({ table, folder }: Snapshot): Promise<string> {
  const values = (table.input.PartitionKeys ?? []).map(() => NO_PARTITION)
  const target = join(folder, ...partitionFolders(table, values))
  await mkdir(target, { recursive: true })
  return target
}

/** Column in which DuckDB's functions that read files return a row's file. */
export const FILE_COLUMN = '$file'

/** Returns arguments for DuckDB's functions that read files: all files of a snapshot, and options. */
export function allFiles({ table, folder }: Snapshot): string {
  return `${literal(globOf({ table, folder }))}, ${readOptions(table)}`
}

/** Returns a pattern that matches all files of a snapshot. */
export function globOf({ table, folder }: Pick<Snapshot, 'table' | 'folder'>): string {
  return [folder, ...(table.input.PartitionKeys ?? []).map(() => '*'), '*'].join('/')
}

/** Returns options that read partition keys from the files' folders and add each row's file. */
export function readOptions(table: CatalogTable): string {
  const file = `filename = ${literal(FILE_COLUMN)}`
  const keys = table.input.PartitionKeys ?? []
  if (keys.length === 0) return `hive_partitioning = false, ${file}`
  const types = keys.map((key) => `${literal(key.Name)}: ${typeOf(key)}`).join(', ')
  return `hive_partitioning = true, hive_types_autocast = false, hive_types = {${types}}, ${file}`
}
