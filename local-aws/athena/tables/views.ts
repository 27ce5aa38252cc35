import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { CatalogTable, Column } from '../../glue/model.ts'
import { CATALOG, identifier, literal } from '../sql/engine.ts'
import { s3Uri } from '../../s3/s3-uri.ts'
import { parquetSource } from './parquet-source.ts'
import { PATH_COLUMN } from '../sql/path-column.ts'
import { QueryError } from '../sql/query-error.ts'
import type { Snapshot } from './snapshot.ts'
import { allFiles, cast, columnsOf, FILE_COLUMN, noPartitionFolder, typeOf, type Source } from './source.ts'

/**
 * Largest line of JSON, in bytes, tried in turn: DuckDB allocates twice that per thread. A reject can hold a line of 64
 * MB whose every quote is escaped.
 */
const JSON_LINE_BYTES = [1 << 24, 1 << 28]

/**
 * Creates a DuckDB view through which a query reads a table. It has the table's name, the declared columns in their
 * order and with their types, and then the partition keys. A declared column that a file lacks is NULL; columns of
 * files that are not declared are left out.
 *
 * @param withPath true if the view also gets {@link PATH_COLUMN}
 * @throws QueryError NOT_SUPPORTED for a table that is neither Parquet nor JSON
 */
export async function createView(
  connection: DuckDBConnection,
  database: string,
  snapshot: Snapshot,
  withPath: boolean,
): Promise<void> {
  const { table } = snapshot
  const library = table.input.StorageDescriptor?.SerdeInfo?.SerializationLibrary ?? ''
  const source = /parquet/i.test(library)
    ? await parquetSource(connection, snapshot)
    : /json/i.test(library)
      ? await jsonSource(connection, snapshot)
      : undefined
  if (!source) {
    throw new QueryError('NOT_SUPPORTED', `Table ${table.name}: SerDe "${library}" is not implemented here.`)
  }
  const keys = (table.input.PartitionKeys ?? []).map(({ Name }) => identifier(Name))
  const path = withPath ? [await pathOf(connection, snapshot)] : []
  const columns = [...columnsOf(table).map((column) => source.select(column)), ...keys, ...path]
  await connection.run(
    `CREATE VIEW ${tableName(database, table.name)} AS SELECT ${columns.join(', ')} FROM ${source.from}`,
  )
}

/** Returns the full, quoted name by which SQL for DuckDB refers to a table of the Glue catalog. */
export const tableName = (database: string, table: string): string =>
  `${CATALOG}.${identifier(database)}.${identifier(table)}`

/**
 * Creates an empty DuckDB table with the columns and partition keys of a table in the Glue catalog, for finding out
 * types without reading files.
 *
 * @param withPath true if the table also gets {@link PATH_COLUMN}
 */
export async function declareColumns(
  connection: DuckDBConnection,
  database: string,
  table: CatalogTable,
  withPath: boolean,
): Promise<void> {
  const columns = [...columnsOf(table), ...(table.input.PartitionKeys ?? [])]
  const declared = columns.map((column) => `${identifier(column.Name)} ${typeOf(column)}`)
  const path = withPath ? [`${identifier(PATH_COLUMN)} VARCHAR`] : []
  await connection.run(
    `CREATE TABLE ${tableName(database, table.name)} (${[...declared, ...path].join(', ')})`,
  )
}

/** Returns SQL for the URI of a row's object, looked up by the row's file. */
async function pathOf(connection: DuckDBConnection, { table, files }: Snapshot): Promise<string> {
  const objects = `memory.main.${identifier(`objects of ${table.name}`)}`
  await connection.run(`CREATE TABLE ${objects} (file VARCHAR, uri VARCHAR)`)
  const appender = await connection.createAppender(`objects of ${table.name}`, 'main', 'memory')
  for (const { path, bucket, key } of files) {
    appender.appendVarchar(path)
    appender.appendVarchar(s3Uri(bucket, key))
    appender.endRow()
  }
  appender.closeSync()
  return `(SELECT uri FROM ${objects} WHERE file = ${identifier(FILE_COLUMN)}) AS ${identifier(PATH_COLUMN)}`
}

/** Returns a source of JSON files. The SerDe finds a column's key in any case; DuckDB must be told the spelling. */
async function jsonSource(connection: DuckDBConnection, snapshot: Snapshot): Promise<Source> {
  const folder = await noPartitionFolder(snapshot)
  await writeFile(join(folder, 'empty.json'), '')
  const { keys, options } = await readKeys(connection, allFiles(snapshot))
  const spellings = new Map(keys.map((key) => [key.toLowerCase(), key]))
  const spelling = (column: Column) => spellings.get(column.Name) ?? column.Name
  const columns = columnsOf(snapshot.table).map(
    (column) => `${literal(spelling(column))}: ${literal(typeOf(column))}`,
  )
  return {
    from: `read_json(${options}, columns = {${columns.join(', ')}})`,
    select: (column) => cast(identifier(spelling(column)), column),
  }
}

/** Returns the keys that occur in the objects, and the options with which all of them could be read. */
async function readKeys(connection: DuckDBConnection, source: string) {
  for (const [attempt, bytes] of JSON_LINE_BYTES.entries()) {
    const options = `${source}, format = 'newline_delimited', maximum_object_size = ${bytes}`
    try {
      const sql = `SELECT DISTINCT unnest(json_keys(json)) FROM read_json_objects(${options})`
      const rows = (await connection.runAndReadAll(sql)).getRowsJson()
      return { keys: rows.map(([key]) => key as string), options }
    } catch (error) {
      const isTooLong = error instanceof Error && error.message.includes('maximum_object_size')
      if (!isTooLong || attempt === JSON_LINE_BYTES.length - 1) throw error
    }
  }
  throw new Error('unreachable: the last attempt returns or throws')
}
