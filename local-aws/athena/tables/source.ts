import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { CatalogTable, Column } from '../../glue/model.ts'
import { identifier, literal } from '../sql/engine.ts'
import { partitionFolders, type Snapshot } from './snapshot.ts'
import { duckdbType } from '../sql/types.ts'

/** What a table's view selects from, and how it selects a column of it. */
export interface Source {
  readonly from: string
  readonly select: (column: Column) => string
}

/** The partition value of the empty file that gives a table its columns; no row ever has it. */
const NO_PARTITION = '__columns'

/** The declared columns of a table, without the partition keys. */
export const columnsOf = (table: CatalogTable): Column[] => table.input.StorageDescriptor?.Columns ?? []
/** A column's type in DuckDB's spelling. */
export const typeOf = (column: Column) => duckdbType(column.Type ?? 'string')
/** A value as a column of its type and name. */
export const cast = (value: string, column: Column) =>
  `CAST(${value} AS ${typeOf(column)}) AS ${identifier(column.Name)}`

/** Where the empty file goes. */
export async function noPartitionFolder({ table, folder }: Snapshot): Promise<string> {
  const values = (table.input.PartitionKeys ?? []).map(() => NO_PARTITION)
  const target = join(folder, ...partitionFolders(table, values))
  await mkdir(target, { recursive: true })
  return target
}

/** The column in which functions of DuckDB that read files give a row's file. */
export const FILE_COLUMN = '$file'

/** All files of a snapshot, for a function of DuckDB that reads files. */
export function allFiles({ table, folder }: Snapshot): string {
  return `${literal(globOf({ table, folder }))}, ${readOptions(table)}`
}

/** Matches all files of a snapshot. */
export function globOf({ table, folder }: Pick<Snapshot, 'table' | 'folder'>): string {
  return [folder, ...(table.input.PartitionKeys ?? []).map(() => '*'), '*'].join('/')
}

/** How to read the values of partition keys from the folders of files, and which file a row is of. */
export function readOptions(table: CatalogTable): string {
  const file = `filename = ${literal(FILE_COLUMN)}`
  const keys = table.input.PartitionKeys ?? []
  if (keys.length === 0) return `hive_partitioning = false, ${file}`
  const types = keys.map((key) => `${literal(key.Name)}: ${typeOf(key)}`).join(', ')
  return `hive_partitioning = true, hive_types_autocast = false, hive_types = {${types}}, ${file}`
}
