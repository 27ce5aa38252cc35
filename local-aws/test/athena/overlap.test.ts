import { rmSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { fileIn, partKey, putParquet } from '../support/home.ts'
import { latch } from '../support/latch.ts'
import { jobs, place, startAthena } from '../support/athena.ts'

/** An Athena whose queries have their rows and wait for `finish` before they end. */
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

test('a partition that is switched while it is listed is resolved again, so that no row is seen twice', async () => {
  let reads = 0
  const { home, query, catalog, addDay } = await startAthena({
    wrapCatalog: (catalog) => ({
      ...catalog,
      async table(name) {
        const table = await catalog.table(name)
        reads += 1
        // The replacement's first steps come between the reading of the partitions and the listing.
        if (reads === 1) await replace()
        return table
      },
    }),
  })
  async function replace() {
    putParquet(home, 'staging/x/parts/part.parquet', jobs('a', 'b'))
    const staged = { Location: 's3://data/staging/x/parts/' }
    await catalog.updatePartition('jobs', { Values: ['2024-01-01'], StorageDescriptor: staged })
    putParquet(home, partKey('jobs', '2024-01-01', 'part-00002-00000.parquet'), jobs('a', 'b'))
  }
  await addDay('2024-01-01', jobs('a', 'b'))
  expect(await query(COUNT)).toEqual([['n'], ['2']])
  expect(reads).toBe(4)
})

test('a query fails when the catalog never comes to rest', async () => {
  const { query, catalog, addDay } = await startAthena({
    wrapCatalog: (inner) => ({
      ...inner,
      async table(name) {
        const table = await inner.table(name)
        await catalog.updatePartition('jobs', {
          Values: ['2024-01-01'],
          StorageDescriptor: place('jobs', '2024-01-01'),
        })
        return table
      },
    }),
  })
  await addDay('2024-01-01', jobs('a'))
  await expect(query(COUNT)).rejects.toThrow('HIVE_FILESYSTEM_ERROR')
})
