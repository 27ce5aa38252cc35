import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, expectTypeOf, test } from 'vitest'
import { startExecution } from '../../client/executions.ts'
import { loadFeatures } from '../../client/features.ts'
import { followExecution } from '../../client/follow.ts'
import { loadToFile } from '../../client/load.ts'
import { openParquet, readRowGroups } from '../../client/parquet-file.ts'
import { query } from '../../client/query.ts'
import { withDays } from '../../client/sql-days.ts'
import { dataOf } from '../../client/target.ts'
import { findManifest, headManifest } from '../../aws/day-state.ts'
import type { Manifest } from '../../core/manifest.ts'
import { writeManifest } from '../../lambda/ledger/manifest-store.ts'
import type { RangeDay } from '../../client/range-days.ts'
import type { Sidecar } from '../../client/sidecar.ts'
import { deployLocally, type LocalDayfold } from '../../local/deploy.ts'
import impressions from '../../processing/datasets/impressions.ts'
import priced from '../fixtures/datasets/priced.ts'
import awkward from '../fixtures/datasets/awkward.ts'
import tagged from '../fixtures/datasets/tagged.ts'
import { differences, duckdb, partsOf } from '../support/acceptance/duckdb.ts'
import { temporaryFolder, TEST_REGISTRY } from '../support/acceptance/places.ts'
import { AWKWARD_NUMBERS, AWKWARD_TEXTS } from '../support/awkward.ts'

const PROJECT = join(import.meta.dirname, '../..')
const DAY = '2024-05-06'
const SAMPLES = ['impressions', 'clicks', 'jobs']
/** The last day of the samples. */
const LAST_DAY = '2024-05-08'
const TAGGED = [
  { id: 1, counts: [1, 2] },
  { id: 2, tags: ['a', null], counts: [] },
  { id: 3, tags: [], counts: [3] },
  { id: 4, counts: [], file: import.meta.filename },
]
const PRICED = [
  { id: 1, price: '12.5', weights: ['0.001', null, '-99999999999999999.999'] },
  { id: 2, price: null, weights: [] },
  { id: 3, price: '-0' },
  { id: 4, price: 12.5 },
]
const LONGS = [2n ** 53n, 2n ** 53n + 1n, -(2n ** 63n), 2n ** 63n - 1n, 0n]
const AWKWARD = AWKWARD_TEXTS.flatMap((one) => AWKWARD_TEXTS.map((other) => one + other)).map((text, id) => ({
  id,
  text,
  number: AWKWARD_NUMBERS[id % AWKWARD_NUMBERS.length]!,
  long: String(LONGS[id % LONGS.length]),
}))
let aws: LocalDayfold
const home = temporaryFolder()

beforeAll(async () => {
  const mounts = [
    ...SAMPLES.map((prefix) => ({ prefix, dir: join(PROJECT, 'samples/raw', prefix) })),
    { prefix: 'tagged', dir: raw('tagged', TAGGED) },
    { prefix: 'priced', dir: raw('priced', PRICED) },
    { prefix: 'awkward', dir: raw('awkward', [...AWKWARD, { id: '\ufeff\0' }]) },
  ]
  aws = await deployLocally({
    projectRoot: PROJECT,
    home,
    mounts: () => mounts,
    registry: TEST_REGISTRY,
    mode: 'run',
  })
  const datasets = mounts.map(({ prefix }) => prefix)
  const execution = await startExecution(aws.target, { from: DAY, to: LAST_DAY, datasets }, new Date())
  let status: string | undefined
  for await (const snapshot of followExecution(aws.target, execution, { pollSeconds: 0.1 }))
    status = snapshot.status
  expect(status).toBe('SUCCEEDED')
})

afterAll(() => aws.close())

