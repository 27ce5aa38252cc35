import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { startS3 } from '@dayfold/local-aws/test-support/start-s3'
import { putObject } from '../../../aws/write-objects.ts'
import { headObject } from '../../../aws/objects.ts'
import { renderDiff } from '../../../bin/view/diff.ts'
import { diff, type Made } from '../../../client/diff/diff.ts'
import { sampleDays, type CopiedInput, type SampleOptions } from '../../../client/diff/sample.ts'
import type { Target } from '../../../client/target.ts'
import type { ColumnSpec } from '../../../core/columns.ts'
import { attemptKey, partitionPrefix, statePrefix } from '../../../core/layout.ts'
import { totalsOf, type Input, type Published, type StoredFile } from '../../../core/manifest.ts'
import { writeManifest } from '../../../lambda/ledger/manifest-store.ts'
import { encodeRows } from '../../support/processing/encode.ts'

const { client: s3 } = await startS3()
const [data, raw] = [
  { s3, name: 'data' },
  { s3, name: 'raw' },
]
const datasets = [{ name: 'none' }, { name: 'other' }]
const target = { clients: { s3 }, dataBucket: 'data', rawBucket: 'raw', datasets } as unknown as Target
const folder = mkdtempSync(join(tmpdir(), 'dayfold-diff-'))
afterAll(() => rmSync(folder, { recursive: true }))

const column = (name: string, kind: 'string' | 'int32' | 'float64'): ColumnSpec => ({
  name,
  kind,
  nullable: true,
})
const BEFORE = [
  column('id', 'string'),
  column('n', 'int32'),
  column('old', 'string'),
  column('kind', 'int32'),
]
const AFTER = [
  column('id', 'string'),
  column('n', 'int32'),
  column('fresh', 'string'),
  column('kind', 'float64'),
]

/** Publishes a day of raw files with one row per line, which is a number. */
async function publish(
  dataset: string,
  date: string,
  files: Readonly<Record<string, readonly number[]>>,
  columns = BEFORE,
): Promise<void> {
  const inputs: Input[] = []
  for (const [name, numbers] of Object.entries(files)) {
    const key = `${dataset}/${date}/${name}`
    await putObject(raw, key, numbers.map((n) => `${n}\n`).join(''))
    const { etag, size } = (await headObject(raw, key))!
    inputs.push({ key, etag, size, records: numbers.length, kept: numbers.length, dropped: 0, rejected: 0 })
  }
  const numbers = Object.values(files).flat()
  const rows = numbers.map((n) => ({
    id: `${date}-${n}`,
    n,
    old: 'x',
    older: 'y',
    kind: n % 2,
    price: `${n}.50`,
  }))
  const key = `${partitionPrefix(dataset, date)}part-00001-a-00000.parquet`
  const [bytes = Buffer.alloc(0)] = await encodeRows(columns, rows)
  await putObject(data, key, bytes)
  await publishParts(dataset, date, inputs, [{ key, rows: rows.length, bytes: bytes.length }])
}

/** Writes the manifest of a day. */
async function publishParts(
  dataset: string,
  date: string,
  inputs: readonly Input[],
  parts: readonly StoredFile[] = [],
): Promise<void> {
  const published = {
    totals: totalsOf(inputs, parts),
    dataset,
    date,
    generation: 1,
    featureVersion: 'v1',
    inputs,
    parts,
    rejects: [],
    nonce: 'n',
  }
  await writeManifest(
    data,
    { dataset, date },
    { published: published as unknown as Published, intent: null },
    undefined,
  )
}

const INPUT: Input = { key: 'a', etag: 'e', size: 1, records: 1, kept: 1, dropped: 0, rejected: 0 }

