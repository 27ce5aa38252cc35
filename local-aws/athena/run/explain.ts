import { mkdir } from 'node:fs/promises'
import type { Catalog } from '../../glue/catalog.ts'
import { openEngine } from '../sql/engine.ts'
import { QueryError } from '../sql/query-error.ts'
import { parseSelect, tablesRead } from '../sql/syntax-tree.ts'
import { asDuckdbReads } from '../sql/trino/syntax.ts'

/**
 * The lines of EXPLAIN (TYPE IO, FORMAT JSON): the tables that a SELECT reads, without what Trino adds of columns and
 * estimates. Only the SQL's form and the names of its tables are checked.
 * https://trino.io/docs/current/sql/explain.html
 *
 * @param folder is made for the query and left for the caller to remove
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