function raw(dataset: string, records: readonly object[]): string {
  const folder = temporaryFolder()
  mkdirSync(join(folder, '2024/05/06'), { recursive: true })
  writeFileSync(
    join(folder, `2024/05/06/${dataset}.jsonl`),
    // JSON.stringify drops the sign of zero.
    records
      .map((record) =>
        JSON.stringify(record).replace(/:0,(?="long")/, (zero) =>
          Object.is((record as { number?: number }).number, -0) ? ':-0,' : zero,
        ),
      )
      .join('\n'),
  )
  return folder
}

test('features come back as the values and types of their columns', async () => {
  const rows = await loadFeatures(aws.target, impressions, { from: DAY, to: DAY })
  expectTypeOf(rows[0]!.features).toEqualTypeOf<readonly number[]>()
  expect(rows).toHaveLength(880)
  expect(rows[0]).toEqual({
    impression_id: expect.stringMatching(/^i-20240506-/) as string,
    user_id: expect.toSatisfy((user) => user === null || typeof user === 'string') as string,
    job_id: expect.stringMatching(/^20240506-/) as string,
    position: expect.any(Number) as number,
    shown_at: expect.any(Date) as Date,
    query: expect.toSatisfy((text) => text === null || typeof text === 'string') as string,
    device: expect.any(String) as string,
    country: expect.any(String) as string,
    features: [expect.any(Number), expect.any(Number), expect.any(Number)] as number[],
    day_partition: DAY,
  })
})

test('only the named columns are read', async () => {
  const rows = await loadFeatures(aws.target, impressions, { from: DAY, to: DAY, columns: ['position'] })
  expect(Object.keys(rows[0]!)).toEqual(['position', 'day_partition'])
  // @ts-expect-error -- device was not asked for
  expect(rows[0]!.device).toBeUndefined()
})

test('a list that is null comes back as null, not as undefined', async () => {
  const rows = await loadFeatures(aws.target, tagged, { from: DAY, to: DAY })
  expect(rows.sort((one, other) => Number(one.id - other.id))).toStrictEqual([
    { id: 1n, tags: null, counts: [1n, 2n], day_partition: DAY },
    { id: 2n, tags: ['a', null], counts: [], day_partition: DAY },
    { id: 3n, tags: [], counts: [3n], day_partition: DAY },
  ])
})

test('feature code can read no file that the image would not have', async () => {
  const sql = `SELECT message FROM tagged_rejected WHERE day_partition = '${DAY}'`
  expect((await query(aws.target, sql)).rows).toEqual([[expect.stringMatching(/restricted.*tagged\.ts:/)]])
})

test('decimals come back with every digit, typed as text', async () => {
  const rows = await loadFeatures(aws.target, priced, { from: DAY, to: DAY })
  expectTypeOf(rows[0]!.price).toEqualTypeOf<string | null>()
  const nines = '9'.repeat(27)
  expect(rows.sort((one, other) => one.id - other.id)).toStrictEqual([
    {
      id: 1,
      price: '12.50',
      cents: '999999999999999',
      total: `-${nines}.1000000000`,
      weights: ['0.001', null, '-99999999999999999.999'],
      day_partition: DAY,
    },
    {
      id: 2,
      price: null,
      cents: '1999999999999999',
      total: `-${nines}.2000000000`,
      weights: [],
      day_partition: DAY,
    },
    {
      id: 3,
      price: '0.00',
      cents: '2999999999999999',
      total: `-${nines}.3000000000`,
      weights: null,
      day_partition: DAY,
    },
  ])
})

test('a number in place of a decimal rejects its record, and it is said why', async () => {
  const { rows } = await query(aws.target, 'SELECT line, reason, message FROM priced_rejected')
  expect(rows).toEqual([
    [
      '4',
      'invalid-row',
      'column "price": expected a decimal(9,2), as text such as \'0.5\' or as a bigint of units such as 50n, found 12.5: ' +
        'the digits of a number may be rounded; give text, such as its toFixed(2)',
    ],
  ])
})