/** Runs code that doubles `n` from 3 on, drops 9 and makes two rows of 8. */
async function run(files: readonly CopiedInput[], factor = 2): Promise<Made> {
  const rows = files.flatMap(({ path, key }) => {
    const date = key.split('/')[1]!
    const numbers = readFileSync(path, 'utf8').trim().split('\n').map(Number)
    const row = (n: number) => ({ id: `${date}-${n}`, n: n < 3 ? n : n * factor, fresh: null, kind: n })
    return numbers.flatMap((n) => (n === 9 ? [] : n === 8 ? [row(8), row(80)] : [row(n)]))
  })
  const path = join(folder, 'made.parquet')
  writeFileSync(path, (await encodeRows(AFTER, rows))[0]!)
  return { inputs: files, parts: [path], columns: AFTER }
}

const options = (dataset: string, limit = 3) => ({
  dataset,
  limit,
  folder: join(folder, 'raw'),
  run: (files: readonly CopiedInput[]) => run(files),
})

test('columns, rows and values that change are told, and nothing is left behind', async () => {
  for (const date of ['2024-01-01', '2024-01-02', '2024-01-03'])
    await publish('keyed', date, { a: [1, 2, 3], b: [8, 9] })
  const found = await diff(target, options('keyed', 2))
  expect(found.published).toBe(3)
  expect(found.days.map(({ date }) => date)).toEqual(['2024-01-01', '2024-01-03'])
  const read = { dropped: 0, rejected: 0, records: 5, kept: 5, rows: 5 }
  for (const day of found.days) expect(day).toMatchObject({ before: read, after: read })
  expect(found.columns).toMatchObject({
    added: [{ name: 'fresh', type: 'string' }],
    gone: [{ name: 'old', type: 'string' }],
    changed: [{ name: 'kind', before: 'int', after: 'double' }],
    same: ['id', 'n'],
  })
  expect(found.rows).toMatchObject({ matched: 8, changed: 4, gone: 2, added: 2 })
  expect(found.rows.columns.get('n')).toEqual({
    changed: 4,
    examples: [
      { date: '2024-01-01', row: '2024-01-01-3', before: 3, after: 6 },
      { date: '2024-01-01', row: '2024-01-01-8', before: 8, after: 16 },
      { date: '2024-01-03', row: '2024-01-03-3', before: 3, after: 6 },
    ],
  })
  expect(found.profile['n']).toMatchObject({ before: { mean: 4.6, max: 9 }, after: { mean: 37, max: 160 } })
  expect(found.profile['old']).toEqual({ before: expect.objectContaining({ min: 'x', max: 'x' }) as object })
  expect(found.profile['fresh']).toEqual({ after: expect.objectContaining({ values: 0 }) as object })
  expect(readdirSync(join(folder, 'raw'))).toEqual([])
  const byNumber = (files: readonly CopiedInput[]) => run(files, 1).then((made) => ({ ...made, key: 'n' }))
  const byKey = await diff(target, { ...options('keyed', 1), run: byNumber })
  expect(byKey.days[0]!.by).toEqual({ kind: 'key', column: 'n' })
  const text = renderDiff(found)
  for (const part of [
    'feature code v1, on 2 of 3 days: 2024-01-01, 2024-01-03.',
    '+ fresh string',
    '~ kind int → double',
    'Rows, matched by id, whose values are unique: 4 of 8 change (50%); 2 rows gone, 2 new.',
    '2024-01-01 "2024-01-01-3": 3 → 6',
  ])
    expect(text).toContain(part)
})

test('a change of columns on any day is told, once', async () => {
  const older = BEFORE.map((spec) => (spec.name === 'old' ? column('older', 'string') : spec))
  await publish('columns', '2024-01-01', { a: [1] })
  await publish('columns', '2024-01-02', { a: [1] }, older.slice(0, 3))
  await publish('columns', '2024-01-03', { a: [1] }, older)
  const { columns } = await diff(target, options('columns'))
  expect(columns).toEqual({
    added: [
      { name: 'fresh', type: 'string' },
      { name: 'kind', type: 'double' },
    ],
    gone: [
      { name: 'old', type: 'string' },
      { name: 'older', type: 'string' },
    ],
    changed: [{ name: 'kind', before: 'int', after: 'double' }],
    same: ['id', 'n'],
  })
})

