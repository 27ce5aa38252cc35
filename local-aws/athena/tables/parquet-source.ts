import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { CatalogTable } from '../../glue/model.ts'
import { identifier, literal } from '../sql/engine.ts'
import { misfits, type Misfit } from './misfits.ts'
import type { FixedFile, Snapshot } from './snapshot.ts'
import {
  allFiles,
  cast,
  columnsOf,
  FILE_COLUMN,
  noPartitionFolder,
  readOptions,
  type Source,
} from './source.ts'

const FILE = identifier(FILE_COLUMN)

/**
 * Returns the SQL with which DuckDB reads the Parquet files of a table. An additional file without rows declares the
 * columns, so that a column that no file has, or a table without files, can be read. Files that Athena could not read
 * fail a query only if it reads their partition and the column concerned.
 */
export async function parquetSource(connection: DuckDBConnection, snapshot: Snapshot): Promise<Source> {
  const folder = await noPartitionFolder(snapshot)
  const columns = columnsOf(snapshot.table).map((column) => cast('NULL', column))
  const columnsFile = join(folder, 'columns.parquet')
  const sql = `COPY (SELECT ${columns.join(', ')} WHERE false) TO ${literal(columnsFile)} (FORMAT parquet)`
  await connection.run(sql)
  const select: Source['select'] = (column) => cast(identifier(column.Name), column)
  const found = await misfits(connection, snapshot)
  if (found.length === 0) return { from: `read_parquet(${allFiles(snapshot)}, union_by_name = true)`, select }
  return { from: `(${branches(snapshot, columnsFile, found).join('\nUNION ALL ')})`, select }
}

/**
 * Selects all fitting files at once, and each misfit with constants as its partition keys, so that DuckDB drops it if a
 * query asks for other partitions. `error` is never evaluated early, nor for a column that is not read; if DuckDB needs
 * no column, it reads the first, which is therefore one of ours.
 */
function branches(snapshot: Snapshot, columnsFile: string, found: readonly Misfit[]): string[] {
  const { table } = snapshot
  const unfit = new Set(found.flatMap(({ files }) => files))
  const fit = snapshot.files.filter((file) => !unfit.has(file))
  const keys = (table.input.PartitionKeys ?? []).map(({ Name }) => identifier(Name))
  const names = columnsOf(table).map(({ Name }) => identifier(Name))
  return [
    `SELECT ${['0 AS "$row"', ...names, ...keys, FILE].join(', ')} FROM ${readFiles(table, columnsFile, fit)}`,
    ...found.map((misfit) => refusing(table, columnsFile, misfit)),
  ]
}

function refusing(
  table: CatalogTable,
  columnsFile: string,
  { values, files, whole, columns }: Misfit,
): string {
  const keys = (table.input.PartitionKeys ?? []).map((key, index) => cast(literal(values[index]!), key))
  const row = ['0 AS "$row"']
  if (whole !== undefined) {
    const nulls = columnsOf(table).map((column) => cast('NULL', column))
    const refused = `(SELECT error(${literal(whole)}) AS refused) WHERE refused IS NULL`
    return `SELECT ${[...row, ...nulls, ...keys, `NULL AS ${FILE}`].join(', ')} FROM ${refused}`
  }
  const selected = columnsOf(table).map((column) => {
    const reason = columns.get(column.Name)
    return cast(reason === undefined ? identifier(column.Name) : `error(${literal(reason)})`, column)
  })
  return `SELECT ${[...row, ...selected, ...keys, FILE].join(', ')} FROM ${readFiles(table, columnsFile, files)}`
}

function readFiles(table: CatalogTable, columnsFile: string, files: readonly FixedFile[]): string {
  const paths = [columnsFile, ...files.map(({ path }) => path)].map(literal).join(', ')
  return `read_parquet([${paths}], ${readOptions(table)}, union_by_name = true)`
}
