import { GlueClient } from '@aws-sdk/client-glue'
import { S3Client } from '@aws-sdk/client-s3'
import type { DescribeExecutionCommand } from '@aws-sdk/client-sfn'
import { expect, test } from 'vitest'
import { putEmptyDay } from '../../aws/empty-days.ts'
import { putDayEntry } from '../../aws/day-entries.ts'
import { findManifest, headManifest } from '../../aws/day-state.ts'
import { inParallel } from '../../aws/in-parallel.ts'
import { deleteObjects, putObject } from '../../aws/write-objects.ts'
import { readChecked } from '../../client/checked-read.ts'
import { readRangeDays } from '../../client/range-days.ts'
import type { Target } from '../../client/target.ts'
import { encodeAttempt } from '../../core/attempt.ts'
import { daysBetween, type Day } from '../../core/dates.ts'
import { attemptKey, manifestKey, OUTSTANDING } from '../../core/layout.ts'
import type { Manifest } from '../../core/manifest.ts'
import { writeManifest } from '../../lambda/ledger/manifest-store.ts'
import { TABLE } from '../support/lambda/dataset.ts'
import { runDay } from '../support/lambda/run-day.ts'
import { startWorld } from '../support/lambda/world.ts'
import { formerManifest } from '../support/former-documents.ts'

const DATE = '2024-01-02'
const FOUND = { foundAt: '2024-01-05T00:00:00Z', why: 'no raw files', execution: 'arn' }

/** Publishes days; returns functions that change the ledger. */
async function startDays(...dates: readonly Day[]) {
  const world = await startWorld()
  for (const date of dates) {
    world.putRaw('a.jsonl', ['a1', 'a2'], { dataset: TABLE, date })
    await runDay(world, { day: { dataset: TABLE, date } })
  }
  const { data } = world.process('test', 'arn').ledger
  const s3 = new S3Client(world.client('load'))
  const glue = new GlueClient(world.client('load'))
  const clients = { s3, glue, sfn }
  const shared = { dataBucket: 'data', database: 'test', datasets: [{ name: TABLE }] }
  const target = { ...shared, clients } as unknown as Target
  const change = async (date: Day, next: (manifest: Manifest) => Manifest) => {
    const day = { dataset: TABLE, date }
    const manifest = (await findManifest(data, day))!
    await writeManifest(data, day, next(manifest), (await headManifest(data, day))!.etag)
  }
  const days = (from: Day, to: Day) => readRangeDays(target, { datasets: [TABLE], from, to })
  /** Called each time that the days of a range begin to be read. */
  const onReading = (called: () => Promise<void>) =>
    glue.middlewareStack.add(
      (next, { commandName }) =>
        async (call) => {
          if (commandName === 'GetPartitionsCommand') await called()
          return next(call)
        },
      { step: 'initialize' },
    )
  return { data, target, change, days, onReading }
}

/** Only one execution is running. */
const sfn = {
  send: ({ input }: DescribeExecutionCommand) =>
    Promise.resolve({ status: input.executionArn === 'arn:running' ? 'RUNNING' : 'FAILED' }),
}

const attempt = (startedAt: string, more = {}) =>
  encodeAttempt({ token: 't', kind: 'extend', execution: 'arn', startedAt, why: 'new day', ...more })

test('each day of a range has a state, known to the ledger or not', async () => {
  const { change, data, days } = await startDays(DATE)
  await putObject(
    data,
    attemptKey(TABLE, '2024-01-03'),
    attempt('2024-01-03T01:00:00Z', { error: 'JobFailed: no' }),
  )
  await putEmptyDay(data, { dataset: TABLE, date: '2024-01-04' }, FOUND)
  await putObject(
    data,
    attemptKey(TABLE, '2024-01-05'),
    attempt('2024-01-05T01:00:00Z', { execution: 'arn:running' }),
  )
  await putObject(data, manifestKey(TABLE, '2024-01-06'), 'x')
  const unreadable = `${manifestKey(TABLE, '2024-01-06')}: expected a manifest`
  expect((await days('2024-01-01', '2024-01-06')).map(({ date, state, why }) => [date, state, why])).toEqual([
    ['2024-01-01', 'missing', 'no execution has looked at it'],
    ['2024-01-02', 'published', ''],
    ['2024-01-03', 'failed', 'failed: JobFailed: no'],
    ['2024-01-04', 'empty', 'no raw files, as found at 2024-01-05T00:00:00Z'],
    ['2024-01-05', 'missing', 'its first job is running'],
    ['2024-01-06', 'damaged', expect.stringContaining(unreadable)],
  ])
  const made = { featureVersion: 'v7', engine: '3', publishedAt: '2024-01-02T13:00:00Z' }
  await change(DATE, (manifest) => ({ ...manifest, published: { ...manifest.published!, ...made } }))
  expect((await days(DATE, DATE))[0]).toMatchObject({ generation: 1, rows: 2, ...made })
  expect((await days('2024-01-01', '2024-01-01'))[0]).toMatchObject({
    generation: 0,
    rows: 0,
    featureVersion: null,
    engine: null,
    publishedAt: null,
  })
})

test('a day that was found empty before its attempt failed has failed, after it is empty', async () => {
  const { data, days } = await startDays()
  await putEmptyDay(data, { dataset: TABLE, date: '2024-01-04' }, FOUND)
  await putObject(data, attemptKey(TABLE, '2024-01-04'), attempt('2024-01-06T00:00:00Z'))
  await putEmptyDay(data, { dataset: TABLE, date: '2024-01-07' }, FOUND)
  await putObject(data, attemptKey(TABLE, '2024-01-07'), attempt('2024-01-04T00:00:00Z'))
  expect((await days('2024-01-04', '2024-01-04'))[0]!.state).toBe('failed')
  expect((await days('2024-01-07', '2024-01-07'))[0]!.state).toBe('empty')
})

