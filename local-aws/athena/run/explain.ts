import { mkdir } from 'node:fs/promises'
import type { Catalog } from '../../glue/catalog.ts'
import { openEngine } from '../sql/engine.ts'
import { QueryError } from '../sql/query-error.ts'
import { parseSelect, tablesRead } from '../sql/syntax-tree.ts'
import { asDuckdbReads } from '../sql/trino/syntax.ts'

/**
 * Returns the output of EXPLAIN (TYPE IO, FORMAT JSON), line by line: which tables a SELECT reads. Trino's columns and
 * estimates are left out. Only the syntax of the SQL and the names of tables are checked.
 * https://trino.io/docs/current/sql/explain.html
 *
 * @param folder folder to create for the query's temporary files; the caller removes it
 * @throws QueryError SYNTAX_ERROR, NOT_SUPPORTED, TABLE_NOT_FOUND
 */
export async function explainIo(catalog: Catalog, sql: string, folder: string): Promise<string[]> {
  await mkdir(folder, { recursive: true })
  const engine = await openEngine(folder, catalog.database)
  try {
    const readable = asDuckdbReads(sql)
    const names = [...tablesRead(await parseSelect(engine.connection, readable))]
    const unknown = names.find((name) => !catalog.tableNames.includes(name))
    if (unknown !== undefined) {
      throw new QueryError(
        'TABLE_NOT_FOUND',
        `Table 'awsdatacatalog.${catalog.database}.${unknown}' does not exist`,
      )
    }
    const inputs = names.sort().map((table) => ({
      table: { catalog: 'awsdatacatalog', schemaTable: { schema: catalog.database, table } },
    }))
    return JSON.stringify({ inputTableColumnInfos: inputs }, null, 2).split('\n')
  } finally {
    engine.close()
  }
}
