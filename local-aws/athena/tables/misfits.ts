import type { DuckDBConnection } from '@duckdb/node-api'
import { partitionId, type CatalogTable, type Column } from '../../glue/model.ts'
import { parquetColumns, readsAs } from '../../glue/parquet-columns.ts'
import { s3Uri } from '../../s3/s3-uri.ts'
import { literal } from '../sql/engine.ts'
import type { FixedFile, Snapshot } from './snapshot.ts'
import { columnsOf, globOf } from './source.ts'

/**
 * Files of one partition that Athena could not read, because their columns do not fit the table's: not at all, or not
 * in some columns.
 */
export interface Misfit {
  /** Values of the partition's keys. */
  readonly values: readonly string[]
  readonly files: readonly FixedFile[]
  /** Athena's message if no column can be read; absent if only those in `columns` cannot. */
  readonly whole?: string
  /** Athena's messages for the columns that cannot be read, by name. */
  readonly columns: ReadonlyMap<string, string>
}

/**
 * Finds the files of a Parquet table that Athena could not read: those in partitions whose column types do not fit the
 * table's, and those whose own column types do not fit their partition's. Columns are compared by name; one that only
 * one of the two has is no problem. https://docs.aws.amazon.com/athena/latest/ug/updates-and-partitions.html
 */
export async function misfits(connection: DuckDBConnection, snapshot: Snapshot): Promise<Misfit[]> {
  const { table, files } = snapshot
  if (files.length === 0) return []
  const signatures = await signaturesOf(connection, snapshot)
  const columnsBySignature = new Map<string, readonly Column[]>()
  const found = new Map<string, Misfit>()
  for (const file of files) {
    const signature = signatures.get(file.path)!
    const columns = columnsBySignature.get(signature) ?? (await parquetColumns(file.path))
    columnsBySignature.set(signature, columns)
    const misfit = misfitOf(table, file, columns)
    if (!misfit) continue
    const group = `${partitionId(file.values)}\0${misfit.whole === undefined ? signature : ''}`
    const known = found.get(group)
    found.set(group, known ? { ...known, files: [...known.files, file] } : misfit)
  }
  return [...found.values()]
}

/** Returns a digest of each file's schema, by path, so that a footer is parsed only once per schema. */
async function signaturesOf(connection: DuckDBConnection, snapshot: Snapshot): Promise<Map<string, string>> {
  const element =
    'concat_ws(chr(31), name, type, converted_type, logical_type, num_children, precision, scale)'
  const sql =
    `SELECT file_name, md5(string_agg(${element}, chr(30))) FROM parquet_schema(${literal(globOf(snapshot))}) ` +
    'GROUP BY file_name'
  const rows = (await connection.runAndReadAll(sql)).getRowsJson() as [string, string][]
  return new Map(rows)
}

function misfitOf(table: CatalogTable, file: FixedFile, columns: readonly Column[]): Misfit | undefined {
  const { values } = file
  const partition = table.partitions.get(partitionId(values))?.descriptor.Columns
  const declared = typesOf(columnsOf(table))
  const expected = new Map([...declared, ...typesOf(partition ?? [])])
  const stale = [...expected].find(([name, type]) => declared.has(name) && !readsAs(type, declared.get(name)))
  const shared = { values, files: [file] }
  if (stale) return { ...shared, whole: mismatch(table, values, stale, declared), columns: new Map() }
  const unreadable = columns
    .filter(({ Name, Type }) => declared.has(Name) && !readsAs(Type, expected.get(Name)))
    .map(({ Name, Type }) => [Name, badData(file, { Name, Type }, expected.get(Name)!)] as const)
  return unreadable.length === 0 ? undefined : { ...shared, columns: new Map(unreadable) }
}

const typesOf = (columns: readonly Column[]) => new Map(columns.map(({ Name, Type }) => [Name, Type!]))

function mismatch(
  table: CatalogTable,
  values: readonly string[],
  [name, type]: readonly [string, string],
  declared: ReadonlyMap<string, string>,
): string {
  const keys = (table.input.PartitionKeys ?? []).map((key, index) => `${key.Name}=${values[index]}`)
  return (
    'HIVE_PARTITION_SCHEMA_MISMATCH: There is a mismatch between the table and partition schemas. The types are ' +
    `incompatible and cannot be coerced. The column '${name}' in table '${table.name}' is declared as type ` +
    `'${declared.get(name)}', but partition '${keys.join('/')}' declared column '${name}' as type '${type}'.`
  )
}

function badData({ bucket, key }: FixedFile, { Name, Type }: Column, expected: string): string {
  return (
    `HIVE_BAD_DATA: Field ${Name}'s type ${Type} in parquet file ${s3Uri(bucket, key)} is incompatible with type ` +
    `${expected} defined in table schema`
  )
}
