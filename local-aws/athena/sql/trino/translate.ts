import type { DuckDBConnection } from '@duckdb/node-api'
import { meanByTypes } from './by-types.ts'
import { renameCalls } from './calls.ts'
import { templatesOf } from './templates.ts'
import { typeOracle } from './types.ts'
import { sqlOf, treeOf } from './write.ts'

/**
 * Translates a SELECT from Trino's SQL to DuckDB's, such that it has the same result. The query's tables must exist in
 * DuckDB, if only as empty tables with the same columns.
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
