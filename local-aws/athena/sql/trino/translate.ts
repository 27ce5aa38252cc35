import type { DuckDBConnection } from '@duckdb/node-api'
import { literal } from '../engine.ts'
import { meanByTypes } from './by-types.ts'
import { renameCalls } from './calls.ts'
import { templatesOf } from './templates.ts'
import { parseTree } from './tree.ts'
import { typeOracle } from './types.ts'
import { sqlOf } from './write.ts'

/**
 * SQL that gives in DuckDB what a SELECT of Trino's gives. Its tables, or others of the same columns, must be there.
 *
 * @throws QueryError FUNCTION_NOT_FOUND, TYPE_MISMATCH, NOT_SUPPORTED for what Trino does not have or DuckDB cannot say
 */
export async function translate(connection: DuckDBConnection, sql: string): Promise<string> {
  const answer = await connection.runAndReadAll(`SELECT json_serialize_sql(${literal(sql)})`)
  const tree = parseTree(answer.getRowsJson()[0]![0] as string)
  const templates = templatesOf(connection)
  await renameCalls(tree, templates)
  await meanByTypes(tree, templates, typeOracle(connection, tree))
  return await sqlOf(connection, tree)
}
