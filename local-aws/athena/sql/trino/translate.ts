import type { DuckDBConnection } from '@duckdb/node-api'
import { meanByTypes } from './by-types.ts'
import { renameCalls } from './calls.ts'
import { templatesOf } from './templates.ts'
import { typeOracle } from './types.ts'
import { sqlOf, treeOf } from './write.ts'

/**
 * Translates a SELECT of Trino to SQL that has the same result in DuckDB. Its tables, or others with the same columns,
 * must exist.
 *
 * @throws QueryError FUNCTION_NOT_FOUND, TYPE_MISMATCH, NOT_SUPPORTED for SQL that Trino lacks or DuckDB cannot express
 */
export async function translate(connection: DuckDBConnection, sql: string): Promise<string> {
  const tree = await treeOf(connection, sql)
  const templates = templatesOf(connection)
  await renameCalls(tree, templates)
  await meanByTypes(tree, templates, typeOracle(connection, tree))
  return await sqlOf(connection, tree)
}