test('decimals keep their digits in every format, those of a calculation too', async () => {
  const load = async (name: string, sql: string) => {
    const file = join(temporaryFolder(), name)
    await loadToFile(aws.target, sql, file)
    return file
  }
  const sql = `SELECT price, total, weights FROM priced WHERE id = 1`
  const total = `-${'9'.repeat(27)}.1000000000`
  expect(readFileSync(await load('rows.csv', sql), 'utf8')).toBe(
    `price,total,weights\r\n12.50,${total},"[""0.001"",null,""-99999999999999999.999""]"\r\n`,
  )
  expect(readFileSync(await load('rows.jsonl', sql), 'utf8')).toBe(
    `{"price":"12.50","total":"${total}","weights":["0.001",null,"-99999999999999999.999"]}\n`,
  )
  const sum = `SELECT sum(total) AS sum, max(price) + CAST(1 AS DECIMAL(9,2)) AS more FROM priced`
  expect(readFileSync(await load('sum.csv', sum), 'utf8')).toBe(
    `sum,more\r\n-2999999999999999999999999997.6000000000,13.50\r\n`,
  )
  const found = [await load('rows.parquet', sql), await load('none.parquet', `${sql} AND price = 12.51`)]
  for (const file of found) {
    const { metadata } = await openParquet(file)
    expect(
      metadata.schema
        .filter(({ type }) => type)
        .map(({ precision, scale }) => [precision, scale])
        .slice(0, 2),
    ).toEqual([
      [9, 2],
      [38, 10],
    ])
  }
})

test('SQL may end in a comment, with rows and without', async () => {
  const file = join(temporaryFolder(), 'ids.csv')
  expect((await loadToFile(aws.target, 'SELECT id FROM tagged WHERE id = 1 -- the first', file)).rows).toBe(1)
  expect(
    (await loadToFile(aws.target, 'SELECT id FROM tagged WHERE id = 9 -- none; at all', file)).rows,
  ).toBe(0)
  expect(readFileSync(file, 'utf8')).toBe('id\r\n')
})

test('a range without data is refused by its days, and has no rows where gaps are allowed', async () => {
  const range = { from: '2020-01-01', to: '2020-01-02' }
  await expect(loadFeatures(aws.target, impressions, range)).rejects.toMatchObject({
    code: 'DaysMissing',
    message: expect.stringContaining('impressions 2020-01-01 to 2020-01-02: missing') as string,
  })
  const seen: RangeDay[] = []
  const options = { allowGaps: true, onDays: (days: readonly RangeDay[]) => void seen.push(...days) }
  expect(await loadFeatures(aws.target, impressions, range, options)).toEqual([])
  expect(seen.map(({ date, state }) => [date, state])).toEqual([
    ['2020-01-01', 'missing'],
    ['2020-01-02', 'missing'],
  ])
})

test('SQL with days is checked in every table that it reads, and the sidecar says what was read', async () => {
  const file = join(temporaryFolder(), 'rows.csv')
  const sql = `WITH tagged AS (SELECT 1 AS one) SELECT count(*) AS n, (SELECT count(*) FROM priced_rejected WHERE day_partition = '${DAY}') FROM impressions, tagged`
  const check = { from: DAY, to: DAY }
  const loaded = await loadToFile(aws.target, sql, file, { check })
  expect(loaded.days!.map(({ dataset, state, rows }) => [dataset, state, rows])).toEqual([
    ['impressions', 'published', 880],
    ['priced', 'published', 3],
  ])
  const sidecar = JSON.parse(readFileSync(`${file}.json`, 'utf8')) as Sidecar
  expect(sidecar).toMatchObject({ sql, rows: 1, gaps: 'complete', range: check, days: loaded.days })
  expect(sidecar.scannedBytes).toBeGreaterThan(1000)
  await expect(loadToFile(aws.target, 'SELECT 1 AS x', file, { check })).rejects.toThrow(
    'expected it to read a table',
  )
  const before = readFileSync(file, 'utf8')
  const late = { from: DAY, to: '2024-05-09' }
  await expect(loadToFile(aws.target, sql, file, { check: late })).rejects.toMatchObject({
    code: 'DaysMissing',
    message: expect.stringMatching(/impressions 2024-05-09: missing[^]*priced 2024-05-09: missing/) as string,
  })
  expect(readFileSync(file, 'utf8')).toBe(before)
  await loadToFile(aws.target, sql, file, { check: late, allowGaps: true })
  const allowed = JSON.parse(readFileSync(`${file}.json`, 'utf8')) as Sidecar
  expect(allowed).toMatchObject({ gaps: 'gaps', allowGaps: true })
  expect(allowed.days!.filter(({ dataset }) => dataset === 'priced').map(({ state }) => state)).toEqual([
    'published',
    'empty',
    'empty',
    'missing',
  ])
})

