import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseSelect } from '../../../athena/sql/syntax-tree.ts'
import { quoteNames } from '../../../athena/sql/unquoted-names.ts'

/** Words that Trino's grammar lists as nonReserved. */
const NON_RESERVED = `
  absent add admin after all analyze any array asc at authorization begin bernoulli both call called
  cascade catalog catalogs column columns comment commit committed conditional copartition count
  current data date day declare default define definer deny desc descriptor deterministic distributed
  do double elseif empty encoding error excluding explain fetch filter final first following format
  function functions grace grant granted grants graphviz groups hour if ignore immediate including
  initial input interval invoker io iterate isolation json keep key keys language last lateral leading
  leave level limit local logical loop map match matched matches match_recognize materialized measures
  merge minute month nested next nfc nfd nfkc nfkd no none nullif nulls object of offset omit one only
  option ordinality output over overflow partition partitions passing past path pattern per period
  permute plan position preceding precision privileges properties prune quotes range read refresh
  rename repeat repeatable replace reset respect restrict return returning returns revoke role roles
  rollback row rows running scalar schema schemas second security seek serializable session set sets
  show some start stats subset substring system tables tablesample text string ties time timestamp to
  trailing transaction truncate try_cast type unbounded uncommitted unconditional unique unknown
  unmatched until update use user utf16 utf32 utf8 validate value verbose version view while window
  within without work wrapper write year zone
`
  .trim()
  .split(/\s+/)

let duckdb: DuckDBConnection

beforeAll(async () => {
  duckdb = await (await DuckDBInstance.create()).connect()
})

afterAll(() => duckdb.closeSync())

/** Returns the tree of a statement, without places in its text. */
async function treeOf(sql: string): Promise<unknown> {
  const { statements } = await parseSelect(duckdb, sql)
  return JSON.parse(
    JSON.stringify(statements, (key, value: unknown) => (key === 'query_location' ? 0 : value)),
  )
}

/** A statement with `#` wherever a column may stand. */
const EVERYWHERE = `
  WITH x (#, y) AS (SELECT #, - # FROM t)
  SELECT DISTINCT #, id, # AS one, max(#), 1 + #, # % 2, coalesce(#, 2), (#), # || 'a', t.#, #.inner,
    CASE WHEN # = 1 THEN # ELSE # END, CASE # WHEN 1 THEN 2 END, CAST(# AS varchar), extract(year FROM #),
    row_number() OVER (PARTITION BY # ORDER BY # ROWS BETWEEN 1 PRECEDING AND CURRENT ROW),
    # AT TIME ZONE 'UTC', array_agg(id ORDER BY # DESC NULLS LAST), transform(y, # -> # * 2), id /* # */ AS two
  FROM t AS a LEFT JOIN u USING (#) JOIN v ON # = id AND # != 3
  WHERE # = 1 AND # IN (#) OR NOT # IS NULL AND id BETWEEN # AND # AND # NOT LIKE '#' AND # <> # -- #
  GROUP BY #, id HAVING # > 0 ORDER BY #, # ASC, # DESC LIMIT 10`

test.each(NON_RESERVED)('%s is a column wherever one may stand, as in Trino', async (word) => {
  const of = (name: string) => EVERYWHERE.replaceAll('#', (_, place: number) => (isShown(place) ? name : '#'))
  expect(await treeOf(quoteNames(of(word)))).toEqual(await treeOf(of(`"${word}"`)))
})

/** False in comments and texts. */
const isShown = (place: number) => !/(?:-- |\/\* |LIKE ')$/.test(EVERYWHERE.slice(0, place))

test.each([
  ['SELECT at FROM t', 'SELECT "at" FROM t'],
  ['SELECT At moment FROM limit', 'SELECT "At" moment FROM "limit"'],
  ['SELECT /* at */ at -- at\n, to FROM t', 'SELECT /* at */ "at" -- at\n, "to" FROM t'],
  ['SELECT id FROM t WHERE array < 3', 'SELECT id FROM t WHERE "array" < 3'],
])('%s is read as %s', (sql, read) => {
  expect(quoteNames(sql)).toBe(read)
})

describe('syntax stays syntax', () => {
  test.each([
    'SELECT ALL id FROM t',
    'SELECT ALL * FROM t',
    'SELECT count(ALL *), count(ALL id) FROM t',
    'SELECT id FROM t WHERE id = ANY (SELECT 1) OR id > ALL (SELECT 2) OR id < SOME (SELECT 3)',
    'SELECT 1 UNION ALL SELECT 2 EXCEPT ALL (SELECT 3)',
    "SELECT trim(BOTH FROM x), trim(LEADING 'a' FROM x), trim(TRAILING FROM x) FROM t",
    'SELECT ARRAY[1], CAST(a AS ARRAY(int)), CAST(a AS ARRAY<int>), CAST(a AS MAP(int, ARRAY<int>)) FROM t',
    'SELECT id FROM t, LATERAL (SELECT 1)',
    "SELECT a AT TIME ZONE 'UTC' FROM t TABLESAMPLE BERNOULLI (10)",
    'SELECT id FROM t ORDER BY id DESC, a ASC OFFSET 5 LIMIT ALL',
    'SELECT id FROM t OFFSET 1 ROWS FETCH FIRST 3 ROWS ONLY',
    'SELECT sum(a) OVER w FROM t WINDOW w AS (ORDER BY a)',
    "SELECT INTERVAL '1-2' YEAR TO MONTH",
    'SHOW TABLES',
    'SELECT * FROM (DESC t)',
    `SELECT 'at', "at", t.at FROM t`,
  ])('%s', (sql) => {
    expect(quoteNames(sql)).toBe(sql)
  })
})

test.each([
  ['SELECT leading b FROM t', 'If leading is a name here, write it as "leading"'],
  ['SELECT id At FROM t', 'syntax error at or near "FROM". If At is a name here, write it as "at"'],
])('%s, which stays ambiguous, is refused with advice to quote the name', async (sql, message) => {
  await expect(parseSelect(duckdb, quoteNames(sql))).rejects.toThrow(message)
})

test('another syntax error comes without advice', async () => {
  await expect(parseSelect(duckdb, 'SELECT id FROM WHERE id = 1')).rejects.toThrow(/at or near "WHERE"$/)
})
