import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { CatalogTable, Column } from '../../glue/model.ts'
import { identifier, literal } from '../sql/engine.ts'
import { partitionFolders, type Snapshot } from './snapshot.ts'
import { duckdbType } from '../sql/types.ts'

/** SQL with which the view of a table reads the table's files. */
export interface Source {
  /** Expression for the FROM of the view. */
  readonly from: string
  /** Returns the expression that selects a declared column, with its type and name. */
  readonly select: (column: Column) => string
}

/** Partition value of the empty file that gives a table its columns; no row has it. */
const NO_PARTITION = '__columns'

/** Returns the declared columns of a table in their order, without the partition keys. */
export const columnsOf = (table: CatalogTable): Column[] => table.input.StorageDescriptor?.Columns ?? []
/** Returns the type of a column in DuckDB's spelling; a column without a type is text. */
export const typeOf = (column: Column) => duckdbType(column.Type ?? 'string')
/**
 * Returns SQL that converts a value to the type of a column and gives it the column's name.
 *
 * @param value SQL expression
 */
export const cast = (value: string, column: Column) =>
  `CAST(${value} AS ${typeOf(column)}) AS ${identifier(column.Name)}`

/**
 * Creates the folder for a file without rows, which gives a table its columns, and returns its path. Its partition
 * values occur in no other folder.
 */
export async function noPartitionFolder({ table, folder }: Snapshot): Promise<string> {
  const values = (table.input.PartitionKeys ?? []).map(() => NO_PARTITION)
  const target = join(folder, ...partitionFolders(table, values))
  await mkdir(target, { recursive: true })
  return target
}

/** Name of the column in which DuckDB returns, for each row that it reads from a file, the path of that file. */
export const FILE_COLUMN = '$file'

/** Returns the arguments with which DuckDB's `read_parquet` and `read_json` read all files of a snapshot. */
export function allFiles({ table, folder }: Snapshot): string {
  return `${literal(globOf({ table, folder }))}, ${readOptions(table)}`
}

/** Returns a glob pattern that matches the paths of all files of a snapshot. */
export function globOf({ table, folder }: Pick<Snapshot, 'table' | 'folder'>): string {
  return [folder, ...(table.input.PartitionKeys ?? []).map(() => '*'), '*'].join('/')
}

/**
 * Returns arguments with which DuckDB reads the partition keys from the names of folders and adds {@link FILE_COLUMN}.
 */
export function readOptions(table: CatalogTable): string {
  const file = `filename = ${literal(FILE_COLUMN)}`
  const keys = table.input.PartitionKeys ?? []
  if (keys.length === 0) return `hive_partitioning = false, ${file}`
  const types = keys.map((key) => `${literal(key.Name)}: ${typeOf(key)}`).join(', ')
  return `hive_partitioning = true, hive_types_autocast = false, hive_types = {${types}}, ${file}`
}