test('days of other feature code are refused by name, and let pass when that is allowed', async () => {
  const file = join(temporaryFolder(), 'clicks.parquet')
  const day = { dataset: 'clicks', date: LAST_DAY }
  const data = dataOf(aws.target)
  const stored = (await findManifest(data, day))!
  const write = async (manifest: Manifest) =>
    writeManifest(data, day, manifest, (await headManifest(data, day))!.etag)
  await write({ ...stored, published: { ...stored.published!, featureVersion: 'other' } })
  const check = { from: DAY, to: LAST_DAY, datasets: ['clicks'] }
  const sql = 'SELECT * FROM clicks'
  await expect(loadToFile(aws.target, sql, file, { check })).rejects.toMatchObject({
    code: 'MixedFeatureCode',
    message: expect.stringContaining(`clicks, feature code other: ${LAST_DAY}`) as string,
  })
  await loadToFile(aws.target, sql, file, { check, allowMixed: true })
  const { featureVersions, allowMixed } = JSON.parse(readFileSync(`${file}.json`, 'utf8')) as Sidecar
  expect([Object.values(featureVersions['clicks']!).sort(), allowMixed]).toEqual([[1, 2], true])
  await write(stored)
})

test('the training set of docs/ has each impression once, nothing of later days, and people in one split each', async () => {
  const file = join(temporaryFolder(), 'training.parquet')
  const days = { from: DAY, to: LAST_DAY }
  const sql = withDays(readFileSync(join(PROJECT, 'docs/training-set.sql'), 'utf8'), days)
  const { rows, days: read } = await loadToFile(aws.target, sql, file, { check: days })
  expect(rows).toBe(2640)
  expect(new Set(read!.map(({ dataset }) => dataset))).toEqual(new Set(SAMPLES))
  const parts = (table: string) => partsOf(home, table)
  const [[unique, leaks, unlisted, clicked]] = (await duckdb(
    `SELECT count(DISTINCT impression_id)::INTEGER, count_if(listed_on > shown_on)::INTEGER,
       count_if(listed_on IS NULL)::INTEGER, sum(clicked)::INTEGER FROM '${file}'`,
  )) as [number[]]
  expect([unique, leaks]).toEqual([2640, 0])
  const newest = `SELECT i.impression_id, max(j.day_partition) AS listed_on
    FROM ${parts('impressions')} i JOIN ${parts('jobs')} j ON j.job_id = i.job_id AND j.day_partition <= i.day_partition GROUP BY 1`
  const listed = `SELECT impression_id, listed_on FROM '${file}' WHERE listed_on IS NOT NULL`
  expect(await differences(newest, listed)).toBe(0)
  const wanted = `SELECT count(DISTINCT impression_id)::INTEGER FROM ${parts('impressions')} WHERE impression_id IN (SELECT impression_id FROM ${parts('clicks')})`
  expect(await duckdb(wanted)).toEqual([[clicked]])
  expect(unlisted).toBeLessThan(rows)
  const splits = `SELECT split, count(*) / ${rows} BETWEEN low AND high FROM '${file}'
    JOIN (VALUES ('train', 0.7, 0.9), ('validation', 0.03, 0.2), ('test', 0.03, 0.2)) s(split, low, high) USING (split) GROUP BY split, low, high ORDER BY 1`
  expect(await duckdb(splits)).toEqual([
    ['test', true],
    ['train', true],
    ['validation', true],
  ])
  const people = `SELECT count(*)::INTEGER FROM (SELECT i.user_id FROM '${file}' t JOIN ${parts('impressions')} i USING (impression_id)
    WHERE i.user_id IS NOT NULL GROUP BY 1 HAVING count(DISTINCT t.split) > 1)`
  expect(await duckdb(people)).toEqual([[0]])
})

