import { describe, expect, it } from 'vitest'
import { startS3 } from '@dayfold/local-aws/test-support/start-s3'
import { listObjects } from '../../aws/list-objects.ts'
import { readObject, type Bucket } from '../../aws/objects.ts'
import { putObject } from '../../aws/write-objects.ts'
import { OPEN, REQUEUED, UNVERIFIED } from '../../core/layout.ts'
import type { Published } from '../../core/manifest.ts'
import type { DayOutcome, DayStatus } from '../../core/messages.ts'
import {
  ENTRY,
  listDayEntries,
  putDayEntry,
  readDayEntry,
  removeDayEntry,
  type EntryKind,
} from '../../aws/day-entries.ts'
import { putOpenEntry } from '../../lambda/ledger/open-entries.ts'
import { listRequeued, requeueDay, unqueueDays } from '../../lambda/ledger/requeue-entries.ts'
import { listUnverified, markVerified, putUnverified } from '../../lambda/ledger/unverified-entries.ts'
import { startWorld } from '../support/lambda/world.ts'

const data: Bucket = { s3: (await startS3()).client, name: 'data' }
const day = (date: string, dataset = 'jobs') => ({ dataset, date })
const UUID = expect.stringMatching(/^[0-9a-f-]{36}$/) as string

const QUEUE_ENTRY: EntryKind<object> = {
  ...ENTRY,
  prefix: REQUEUED,
  name: 'an entry',
  fields: {},
  remedy: 'It goes.',
}

async function keysBelow(prefix: string): Promise<string[]> {
  const keys: string[] = []
  for await (const { key } of listObjects(data, prefix)) keys.push(key)
  return keys
}

describe('entries of days', () => {
  it('are listed for all tables or one, and nothing else that lies there', async () => {
    await putDayEntry(data, OPEN, day('2024-01-02'))
    await putDayEntry(data, OPEN, day('2024-01-01'))
    await putDayEntry(data, OPEN, day('2024-01-01', 'jobs_more'))
    await putObject(data, `${OPEN}jobs/notes.txt`, 'x')
    expect(await listDayEntries(data, OPEN)).toMatchObject([
      day('2024-01-01'),
      day('2024-01-02'),
      day('2024-01-01', 'jobs_more'),
    ])
    expect(await listDayEntries(data, OPEN, 'jobs')).toMatchObject([day('2024-01-01'), day('2024-01-02')])
  })

  it('are not removed by whoever has read the one before', async () => {
    await putDayEntry(data, REQUEUED, day('2024-02-01'))
    const before = (await readDayEntry(data, QUEUE_ENTRY, day('2024-02-01')))!
    await putDayEntry(data, REQUEUED, day('2024-02-01'))
    await removeDayEntry(data, before)
    const now = await readDayEntry(data, QUEUE_ENTRY, day('2024-02-01'))
    expect(now?.etag).not.toBe(before.etag)
    await removeDayEntry(data, now!)
    expect(await readDayEntry(data, QUEUE_ENTRY, day('2024-02-01'))).toBeUndefined()
  })

  it('that cannot be read are given with what was found', async () => {
    await putObject(data, `${REQUEUED}broken/2024-03-01`, '{')
    const entry = await readDayEntry(data, QUEUE_ENTRY, day('2024-03-01', 'broken'))
    expect(entry?.facts).toMatchObject({
      code: 'CorruptState',
      message: expect.stringContaining('state/_again/broken/2024-03-01: expected') as string,
    })
  })
})

describe('what an entry says, to the byte as release 0.1.0 wrote it', () => {
  async function written(key: string): Promise<string> {
    return Buffer.from((await readObject(data, key))!.body).toString('utf8')
  }

  it.each([
    ['the ETag of the manifest', 'etag', '"etag"'],
    ['null where there is none', undefined, 'null'],
  ])('of an open intent: %s', async (_, over, said) => {
    const world = await startWorld()
    const ledger = { ...world.process('test', 'arn:execution').ledger, data }
    await putOpenEntry(ledger, day('2024-04-01'), over)
    expect(await written('state/_open/jobs/2024-04-01')).toMatch(
      new RegExp(`^{"over":${said},"execution":"arn:execution","nonce":"[0-9a-f-]{36}"}$`),
    )
  })

  it('of a requeued day: a nonce', async () => {
    await requeueDay(data, day('2024-04-02'))
    expect(JSON.parse(await written('state/_again/jobs/2024-04-02'))).toEqual({ nonce: UUID })
  })

  it('of an unverified day: the generation and the nonce of its publish', async () => {
    await putUnverified(data, { ...day('2024-04-03'), generation: 3, nonce: 'n' } as Published)
    expect(await written('state/_unverified/jobs/2024-04-03')).toBe('{"generation":3,"nonce":"n"}')
  })
})

it('a day stays queued until an execution has dealt with it', async () => {
  const dates = [
    '2024-05-01',
    '2024-05-02',
    '2024-05-03',
    '2024-05-04',
    '2024-05-05',
    '2024-05-06',
    '2024-05-07',
    '2024-05-08',
    '2024-05-09',
  ]
  const dealtWith: DayStatus[] = ['published', 'unchanged', 'empty', 'failed', 'stuck', 'accepted']
  const statuses: DayStatus[] = [...dealtWith, 'busy', 'not-failed', 'planned']
  for (const date of dates) await requeueDay(data, day(date, 'queue'))
  const outcomes = dates.map((date, index): DayOutcome => {
    return { ...day(date, 'queue'), status: statuses[index]!, why: '' }
  })
  await unqueueDays(data, outcomes)
  const left = (await listRequeued(data)).filter(({ dataset }) => dataset === 'queue')
  expect(left.map(({ date }) => date)).toEqual(['2024-05-07', '2024-05-08', '2024-05-09'])
})

it('a day that is published again while it is counted stays unverified', async () => {
  const published = { ...day('2024-06-01', 'counted'), generation: 1, nonce: 'one' } as Published
  await putUnverified(data, published)
  const counted = (await listUnverified(data)).find(({ dataset }) => dataset === 'counted')!
  expect(counted).toMatchObject({ ...day('2024-06-01', 'counted'), generation: 1 })
  await putUnverified(data, { ...published, generation: 2, nonce: 'two' })
  await markVerified(data, counted)
  expect(await keysBelow(`${UNVERIFIED}counted/`)).toEqual([`${UNVERIFIED}counted/2024-06-01`])
})
