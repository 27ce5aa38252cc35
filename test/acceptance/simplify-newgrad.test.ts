import { mkdirSync, readdirSync, symlinkSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Summary } from '../../core/messages.ts'
import { dayfold, type Finished } from '../support/acceptance/dayfold.ts'
import { DAY_OF_FILE, differences, duckdb, partsOf } from '../support/acceptance/duckdb.ts'
import { DATA, isAbsent, temporaryFolder, TEST_REGISTRY } from '../support/acceptance/places.ts'

const SOURCE = join(DATA, 'simplify_newgrad/raw/simplify_newgrad')
const DAYS = ['--from', '2023-07-19', '--to', '2024-10-24']

/**
 * Months whose files keep their days. The files of all others are put below one day of their year, because most of a
 * day's time is the start of its job.
 */
const DAILY = ['2023/07', '2024/02']

/** Links the raw files below their days. Returns the folder for --raw. */
function showRaw(): string {
  const raw = temporaryFolder()
  for (const { name, parentPath } of readdirSync(SOURCE, { recursive: true, withFileTypes: true })) {
    if (!name.endsWith('.jsonl')) continue
    const [year, month, day] = relative(SOURCE, parentPath).split(sep) as [string, string, string]
    const below = DAILY.includes(`${year}/${month}`) ? `${year}/${month}/${day}` : `${year}/10/01`
    const folder = join(raw, 'simplify_newgrad', below)
    mkdirSync(folder, { recursive: true })
    symlinkSync(join(parentPath, name), join(folder, `${month}-${day}-${name}`))
  }
  return raw
}

/** Selects the raw records in the columns of the dataset, as DuckDB reads them. */
const expectedOf = (
  raw: string,
) => `SELECT id, source, company_name AS company, title, active, make_timestamp(date_posted * 1000000) AS posted_at,
    date_updated AS updated_unix, url, locations, company_url, is_visible AS visible, sponsorship, ${DAY_OF_FILE} AS day_partition
  FROM read_json('${raw}/simplify_newgrad/*/*/*/*.jsonl', format = 'newline_delimited', filename = true, columns = {
    id: 'VARCHAR', source: 'VARCHAR', company_name: 'VARCHAR', title: 'VARCHAR', active: 'BOOLEAN', date_posted: 'BIGINT',
    date_updated: 'BIGINT', url: 'VARCHAR', locations: 'VARCHAR[]', company_url: 'VARCHAR', is_visible: 'BOOLEAN',
    sponsorship: 'VARCHAR'})`
const COLUMNS =
  'id, source, company, title, active, posted_at, updated_unix, url, locations, company_url, visible, sponsorship, day_partition'

describe.skipIf(isAbsent('simplify_newgrad'))('464 days of real job listings', () => {
  const home = temporaryFolder()
  const common = ['--home', home, '--datasets', TEST_REGISTRY]
  let raw: string
  let expected: string
  let run: Finished

  beforeAll(async () => {
    raw = showRaw()
    expected = expectedOf(raw)
    run = await dayfold('run', '--json', '--raw', raw, '--dataset', 'simplify_newgrad', ...DAYS, ...common)
  })

  test('all days with files are published, the others are empty', () => {
    expect(run.stderr).not.toContain('error')
    expect(run.code).toBe(0)
    const { counts, days, verification } = run.json<Summary>()
    expect(counts).toMatchObject({ published: 12, empty: 452, failed: 0 })
    expect(days.reduce((sum, { totals }) => sum + (totals?.rows ?? 0), 0)).toBe(1288)
    expect(verification).toMatchObject({ verified: 12, mismatched: 0 })
  })

  test('every record is there once with its values, as DuckDB reads the files', async () => {
    const parts = `SELECT ${COLUMNS} FROM ${partsOf(home, 'simplify_newgrad')}`
    expect(await differences(parts, expected)).toBe(0)
    expect(await duckdb(`SELECT count(*)::INTEGER FROM (${parts})`)).toEqual([[1288]])
  })

  test('Athena counts the same', async () => {
    const out = join(home, 'counts.jsonl')
    const sql =
      'SELECT count(*) AS n, count(DISTINCT id) AS ids, count(DISTINCT day_partition) AS days FROM simplify_newgrad'
    expect(await dayfold('load', '--sql', sql, '--out', out, ...common)).toMatchObject({ code: 0 })
    expect(await duckdb(`SELECT n::INTEGER, ids::INTEGER, days::INTEGER FROM '${out}'`)).toEqual([
      [1288, 1288, 12],
    ])
  })

  test.each(['.parquet', '.csv', '.jsonl'])('load gives the rows of a range as %s', async (ending) => {
    const out = join(home, `range${ending}`)
    const range = ['--dataset', 'simplify_newgrad', '--from', '2024-01-01', '--to', '2024-03-31']
    const { code, json } = await dayfold('load', '--json', ...range, '--out', out, ...common)
    expect(code).toBe(0)
    const rangeOfIt = `SELECT id, title, posted_at, day_partition FROM (${expected}) WHERE day_partition BETWEEN '2024-01-01' AND '2024-03-31'`
    const read = ending === '.csv' ? `read_csv('${out}', header = true, all_varchar = true)` : `'${out}'`
    const found = `SELECT id, title, posted_at::TIMESTAMP, day_partition::VARCHAR FROM ${read}`
    expect(await differences(found, rangeOfIt)).toBe(0)
    const [[rows]] = (await duckdb(`SELECT count(*)::INTEGER FROM (${rangeOfIt})`)) as [[number]]
    expect(json()).toMatchObject({ rows })
  })

  test('status knows the days, and status of a range only those', async () => {
    const all = await dayfold('status', '--json', ...common)
    expect(all.json<{ days: unknown[] }>().days).toHaveLength(12)
    const range = await dayfold('status', '--json', '--from', '2023-07-19', '--to', '2023-07-19', ...common)
    expect(range.json()).toMatchObject({
      days: [{ date: '2023-07-19', generation: 1, files: 1, rejected: 0, lastAttempt: { state: 'ok' } }],
    })
  })

  test('a second run over a month has nothing to do', async () => {
    const month = ['--from', '2023-07-19', '--to', '2023-08-18']
    const again = await dayfold(
      'run',
      '--json',
      '--raw',
      raw,
      '--dataset',
      'simplify_newgrad',
      ...month,
      ...common,
    )
    expect(again.code).toBe(0)
    expect(again.json<Summary>().counts.published).toBe(0)
  })
})
