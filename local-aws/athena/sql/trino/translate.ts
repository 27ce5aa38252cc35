import type { DuckDBConnection } from '@duckdb/node-api'
import { meanByTypes } from './by-types.ts'
import { renameCalls } from './calls.ts'
import { templatesOf } from './templates.ts'
import { typeOracle } from './types.ts'
import { sqlOf, treeOf } from './write.ts'

/**
 * SQL that gives in DuckDB what a SELECT of Trino's gives. Its tables, or others of the same columns, must be there.
 *
 * @throws QueryError FUNCTION_NOT_FOUND, TYPE_MISMATCH, NOT_SUPPORTED for what Trino does not have or DuckDB cannot say
 */
export async function translate(connection: DuckDBConnection, sql: string): Promise<string> {
  const tree = await treeOf(connection, sql)
  const templates = templatesOf(connection)
  await renameCalls(tree, templates)
  await meanByTypes(tree, templates, typeOracle(connection, tree))
  return await sqlOf(connection, tree)
}
