import { join } from 'node:path'
import { afterAll, beforeAll, expect, expectTypeOf, test } from 'vitest'
import { startExecution } from '../../client/executions.ts'
import { loadFeatures } from '../../client/features.ts'
import { followExecution } from '../../client/follow.ts'
import { query } from '../../client/query.ts'
import { startLocalAws, type LocalAws } from '../../local/aws.ts'
import impressions from '../../processing/datasets/impressions.ts'
import { temporaryFolder } from './places.ts'

const PROJECT = join(import.meta.dirname, '../..')
const DAY = '2024-05-06'
let aws: LocalAws

beforeAll(async () => {
  const mounts = [{ prefix: 'impressions', dir: join(PROJECT, 'samples/raw/impressions') }]
  aws = await startLocalAws({ projectRoot: PROJECT, home: temporaryFolder(), mounts, mode: 'run' })
  const execution = await startExecution(
    aws.target,
    { from: DAY, to: DAY, datasets: ['impressions'] },
    new Date(),
  )
  let status: string | undefined
  for await (const snapshot of followExecution(aws.target, execution, { pollSeconds: 0.1 }))
    status = snapshot.status
  expect(status).toBe('SUCCEEDED')
})

afterAll(() => aws.close())

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
