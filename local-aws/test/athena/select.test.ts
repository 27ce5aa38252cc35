import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { fileIn, parquetTable, partKey, putParquet } from '../support/home.ts'
import { jobs, JOBS, startAthena } from '../support/athena.ts'

describe('tables', () => {
  test('rows of all partitions are seen, with the partition as text', async () => {
    const { query, addDay } = await startAthena()
    await addDay('2024-01-01', jobs('a', 'b'))
    await addDay('2024-01-02', jobs('c'))
    expect(await query('SELECT job_id, day_partition FROM jobs ORDER BY job_id')).toEqual([
      ['job_id', 'day_partition'],
      ['a', '2024-01-01'],
      ['b', '2024-01-01'],
      ['c', '2024-01-02'],
    ])
    expect(
      await query("SELECT count(*) AS n FROM jobs WHERE day_partition BETWEEN '2024-01-02' AND '2024-01-31'"),
    ).toEqual([['n'], ['1']])
  })

  test('columns are those that the table declares, in its order, then the partition', async () => {
    const { query, addDay } = await startAthena()
    await addDay('2024-01-01', [{ name: 'undeclared', data: [1], type: 'INT32' }, ...jobs('a')])
    expect(await query('SELECT * FROM jobs')).toEqual([
      ['job_id', 'salary', 'skills', 'day_partition'],
      ['a', '0.5', null, '2024-01-01'],
    ])
  })

  test('a column that some files lack is null in their rows', async () => {
    const { query, addDay } = await startAthena()
    await addDay('2024-01-01', jobs('a').slice(0, 1))
    await addDay('2024-01-02', jobs('b'))
    expect(await query('SELECT job_id, salary FROM jobs ORDER BY 1')).toEqual([
      ['job_id', 'salary'],
      ['a', null],
      ['b', '0.5'],
    ])
  })

  test('a table without partitions is empty and has its columns', async () => {
    const { query, home } = await startAthena()
    putParquet(home, partKey('jobs', '2024-01-01'), jobs('not in the catalog'))
    expect(await query('SELECT * FROM jobs')).toEqual([['job_id', 'salary', 'skills', 'day_partition']])
    expect(await query('SELECT count(*) AS n, max(salary) AS m FROM jobs')).toEqual([
      ['n', 'm'],
      ['0', null],
    ])
  })

  test("a partition's files are where its Location says, empty and hidden ones left out", async () => {
    const { query, home, catalog, addDay } = await startAthena()
    await addDay('2024-01-01', jobs('old'))
    putParquet(home, 'staging/x/parts/part-00002-00000.parquet', jobs('new'))
    putParquet(home, 'staging/x/parts/_SUCCESS.parquet', jobs('hidden'))
    writeFileSync(fileIn(home)('data', 'staging/x/parts/empty.parquet'), '')
    const staged = { Location: 's3://data/staging/x/parts' }
    await catalog.updatePartition('jobs', { Values: ['2024-01-01'], StorageDescriptor: staged })
    expect(await query('SELECT job_id, day_partition FROM jobs')).toEqual([
      ['job_id', 'day_partition'],
      ['new', '2024-01-01'],
    ])
  })

  test('tables are joined, and named with their database and catalog as well', async () => {
    const { query, addDay } = await startAthena({
      tables: [JOBS, parquetTable('clicks', { job_id: 'string', at: 'timestamp' })],
    })
    await addDay('2024-01-01', jobs('a', 'b'))
    await addDay('2024-01-01', [{ name: 'job_id', data: ['b', 'b'], type: 'STRING' }], 'clicks')
    const sql = `WITH clicked AS (SELECT job_id, count(*) AS clicks FROM dayfold.clicks GROUP BY job_id)
      SELECT j.job_id, coalesce(clicks, 0) AS clicks
      FROM "AwsDataCatalog"."dayfold"."jobs" j LEFT JOIN clicked c ON j.job_id = c.job_id ORDER BY 1`
    expect(await query(sql)).toEqual([
      ['job_id', 'clicks'],
      ['a', '0'],
      ['b', '2'],
    ])
  })

  test('narrower numbers in a file are read as the declared type', async () => {
    const { query, addDay } = await startAthena({ tables: [parquetTable('jobs', { views: 'bigint' })] })
    await addDay('2024-01-01', [{ name: 'views', data: [2 ** 31 - 1], type: 'INT32' }])
    expect(await query('SELECT views + 1 AS v FROM jobs')).toEqual([['v'], ['2147483648']])
  })
})

