import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findPartition, movePartition } from '../../aws/partitions.ts'
import { deleteObjects, putObject } from '../../aws/write-objects.ts'
import { check } from '../../client/check.ts'
import { attemptKey, manifestKey, partitionPrefix, PROCESSED } from '../../core/layout.ts'
import { GARBAGE, ZIPPED_GARBAGE } from '../support/garbage.ts'
import { publishedOf, runDay } from '../support/lambda/run-day.ts'
import { TABLE } from '../support/lambda/dataset.ts'
import { NEXT, startPublished } from '../support/lambda/published-days.ts'
import { DAY, fileOf } from '../support/lambda/world.ts'

const HOME = partitionPrefix(TABLE, DAY.date)
const NAME = `${DAY.dataset} ${DAY.date}`

test('days that are as published have no findings, and cost two reads each', async () => {
  const { check, data, target } = await startPublished()
  await putObject(data, `${HOME}_SUCCESS`, 'x')
  let reads = 0
  target.clients.s3.middlewareStack.add(
    (next, { commandName }) =>
      (call) => {
        if (commandName === 'GetObjectCommand') reads += 1
        return next(call)
      },
    { step: 'initialize' },
  )
  expect(await check()).toEqual([])
  expect(reads).toBe(4)
})

test('a part that is gone is missing', async () => {
  const { check, data, part } = await startPublished()
  await deleteObjects(data, [part])
  expect(await check()).toEqual([[NAME, 'missing', part]])
})

test.each([
  ['cut short', (bytes: Buffer) => bytes.subarray(1)],
  ['of other bytes', (bytes: Buffer) => Buffer.alloc(bytes.length)],
])('a part that is %s is altered', async (_, change) => {
  const { check, data, part, world } = await startPublished()
  await putObject(data, part, change(fileOf(world, part)))
  expect(await check()).toEqual([[NAME, 'altered', part]])
})

test('a copy of a part under another name is foreign, at home and in folders below', async () => {
  const { check, data, part, world } = await startPublished()
  const keys = [`${HOME}below/twin.parquet`, `${HOME}twin.parquet`]
  for (const key of keys) await putObject(data, key, fileOf(world, part))
  expect(await check()).toEqual(keys.map((key) => [NAME, 'foreign', key]))
})

test('a day that is away is shown elsewhere, and its home holds what is retired and nothing else', async () => {
  const { check, data, world } = await startPublished()
  await runDay(world, { mode: 'rebuild', graceSeconds: 1e6 })
  const { parts } = await publishedOf(world)
  expect(parts[0]!.key).toMatch(/^replacements\//)
  expect(await check()).toEqual([])
  await putObject(data, `${HOME}other.parquet`, 'x')
  await deleteObjects(data, [parts[0]!.key])
  expect(await check()).toEqual([
    [NAME, 'missing', parts[0]!.key],
    [NAME, 'foreign', `${HOME}other.parquet`],
  ])
})

test('a partition that points elsewhere, or is not there, is told of', async () => {
  const { check: found, target, world } = await startPublished()
  const { catalog } = world.process('test', 'arn').ledger
  const texts = async () => (await check(target)).findings.map(({ finding }) => finding)
  const expected = `expected the catalog to point to s3://data/${HOME}, found`
  const partition = (await findPartition(catalog, TABLE, DAY.date))!
  await movePartition(catalog, partition, 's3://data/elsewhere/')
  expect(await found()).toEqual([[NAME, 'location', HOME]])
  expect(await texts()).toEqual([`${expected} s3://data/elsewhere/`])
  rmSync(join(world.home, 'glue'), { recursive: true })
  expect(await found()).toEqual(
    [DAY, NEXT].map(({ date }) => [`${TABLE} ${date}`, 'location', partitionPrefix(TABLE, date)]),
  )
  expect((await texts())[0]).toBe(`${expected} no partition`)
})

test.each(ZIPPED_GARBAGE)('a manifest that holds %s is a finding', async (_, garbage) => {
  const { check, data } = await startPublished()
  const key = manifestKey(TABLE, DAY.date)
  await putObject(data, key, garbage)
  expect(await check()).toEqual([[NAME, 'manifest', key]])
})

test.each(GARBAGE)('an attempt that holds %s is a finding', async (_, garbage) => {
  const { check, data } = await startPublished()
  const key = attemptKey(TABLE, DAY.date)
  await putObject(data, key, garbage)
  expect(await check()).toEqual([[NAME, 'attempt', key]])
})

test('data of a day whose manifest is gone is lost, and so is its partition', async () => {
  const { check, data, part } = await startPublished()
  await deleteObjects(data, [manifestKey(TABLE, DAY.date), attemptKey(TABLE, DAY.date)])
  expect(await check()).toEqual([
    [NAME, 'lost', part],
    [NAME, 'lost', HOME],
  ])
})

test('a day that is published while it is checked is checked again', async () => {
  const { target, world } = await startPublished()
  let hasRun = false
  target.clients.s3.middlewareStack.add(
    (next) => async (call) => {
      const { Prefix } = call.input as { Prefix?: string }
      if (Prefix === HOME && !hasRun) {
        hasRun = true
        await runDay(world, { mode: 'rebuild' })
      }
      return next(call)
    },
    { step: 'initialize' },
  )
  expect(await check(target)).toEqual({ checked: 2, findings: [] })
  expect(hasRun).toBe(true)
})

test('findings are in the order of the days, and those of a range are looked at alone', async () => {
  const { data, part, target } = await startPublished()
  const earlier = { ...DAY, date: '2024-01-01' }
  const key = manifestKey(TABLE, earlier.date)
  await deleteObjects(data, [part])
  await putObject(data, key, 'x')
  await putObject(data, `${PROCESSED}${TABLE}/no-day/x.parquet`, 'x')
  const found = [
    { ...earlier, kind: 'manifest', key },
    {
      ...DAY,
      kind: 'missing',
      key: part,
      finding: expect.stringMatching(/^expected \d+ bytes, found no/) as string,
    },
  ]
  expect(await check(target)).toMatchObject({ checked: 3, findings: found })
  expect(await check(target, { from: NEXT.date })).toEqual({ checked: 1, findings: [] })
  expect(await check(target, { to: DAY.date })).toMatchObject({ checked: 2, findings: found })
  const alone = { from: DAY.date, to: DAY.date }
  expect(await check(target, alone)).toMatchObject({ checked: 1, findings: found.slice(1) })
})