test('a small result of SQL is rows of text', async () => {
  expect(await query(aws.target, 'SELECT count(*) AS n, min(day_partition) AS day FROM impressions')).toEqual(
    {
      columns: ['n', 'day'],
      rows: [['2640', DAY]],
    },
  )
})

test('awkward text and numbers come back as they went in, in every format', async () => {
  const expected = AWKWARD.map(({ id, text, number, long }) => ({
    id: BigInt(id),
    text,
    texts: [text, ''],
    number,
    numbers: [number],
    single: Math.abs(number) > 1e38 ? 0 : Math.fround(number),
    long: BigInt(long),
    day_partition: DAY,
  }))
  const inOrder = <T extends { id: bigint }>(rows: T[]) =>
    rows.sort((one, other) => Number(one.id - other.id))
  expect(inOrder(await loadFeatures(aws.target, awkward, { from: DAY, to: DAY }))).toStrictEqual(expected)

  const folder = temporaryFolder()
  const sql = 'SELECT id, text, number, numbers, single FROM awkward'
  const wanted = expected.map(({ id, text, number, numbers, single }) => [
    Number(id),
    text,
    number,
    numbers,
    single,
  ])
  const parquet = join(folder, 'rows.parquet')
  await loadToFile(aws.target, 'SELECT * FROM awkward', parquet)
  const rows: { id: bigint }[] = []
  for await (const group of readRowGroups(await openParquet(parquet)))
    rows.push(...(group as { id: bigint }[]))
  expect(inOrder(rows)).toStrictEqual(expected)

  const jsonl = join(folder, 'rows.jsonl')
  await loadToFile(aws.target, sql, jsonl)
  const lines = readFileSync(jsonl, 'utf8').trimEnd().split('\n')
  const parsed = lines.map((line) => Object.values(JSON.parse(line) as object) as [number, ...unknown[]])
  const singles = ([id, text, number, numbers, single]: readonly unknown[]) => [
    id,
    text,
    number,
    numbers,
    Math.fround(single as number),
  ]
  expect(parsed.sort(([one], [other]) => one - other).map(singles)).toStrictEqual(wanted)

  const csv = join(folder, 'rows.csv')
  await loadToFile(aws.target, sql, csv)
  const columns = '{id: INT, text: VARCHAR, number: DOUBLE, numbers: VARCHAR, single: FLOAT}'
  const read = `read_csv('${csv}', header = true, allow_quoted_nulls = false, columns = ${columns})`
  const found = await duckdb(
    `SELECT id, hex(text), hex(numbers), signbit(number), number = 0 FROM ${read} ORDER BY id`,
  )
  const hex = (text: string) => Buffer.from(text).toString('hex').toUpperCase()
  const zero = (number: number) => (Object.is(number, -0) ? '-0.0' : String(number))
  expect(found).toEqual(
    expected.map(({ id, text, number }) => [
      Number(id),
      hex(text),
      hex(`[${zero(number)}]`),
      number < 0 || Object.is(number, -0),
      number === 0,
    ]),
  )
})

test('a reject keeps its raw text', async () => {
  const { rows } = await query(
    aws.target,
    `SELECT raw, line FROM awkward_rejected WHERE day_partition = '${DAY}'`,
  )
  expect(rows).toEqual([['{"id":"\ufeff\\u0000"}', String(AWKWARD.length + 1)]])
})