describe('the path of a row', () => {
  const uri = (day: string) => `s3://data/${partKey('jobs', day)}`

  test('is the URI of its object, in SELECT and in WHERE, and in no star', async () => {
    const { query, addDay } = await startAthena()
    await addDay('2024-01-01', jobs('a', 'b'))
    await addDay('2024-01-02', jobs('c'))
    expect(await query('SELECT "$path" AS p, count(*) AS n FROM jobs GROUP BY 1 ORDER BY 1')).toEqual([
      ['p', 'n'],
      [uri('2024-01-01'), '2'],
      [uri('2024-01-02'), '1'],
    ])
    const all = ['job_id', 'salary', 'skills', 'day_partition']
    const c = ['c', '0.5', null, '2024-01-02']
    const where = `WHERE "$path" = '${uri('2024-01-02')}'`
    expect(await query(`SELECT * FROM jobs ${where}`)).toEqual([all, c])
    expect(await query(`SELECT 'é', j.*, "$path" FROM jobs j ${where}`)).toEqual([
      ['_col0', ...all, '$path'],
      ['é', ...c, uri('2024-01-02')],
    ])
    expect(
      await query(
        `WITH jobs AS (SELECT *, "$path" AS p FROM jobs ${where}) SELECT * FROM jobs, (SELECT count(*) AS n FROM dayfold.jobs)`,
      ),
    ).toEqual([
      [...all, 'p', 'n'],
      [...c, uri('2024-01-02'), '3'],
    ])
    expect(await query(`SELECT * FROM (SELECT "$path" FROM jobs ${where})`)).toEqual([
      ['$path'],
      [uri('2024-01-02')],
    ])
  })

  test('is there beside files that do not fit, and is no column that is declared', async () => {
    const { query, addDay } = await startAthena()
    await addDay('2024-01-01', jobs('a'))
    await addDay('2024-01-02', [
      { name: 'job_id', data: ['b'], type: 'STRING' },
      { name: 'salary', data: ['x'], type: 'STRING' },
    ])
    expect((await query('SELECT "$path", job_id FROM jobs ORDER BY 2')).slice(1)).toEqual([
      [uri('2024-01-01'), 'a'],
      [uri('2024-01-02'), 'b'],
    ])
    await expect(query('SELECT path FROM jobs')).rejects.toThrow('COLUMN_NOT_FOUND')
  })
})

