import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fileIn, parquetTable, putParquet, temporaryHome } from '../support/home.ts'
import { jobs, JOBS, startAthena, WORKGROUP } from '../support/athena.ts'

/** Locations without a valid or existing bucket, or with a key that no file can have. */
const NO_BUCKETS = [
  ['s3://../x/', 'expected 3 to 63'],
  ['s3://UPPER/x/', 'expected 3 to 63'],
  ['s3://absent/x/', 'does not exist'],
] as const
const NO_KEYS = [
  ['s3://data/../../x/', 'segments'],
  ['s3://data/a/../../../x/', 'segments'],
  ['s3://data//x/', 'segments'],
] as const
const NO_PLACES = [...NO_BUCKETS, ...NO_KEYS]

/** Returns all files of a home except those that are always there. */
const filesOf = (home: string) =>
  readdirSync(home, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort()

const unload = (target: string) => `UNLOAD (SELECT 1 AS x) TO '${target}' WITH (format = 'PARQUET')`

test.each([...NO_PLACES, ['elsewhere', 's3://bucket/prefix/'], ['s3:///x/', 's3://bucket/prefix/']] as const)(
  'an UNLOAD to %s fails and writes nothing',
  async (target, message) => {
    const { home, start, end } = await startAthena()
    const before = filesOf(home)
    const { Status } = await end(await start(unload(target)))
    expect(Status).toMatchObject({ State: 'FAILED', AthenaError: { Retryable: false } })
    expect(Status?.StateChangeReason).toContain(message)
    await expect.poll(() => filesOf(home)).toEqual(before)
  },
)

test('an UNLOAD to a mounted folder fails and writes nothing', async () => {
  const dir = temporaryHome()
  const { start, end } = await startAthena({ mounts: [{ bucket: 'data', prefix: 'raw', dir }] })
  const { Status } = await end(await start(unload('s3://data/raw/x/')))
  expect(Status?.StateChangeReason).toMatch(/^PERMISSION_DENIED: .*read-only folder/)
  expect(filesOf(dir)).toEqual([])
})

const FREE = { Name: 'free', WorkGroupConfiguration: { EnforceWorkGroupConfiguration: false } }

test.each([
  ...NO_PLACES.map(([place, message]) => [place, `Unable to verify/create output bucket .*${message}`]),
  ['elsewhere', 'outputLocation is not a valid S3 path'],
  ['http://data/x/', 'outputLocation is not a valid S3 path'],
])('a query with results at %s is refused', async (OutputLocation, message) => {
  const { home, start } = await startAthena({ workgroups: [WORKGROUP, FREE] })
  const before = filesOf(home)
  const refused = start('SELECT 1', { WorkGroup: 'free', ResultConfiguration: { OutputLocation } })
  await expect(refused).rejects.toMatchObject({
    name: 'InvalidRequestException',
    message: expect.stringMatching(message) as string,
  })
  expect(filesOf(home)).toEqual(before)
})

test('a query with results in a bucket that exists succeeds, under a prefix or none', async () => {
  const { start, end } = await startAthena({ workgroups: [FREE] })
  for (const OutputLocation of ['s3://data', 's3://data/', 's3://data/some/results']) {
    const id = await start('SELECT 1', { WorkGroup: 'free', ResultConfiguration: { OutputLocation } })
    expect((await end(id)).Status?.State).toBe('SUCCEEDED')
  }
})

/** Starts with a table and a partition at a location, and files where it would lead if it were a path. */
async function startWithTableAt(Location: string) {
  const StorageDescriptor = { ...JOBS.StorageDescriptor, Location }
  const stray = { ...parquetTable('stray', { job_id: 'string' }), PartitionKeys: [], StorageDescriptor }
  const athena = await startAthena({ tables: [JOBS, stray] })
  putParquet(athena.home, '../../x/secret.parquet', jobs('secret'))
  await athena.catalog.createPartition('jobs', { Values: ['2024-01-01'], StorageDescriptor })
  return athena
}

test.each(NO_BUCKETS)('a table or a partition at %s cannot be read', async (place, message) => {
  const { query } = await startWithTableAt(place)
  await expect(query('SELECT job_id FROM stray')).rejects.toThrow(message)
  await expect(query('SELECT job_id FROM jobs')).rejects.toThrow(message)
})

test.each(NO_KEYS)('a table or a partition at %s, where no object is, is empty', async (place) => {
  const { query } = await startWithTableAt(place)
  expect(await query('SELECT job_id FROM stray')).toEqual([['job_id']])
  expect(await query('SELECT job_id FROM jobs')).toEqual([['job_id']])
})

test('a partition key that is called like a path leads nowhere else', async () => {
  const key = '../../../../../out'
  const table = { ...JOBS, PartitionKeys: [{ Name: key, Type: 'string' }] }
  const { home, query, addDay } = await startAthena({ tables: [table] })
  await addDay('2024-01-01', jobs('a'))
  await query('SELECT count(*) AS n FROM jobs').catch(() => undefined)
  const outside = readdirSync(join(home, '..')).filter((name) => name.startsWith('out='))
  expect([...outside, ...readdirSync(home).filter((name) => name.startsWith('out='))]).toEqual([])
  expect(readdirSync(fileIn(home)('data', '..'))).toEqual(['data'])
})