test('a published day whose newer raw files could not be read has failed', async () => {
  const { data, days } = await startDays(DATE)
  const facts = { since: '2024-01-03', status: 'stuck', execution: 'arn', error: 'JobFailed', cause: 'no' }
  await putDayEntry(data, OUTSTANDING, { dataset: TABLE, date: DATE }, facts)
  expect((await days(DATE, DATE))[0]).toMatchObject({ state: 'failed', why: 'stuck: JobFailed: no', rows: 2 })
})

test('a day whose objects are not those of the ledger is damaged', async () => {
  const { data, days } = await startDays(DATE)
  const manifest = await findManifest(data, { dataset: TABLE, date: DATE })
  const part = manifest!.published!.parts[0]!.key
  await deleteObjects(data, [part])
  expect((await days(DATE, DATE))[0]).toMatchObject({
    state: 'damaged',
    why: expect.stringContaining(`${part}: expected`) as string,
  })
})

const retire = { operation: 'retire', nonce: 'n', holder: 'arn' } as const
const add = (manifest: Manifest): Manifest => ({
  ...manifest,
  intent: {
    operation: 'add',
    nonce: 'n',
    holder: 'arn',
    copies: [],
    next: { ...manifest.published!, generation: 2 },
  },
})

test('an intent that shows another generation is being published, one that moves files is not', async () => {
  const { change, days } = await startDays(DATE)
  await change(DATE, (manifest) => ({ ...manifest, intent: retire }))
  expect((await days(DATE, DATE))[0]!.state).toBe('published')
  await change(DATE, add)
  expect((await days(DATE, DATE))[0]!.state).toBe('publishing')
})

const RANGE = { datasets: [TABLE], from: DATE, to: DATE }
const FAST = { attempts: 3, pauseMilliseconds: 1 }

test('what was read while a day was published is read again, and the days are those of the last reading', async () => {
  const { change, target } = await startDays(DATE)
  const discarded: number[] = []
  let reads = 0
  const read = async () => {
    reads += 1
    if (reads === 1) await change(DATE, publishNext)
    return reads
  }
  const { result, days } = await readChecked(
    target,
    RANGE,
    read,
    (one) => Promise.resolve(void discarded.push(one)),
    FAST,
  )
  expect([result, discarded, days[0]!.generation]).toEqual([2, [1], 2])
})

test('a day whose publish begins while it is read is read again when that has ended', async () => {
  const { change, target, onReading } = await startDays(DATE)
  let readings = 0
  onReading(async () => {
    readings += 1
    if (readings === 3) await change(DATE, (manifest) => ({ ...publishNext(manifest), intent: null }))
  })
  const discarded: string[] = []
  const read = async () => {
    if (readings === 1) await change(DATE, add)
    return `reading ${readings}`
  }
  const discard = (one: string) => Promise.resolve(void discarded.push(one))
  const { result, days } = await readChecked(target, RANGE, read, discard, FAST)
  expect([result, discarded, days[0]!.generation]).toEqual(['reading 3', ['reading 1'], 2])
})

const publishNext = (manifest: Manifest): Manifest => ({
  ...manifest,
  published: { ...manifest.published!, generation: manifest.published!.generation + 1 },
})

test('days that are published at every reading are refused by name, and nothing is kept', async () => {
  const { change, target } = await startDays(DATE)
  const discarded: string[] = []
  const read = async () => {
    await change(DATE, publishNext)
    return 'rows'
  }
  const reading = readChecked(target, RANGE, read, (one) => Promise.resolve(void discarded.push(one)), FAST)
  await expect(reading).rejects.toMatchObject({
    code: 'DaysMoved',
    message: expect.stringContaining(`${TABLE} ${DATE}`) as string,
  })
  expect(discarded).toEqual(['rows', 'rows', 'rows'])
})

test('of the days that were published meanwhile, a refusal names twenty', async () => {
  const { data, target } = await startDays()
  const { published } = formerManifest()
  const dates = daysBetween('2024-02-01', '2024-02-21')
  const read = () =>
    inParallel(dates, async (date) => {
      const manifest = { published: { ...published!, date }, intent: null }
      await writeManifest(data, { dataset: TABLE, date }, manifest, undefined)
    })
  const range = { datasets: [TABLE], from: dates[0]!, to: dates.at(-1)! }
  const options = { attempts: 1, allowGaps: true }
  const reading = readChecked(target, range, read, () => Promise.resolve(), options)
  const named = dates.slice(0, 20).map((date) => `${TABLE} ${date}`)
  await expect(reading).rejects.toMatchObject({
    message: expect.stringContaining(`found others of ${named.join(', ')}. They`) as string,
    context: { days: dates.map((date) => expect.objectContaining({ date }) as object) },
  })
})

test('a day of which a publish has died is refused, and read where gaps are allowed', async () => {
  const { change, target } = await startDays(DATE)
  await change(DATE, add)
  const read = (allowGaps: boolean) =>
    readChecked(
      target,
      RANGE,
      () => Promise.resolve('rows'),
      () => Promise.resolve(),
      { ...FAST, allowGaps },
    )
  await expect(read(false)).rejects.toMatchObject({ code: 'DaysMissing' })
  expect((await read(true)).days[0]!.state).toBe('publishing')
})
