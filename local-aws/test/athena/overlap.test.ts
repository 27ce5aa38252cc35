import { rmSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { fileIn, partKey, putParquet } from '../support/home.ts'
import { latch } from '../support/latch.ts'
import { jobs, startAthena } from '../support/athena.ts'

/** Starts an Athena whose queries wait for `finish` when they have their rows. */
async function startWaiting() {
  const [ready, finish] = [latch(), latch()]
  const athena = await startAthena({
    beforeEnd: async () => {
      ready.open()
      await finish.opened
    },
  })
  return { ...athena, ready, finish }
}

const COUNT = 'SELECT count(*) AS n FROM jobs'

test('a query fails when an object of its tables is deleted before its end', async () => {
  const { home, start, end, addDay, ready, finish } = await startWaiting()
  await addDay('2024-01-01', jobs('a'))
  const id = await start(COUNT)
  await ready.opened
  rmSync(fileIn(home)('data', partKey('jobs', '2024-01-01')))
  finish.open()
  const { Status } = await end(id)
  expect(Status).toMatchObject({ State: 'FAILED', AthenaError: { Retryable: true } })
  expect(Status?.StateChangeReason).toMatch(/^HIVE_FILESYSTEM_ERROR: .*part-00001-00000\.parquet/)
})

test('a query fails when an object of its tables is replaced before its end', async () => {
  const { home, start, end, addDay, ready, finish } = await startWaiting()
  await addDay('2024-01-01', jobs('a'))
  const id = await start(COUNT)
  await ready.opened
  putParquet(home, 'staging/new.parquet', jobs('b'))
  const file = fileIn(home)
  await rename(file('data', 'staging/new.parquet'), file('data', partKey('jobs', '2024-01-01')))
  finish.open()
  expect((await end(id)).Status?.StateChangeReason).toContain('HIVE_FILESYSTEM_ERROR')
})

test('objects and partitions that are added meanwhile are not seen and disturb nobody', async () => {
  const { home, start, end, results, query, addDay, ready, finish } = await startWaiting()
  await addDay('2024-01-01', jobs('a'))
  const id = await start(COUNT)
  await ready.opened
  putParquet(home, partKey('jobs', '2024-01-01', 'part-00002-00000.parquet'), jobs('b'))
  await addDay('2024-01-02', jobs('c'))
  finish.open()
  expect((await end(id)).Status?.State).toBe('SUCCEEDED')
  expect((await results(id)).ResultSet?.Rows?.[1]?.Data).toEqual([{ VarCharValue: '1' }])
  expect(await query(COUNT)).toEqual([['n'], ['3']])
})

test('a partition that points elsewhere meanwhile changes nothing for a query that has begun', async () => {
  const { home, start, end, results, catalog, addDay, ready, finish } = await startWaiting()
  await addDay('2024-01-01', jobs('a'))
  const id = await start('SELECT job_id FROM jobs')
  await ready.opened
  putParquet(home, 'staging/x/parts/part.parquet', jobs('b', 'c'))
  const staged = { Location: 's3://data/staging/x/parts/' }
  await catalog.updatePartition('jobs', { Values: ['2024-01-01'], StorageDescriptor: staged })
  finish.open()
  expect((await end(id)).Status?.State).toBe('SUCCEEDED')
  expect((await results(id)).ResultSet?.Rows?.map(({ Data }) => Data?.[0]?.VarCharValue)).toEqual([
    'job_id',
    'a',
  ])
})