test('the sample is of published days of the range, which have raw files', async () => {
  for (const date of ['2024-01-01', '2024-01-02', '2024-01-03', '2024-01-04', '2024-01-05', '2024-01-06'])
    await publishParts('ranged', date, date === '2024-01-03' ? [] : [INPUT])
  await putObject(data, attemptKey('ranged', '2024-01-07'), '{}')
  await putObject(data, `${statePrefix('ranged')}a-key-of-no-day`, 'x')
  const sampled = async (range: Partial<SampleOptions>) => {
    const { published, days } = await sampleDays(target, { dataset: 'ranged', limit: 9, ...range })
    return { published, dates: days.map(({ date }) => date.slice(-2)) }
  }
  expect(await sampled({})).toEqual({ published: 5, dates: ['01', '02', '04', '05', '06'] })
  expect(await sampled({ from: '2024-01-02', to: '2024-01-05' })).toEqual({
    published: 3,
    dates: ['02', '04', '05'],
  })
  expect(await sampled({ from: '2024-01-06' })).toEqual({ published: 1, dates: ['06'] })
  expect(await sampled({ to: '2024-01-01' })).toEqual({ published: 1, dates: ['01'] })
  expect(await sampled({ limit: 3 })).toEqual({ published: 5, dates: ['01', '04', '06'] })
  expect(await sampled({ limit: 1 })).toEqual({ published: 5, dates: ['06'] })
})

test('a target that does not say where the raw data is cannot be compared with it', async () => {
  await publishParts('homeless', '2024-01-01', [INPUT])
  await expect(diff({ ...target, rawBucket: undefined }, options('homeless'))).rejects.toMatchObject({
    code: 'InvalidInput',
    message: 'Target: expected it to say where the raw data is, found an older version. Deploy it again.',
  })
})

test('a day whose raw files are not those that were published is skipped, by name; where all are, that is the error', async () => {
  await publish('moved', '2024-01-01', { a: [1] })
  await publish('moved', '2024-01-02', { a: [1] })
  await putObject(raw, 'moved/2024-01-01/a', 'changed')
  const found = await diff(target, options('moved'))
  expect(found.days.map(({ date }) => date)).toEqual(['2024-01-02'])
  expect(found.skipped).toEqual([
    {
      date: '2024-01-01',
      why: expect.stringMatching(/^moved\/2024-01-01\/a: .* found another one/) as string,
    },
  ])
  const only = { ...options('moved'), to: '2024-01-01' }
  await expect(diff(target, only)).rejects.toThrow(/expected the raw files of 2024-01-01, .*give --raw/)
  await expect(diff(target, options('none'))).rejects.toMatchObject({
    code: 'InvalidInput',
    message: 'Dataset "none": expected days that are published, found none. Run it.',
  })
  await expect(diff(target, options('nope'))).rejects.toMatchObject({
    code: 'UnknownDataset',
    message: 'Dataset: expected one of none, other, found "nope".',
  })
})

test('decimals are profiled as the numbers that they are, on both sides', async () => {
  const price: ColumnSpec = { name: 'price', kind: 'decimal', parameters: [6, 2], nullable: true }
  const columns = [column('id', 'string'), price]
  await publish('priced', '2024-01-01', { a: [9, 10] }, columns)
  const path = join(folder, 'priced.parquet')
  const dear = async (inputs: readonly CopiedInput[]): Promise<Made> => {
    const rows = [9, 100].map((n) => ({ id: String(n), price: `${n}.00` }))
    writeFileSync(path, (await encodeRows(columns, rows))[0]!)
    return { inputs, parts: [path], columns }
  }
  const { profile } = await diff(target, { ...options('priced'), run: dear })
  expect(profile['price']).toMatchObject({
    before: { min: '9.50', max: '10.50', mean: 10 },
    after: { min: '9.00', max: '100.00', mean: 54.5 },
  })
})
