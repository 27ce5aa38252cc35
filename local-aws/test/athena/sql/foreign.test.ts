import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DuckDBConnection } from '@duckdb/node-api'
import { parseSelect } from '../../../athena/sql/syntax-tree.ts'

let duckdb: DuckDBConnection

beforeAll(async () => {
  duckdb = await (await DuckDBInstance.create()).connect()
})

afterAll(() => duckdb.closeSync())

describe('statements that only DuckDB has are refused as Athena refuses them', () => {
  test.each([
    ['SUMMARIZE jobs', "line 1:1: mismatched input 'SUMMARIZE'. Expecting: 'ALTER', 'ANALYZE'"],
    ['  summarize SELECT 1', "line 1:3: mismatched input 'summarize'"],
    ['-- all\nFROM jobs', "line 2:1: mismatched input 'FROM'"],
    ['FROM jobs SELECT job_id', "mismatched input 'FROM'"],
    ['(FROM jobs)', "mismatched input 'FROM'"],
    ['PIVOT jobs ON a USING sum(b)', "mismatched input 'PIVOT'"],
    ['UNPIVOT jobs ON a INTO NAME n VALUE v', "mismatched input 'UNPIVOT'"],
    ['PRAGMA version', "mismatched input 'PRAGMA'"],
    ["COPY jobs TO 'x'", "mismatched input 'COPY'"],
    ["ATTACH 'x'", "mismatched input 'ATTACH'"],
    ['INSTALL httpfs', "mismatched input 'INSTALL'"],
    ['LOAD httpfs', "mismatched input 'LOAD'"],
    ['CHECKPOINT', "mismatched input 'CHECKPOINT'"],
    ["EXPORT DATABASE 'x'", "mismatched input 'EXPORT'"],
    ['DESCRIBE SELECT 1', 'found DESCRIBE: others are not implemented here'],
    ['SHOW ALL TABLES', 'found SHOW: others are not implemented here'],
    ['CALL pragma_version()', 'found CALL: others are not implemented here'],
    ['VACUUM', 'found VACUUM: others are not implemented here'],
    ['SELECT * FROM (SUMMARIZE jobs)', "line 1:16: mismatched input 'SUMMARIZE'"],
    ['SELECT * FROM (DESCRIBE jobs)', "mismatched input 'DESCRIBE'"],
    ['SELECT * FROM (PIVOT jobs ON a USING sum(b))', "mismatched input 'PIVOT'"],
    ['SELECT * FROM (FROM jobs)', "line 1:16: mismatched input 'FROM'"],
    ['WITH a AS (FROM jobs) SELECT * FROM a', "mismatched input 'FROM'"],
    ['WITH a AS (SELECT 1), b AS (SELECT 2) FROM a', "line 1:39: mismatched input 'FROM'"],
    ['SELECT 1 UNION ALL FROM jobs', "mismatched input 'FROM'"],
    ['SELECT * EXCLUDE (a) FROM jobs', "mismatched input 'EXCLUDE'"],
    ["SELECT COLUMNS('a') FROM jobs", "mismatched input 'COLUMNS'"],
    ['SELECT a FROM jobs QUALIFY row_number() OVER () = 1', "mismatched input 'QUALIFY'"],
    ['SELECT DISTINCT ON (a) a FROM jobs', "mismatched input 'ON'"],
    ['SELECT a FROM jobs LIMIT 10%', "mismatched input '%'"],
    ['SELECT a::VARCHAR FROM jobs', "line 1:9: mismatched input '::'"],
    ['SELECT [1, 2] FROM jobs', "line 1:8: mismatched input '['"],
    ['SELECT * FROM a POSITIONAL JOIN b', "mismatched input 'POSITIONAL'"],
    ['SELECT a, count(*) FROM jobs GROUP BY ALL', "mismatched input 'ALL'"],
  ])('%s', async (sql, message) => {
    await expect(parseSelect(duckdb, sql)).rejects.toThrow(`NOT_SUPPORTED: `)
    await expect(parseSelect(duckdb, sql)).rejects.toThrow(message)
  })
})

describe('what Athena has as well is taken', () => {
  test.each([
    'SELECT 1',
    '(SELECT 1)',
    'TABLE jobs',
    'VALUES (1), (2)',
    'WITH a AS (SELECT 1 AS x), b(y) AS (VALUES (1)) SELECT * FROM a, b',
    'WITH a AS (SELECT 1) (SELECT * FROM a) UNION ALL (SELECT 2 FROM a)',
    'SELECT extract(year FROM day), trim(BOTH FROM word) FROM jobs',
    'SELECT a IS DISTINCT FROM b, substring(word FROM 2) FROM jobs',
    "SELECT 'FROM (FROM', \"from\", 'a::b' FROM jobs -- FROM (FROM\n/* SUMMARIZE :: */",
    'SELECT "summarize", "pivot" FROM (SELECT 1 AS "summarize", 2 AS "pivot")',
    'SELECT count(*), count(DISTINCT a) FROM jobs TABLESAMPLE BERNOULLI (10) GROUP BY GROUPING SETS ((a), ())',
    'SELECT * FROM a LEFT JOIN b ON a.x = b.x WHERE a.x IN (SELECT x FROM c) ORDER BY 1 LIMIT 3',
    'SELECT * FROM jobs CROSS JOIN UNNEST(ARRAY[1, 2]) AS t(x)',
  ])('%s', async (sql) => {
    await expect(parseSelect(duckdb, sql)).resolves.toBeDefined()
  })
})
