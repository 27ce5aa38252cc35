import { VARCHAR } from '@duckdb/node-api'
import type { Catalog } from '../../glue/catalog.ts'
import type { CatalogTable, Column } from '../../glue/model.ts'
import { explainIo } from './explain.ts'
import type { QueryAnswer } from './query.ts'
import { QueryError } from '../sql/query-error.ts'
import type { Statement } from '../sql/statement.ts'
import { columnInfo } from '../sql/types.ts'

type UtilityStatement = Exclude<Statement, { kind: 'select' | 'unload' }>

/**
 * Runs a SHOW, DESCRIBE or EXPLAIN and returns its results, line by line. SHOW PARTITIONS omits projected partitions,
 * which are not in the catalog. https://docs.aws.amazon.com/athena/latest/ug/language-reference.html
 *
 * @param folder folder for the query's temporary files; created if needed
 * @throws QueryError TABLE_NOT_FOUND, or the errors of {@link explainIo}
 */
export async function runUtility(
  catalog: Catalog,
  statement: UtilityStatement,
  folder: string,
): Promise<string[]> {
  if (statement.kind === 'explain-io') return await explainIo(catalog, statement.sql, folder)
  if (statement.kind === 'show-tables') return [...catalog.tableNames]
  const table = await find(catalog, statement.table)
  return statement.kind === 'describe' ? describe(table) : showPartitions(table)
}

const COLUMNS: Readonly<Record<UtilityStatement['kind'], string>> = {
  'show-tables': 'tab_name',
  'show-partitions': 'partition',
  describe: 'col_name',
  'explain-io': 'Query Plan',
}

/** Returns the description of the only column in the results of a SHOW, DESCRIBE or EXPLAIN. */
export function utilityColumn({ kind }: UtilityStatement): QueryAnswer['columns'][number] {
  return columnInfo(COLUMNS[kind], VARCHAR)
}

function find(catalog: Catalog, name: string): Promise<CatalogTable> {
  if (catalog.tableNames.includes(name)) return catalog.table(name)
  throw new QueryError('TABLE_NOT_FOUND', `Table ${catalog.database}.${name} does not exist`)
}

function describe({ input }: CatalogTable): string[] {
  const lines = (columns: readonly Column[]) => columns.map(({ Name, Type }) => `${Name}\t${Type}`)
  const keys = input.PartitionKeys ?? []
  const partitions = ['', '# Partition Information', '# col_name\tdata_type', ...lines(keys)]
  return [
    ...lines([...(input.StorageDescriptor?.Columns ?? []), ...keys]),
    ...(keys.length > 0 ? partitions : []),
  ]
}

function showPartitions({ input, partitions }: CatalogTable): string[] {
  const keys = input.PartitionKeys ?? []
  return [...partitions.values()].map(({ values }) =>
    values.map((value, index) => `${keys[index]?.Name}=${value}`).join('/'),
  )
}