describe('results', () => {
  test('values are written as Athena writes them', async () => {
    const { query } = await startAthena()
    const values: readonly (readonly [string, string | null])[] = [
      ['true', 'true'],
      ['\'a, "b"\nc\'', 'a, "b"\nc'],
      ["''", ''],
      ['NULL', null],
      ['CAST(1 AS DOUBLE)', '1.0'],
      ['CAST(12345678.9 AS DOUBLE)', '1.23456789E7'],
      ['CAST(0.0001 AS DOUBLE)', '1.0E-4'],
      ['CAST(0.1 AS REAL)', '0.1'],
      ["CAST('NaN' AS DOUBLE)", 'NaN'],
      ["DATE '2024-02-29'", '2024-02-29'],
      ["TIMESTAMP '2024-02-29 10:00:00.5'", '2024-02-29 10:00:00.500'],
      ["CAST('2024-02-29T10:00:00+02:00' AS TIMESTAMP WITH TIME ZONE)", '2024-02-29 08:00:00.000 UTC'],
      ['ARRAY[1, NULL, 3]', '[1, null, 3]'],
      ["ARRAY['a', 'b']", '[a, b]'],
      ["MAP(ARRAY['k'], ARRAY[1.5])", '{k=1.5}'],
      ['CAST(1.50 AS DECIMAL(10,2))', '1.50'],
      ['9007199254740993', '9007199254740993'],
    ]
    const list = values.map(([sql], index) => `${sql} AS c${index}`).join(', ')
    const [, row] = await query(`SELECT ${list}`)
    expect(row).toEqual(values.map(([, text]) => text))
  })

  test('text is whole: U+FEFF at its start, NUL, what ends lines and quotes', async () => {
    const { query, addDay } = await startAthena()
    const awkward = [
      '\ufeffa',
      '\ufeff\ufeff',
      '\0',
      'a\0b',
      '\r',
      '\u2028',
      '"\'"',
      '\u{1f600}',
      '\ufeff and more than twelve',
    ]
    await addDay('2024-01-01', jobs(...awkward))
    expect(await query('SELECT job_id, ARRAY[job_id] FROM jobs ORDER BY salary')).toEqual([
      ['job_id', '_col1'],
      ...awkward.map((text) => [text, `[${text}]`]),
    ])
  })

  test('columns are described with their types; a sum of integers is a bigint', async () => {
    const { start, end, results } = await startAthena()
    const id = await start(
      "SELECT 'a' AS s, 1 AS i, sum(x) AS total, 1.5 AS d, now() AS at, ARRAY[1] AS l FROM (VALUES (1)) t(x)",
    )
    await end(id)
    const columns = (await results(id)).ResultSet?.ResultSetMetadata?.ColumnInfo
    expect(columns?.map(({ Name, Type }) => `${Name} ${Type}`)).toEqual([
      's varchar',
      'i integer',
      'total bigint',
      'd decimal',
      'at timestamp with time zone',
      'l array',
    ])
  })

  test('a column without a name is called by its position', async () => {
    const { query, addDay } = await startAthena()
    await addDay('2024-01-01', jobs('a'))
    expect((await query('SELECT day_partition, count(*) FROM jobs GROUP BY 1'))[0]).toEqual([
      'day_partition',
      '_col1',
    ])
    expect((await query('SELECT 1, *, 2 FROM jobs'))[0]).toEqual([
      '_col0',
      'job_id',
      'salary',
      'skills',
      'day_partition',
      '_col5',
    ])
    expect((await query('SELECT 1 UNION SELECT 2'))[0]).toEqual(['_col0'])
  })

  test('results are a CSV file in the place of the workgroup', async () => {
    const { home, start, end } = await startAthena()
    const id = await start(`SELECT 'a "b"' AS x, NULL AS y, '' AS z`)
    const { ResultConfiguration } = await end(id)
    expect(ResultConfiguration?.OutputLocation).toBe(`s3://data/athena-results/${id}.csv`)
    const file = fileIn(home)('data', `athena-results/${id}.csv`)
    expect(readFileSync(file, 'utf8')).toBe('"x","y","z"\n"a ""b""",,""\n')
  })
})

describe('dialect', () => {
  test.each([
    ["date_parse('2024-01-31 10:20:30', '%Y-%m-%d %H:%i:%s')", '2024-01-31 10:20:30.000'],
    ["date_format(TIMESTAMP '2024-01-31 10:20:30', '%Y-%m-%d %H:%i')", '2024-01-31 10:20'],
    ["from_iso8601_timestamp('2024-01-31T10:20:30Z')", '2024-01-31 10:20:30.000 UTC'],
    ["date_diff('day', DATE '2024-01-01', DATE '2024-01-31')", '30'],
    ["date_add('hour', 2, TIMESTAMP '2024-01-31 10:00:00')", '2024-01-31 12:00:00.000'],
    ['json_extract_scalar(\'{"a": {"b": 7}}\', \'$.a.b\')', '7'],
    ['json_extract_scalar(\'{"a": {"b": 7}}\', \'$.a\')', null],
    ['cardinality(ARRAY[1, 2])', '2'],
    ["element_at(ARRAY['x', 'y'], 2)", 'y'],
    ["element_at(MAP(ARRAY['k'], ARRAY[5]), 'k')", '5'],
    ["regexp_like('abc', 'b+')", 'true'],
    ["regexp_replace('banana', 'a', 'o')", 'bonono'],
    ["array_join(ARRAY['a', 'b'], '-')", 'a-b'],
    ['7 / 2', '3'],
    ['slice(ARRAY[1, 2, 3, 4], 2, 2)', '[2, 3]'],
    ['from_unixtime(86400)', '1970-01-02 00:00:00.000 UTC'],
  ])('%s is %s', async (expression, expected) => {
    const { query } = await startAthena()
    expect(await query(`SELECT ${expression} AS x`)).toEqual([['x'], [expected]])
  })

  test('distinct values are counted approximately', async () => {
    const { query, addDay } = await startAthena()
    await addDay('2024-01-01', jobs('a', 'a', 'b'))
    expect(await query('SELECT approx_distinct(job_id) AS n FROM jobs')).toEqual([['n'], ['2']])
  })
})
