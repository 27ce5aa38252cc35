import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, expectTypeOf, test } from 'vitest'
import { startExecution } from '../../client/executions.ts'
import { loadFeatures } from '../../client/features.ts'
import { followExecution } from '../../client/follow.ts'
import { loadToFile } from '../../client/load.ts'
import { query } from '../../client/query.ts'
import { deployLocally, type LocalDayfold } from '../../local/deploy.ts'
import impressions from '../../processing/datasets/impressions.ts'
import tagged from '../fixtures/datasets/tagged.ts'
import { temporaryFolder } from '../support/acceptance/places.ts'

const PROJECT = join(import.meta.dirname, '../..')
const DAY = '2024-05-06'
let aws: LocalDayfold

beforeAll(async () => {
  const mounts = [
    { prefix: 'impressions', dir: join(PROJECT, 'samples/raw/impressions') },
    { prefix: 'tagged', dir: rawTagged() },
  ]
  const registry = join(PROJECT, 'test/fixtures/datasets/for-loading.ts')
  aws = await deployLocally({ projectRoot: PROJECT, home: temporaryFolder(), mounts, registry, mode: 'run' })
  const execution = await startExecution(aws.target, { from: DAY, to: DAY }, new Date())
  let status: string | undefined
  for await (const snapshot of followExecution(aws.target, execution, { pollSeconds: 0.1 }))
    status = snapshot.status
  expect(status).toBe('SUCCEEDED')
})

afterAll(() => aws.close())

function rawTagged(): string {
  const folder = temporaryFolder()
  const records = [
    { id: 1, counts: [1, 2] },
    { id: 2, tags: ['a', null], counts: [] },
    { id: 3, tags: [], counts: [3] },
  ]
  mkdirSync(join(folder, '2024/05/06'), { recursive: true })
  writeFileSync(
    join(folder, '2024/05/06/tagged.jsonl'),
    records.map((record) => JSON.stringify(record)).join('\n'),
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

test('SQL may end in a comment, with rows and without', async () => {
  const file = join(temporaryFolder(), 'ids.csv')
  expect((await loadToFile(aws.target, 'SELECT id FROM tagged WHERE id = 1 -- the first', file)).rows).toBe(1)
  expect(
    (await loadToFile(aws.target, 'SELECT id FROM tagged WHERE id = 9 -- none; at all', file)).rows,
  ).toBe(0)
  expect(readFileSync(file, 'utf8')).toBe('id\r\n')
})

test('a range without data has no rows, and leaves nothing behind', async () => {
  expect(await loadFeatures(aws.target, impressions, { from: '2020-01-01', to: '2020-01-02' })).toEqual([])
})

test('a small result of SQL is rows of text', async () => {
  expect(await query(aws.target, 'SELECT count(*) AS n, min(day_partition) AS day FROM impressions')).toEqual(
    {
      columns: ['n', 'day'],
      rows: [['880', DAY]],
    },
  )
})
