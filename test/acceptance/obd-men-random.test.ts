import { copyFileSync, mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Summary } from '../../core/messages.ts'
import { dayfold, type Finished } from '../support/acceptance/dayfold.ts'
import { DAY_OF_FILE, differences, duckdb, partsOf } from '../support/acceptance/duckdb.ts'
import { DATA, isAbsent, temporaryFolder, TEST_REGISTRY } from '../support/acceptance/places.ts'

const SOURCE = join(DATA, 'obd_men_random')
const DAYS = ['--from', '2019-11-24', '--to', '2019-11-30']

const affinities = Array.from({ length: 34 }, (_, item) => `(json->>'user-item_affinity_${item}')::FLOAT`)
/** Selects the raw records in the columns of the dataset, as DuckDB reads them; `/` is the pointer to the key "". */
const EXPECTED = `SELECT (json->'/')::BIGINT AS row_number, ((json->>'timestamp')::TIMESTAMPTZ AT TIME ZONE 'UTC') AS shown_at,
    (json->'item_id')::INTEGER AS item_id, (json->'position')::INTEGER AS position, (json->'click')::INTEGER = 1 AS clicked,
    (json->'propensity_score')::DOUBLE AS propensity_score,
    [json->>'user_feature_0', json->>'user_feature_1', json->>'user_feature_2', json->>'user_feature_3'] AS user_features,
    [${affinities.join()}] AS affinities, ${DAY_OF_FILE} AS day_partition
  FROM read_ndjson_objects('${SOURCE}/raw/obd_men_random/*/*/*/*.jsonl', filename = true)`
const COLUMNS =
  'row_number, shown_at, item_id, position, clicked, propensity_score, user_features, affinities, day_partition'

describe.skipIf(isAbsent('obd_men_random'))('a week of real impressions', () => {
  const home = temporaryFolder()
  const raw = temporaryFolder()
  const common = ['--home', home, '--datasets', TEST_REGISTRY]
  let run: Finished

  beforeAll(async () => {
    // Items have no days, so they are put below one.
    symlinkSync(join(SOURCE, 'raw/obd_men_random'), join(raw, 'obd_men_random'))
    mkdirSync(join(raw, 'obd_items/2019/11/24'), { recursive: true })
    copyFileSync(join(SOURCE, 'items.jsonl'), join(raw, 'obd_items/2019/11/24/items.jsonl'))
    const datasets = ['--dataset', 'obd_men_random', '--dataset', 'obd_items']
    run = await dayfold('run', '--json', '--raw', raw, ...datasets, ...DAYS, ...common)
  })

  test('seven days of impressions and one of items are published', () => {
    expect(run.code).toBe(0)
    expect(run.json<Summary>().counts).toMatchObject({ published: 8, empty: 6, failed: 0 })
  })

  test('all 10,000 impressions are there once with their values, as DuckDB reads the files', async () => {
    const parts = `SELECT ${COLUMNS} FROM ${partsOf(home, 'obd_men_random')}`
    // JavaScript's Date is precise to the millisecond, the source to the microsecond.
    const expected = `SELECT * REPLACE (date_trunc('millisecond', shown_at) AS shown_at) FROM (${EXPECTED})`
    expect(await differences(parts, expected)).toBe(0)
    expect(await duckdb(`SELECT count(*)::INTEGER FROM (${parts})`)).toEqual([[10_000]])
  })

  test('SQL joins the clicked impressions with their items', async () => {
    const out = join(home, 'clicked.parquet')
    const sql = `SELECT i.row_number, i.item_id, t.feature_0, t.feature_1 FROM obd_men_random i
      JOIN obd_items t ON t.item_id = i.item_id WHERE i.clicked AND i.day_partition BETWEEN '2019-11-24' AND '2019-11-30'`
    expect(await dayfold('load', '--sql', sql, '--out', out, ...common)).toMatchObject({ code: 0 })
    const items = `read_json('${SOURCE}/items.jsonl', format = 'newline_delimited')`
    const expected = `SELECT i.row_number, i.item_id, t.item_feature_0, t.item_feature_1 FROM (${EXPECTED}) i
      JOIN ${items} t ON t.item_id = i.item_id WHERE i.clicked`
    expect(await differences(`SELECT * FROM '${out}'`, expected)).toBe(0)
    const [[clicks]] = (await duckdb(`SELECT count(*)::INTEGER FROM '${out}'`)) as [[number]]
    expect(clicks).toBeGreaterThan(0)
  })
})
