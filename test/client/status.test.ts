import { gzipSync } from 'node:zlib'
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import type { DescribeExecutionCommand } from '@aws-sdk/client-sfn'
import { expect, test } from 'vitest'
import { startS3 } from '@dayfold/local-aws/test-support/start-s3'
import { putDayEntry } from '../../aws/day-entries.ts'
import { headManifest } from '../../aws/day-state.ts'
import { readObject } from '../../aws/objects.ts'
import { putObject } from '../../aws/write-objects.ts'
import { otherDatasets, readStatus } from '../../client/status.ts'
import { dataOf, type Target } from '../../client/target.ts'
import { encodeAttempt, type Attempt } from '../../core/attempt.ts'
import type { CheckResult } from '../../core/checks.ts'
import { attemptKey, DUPLICATES, manifestKey, OUTSTANDING, statePrefix } from '../../core/layout.ts'
import type { UnreadObjects } from '../../core/manifest.ts'
import { GARBAGE } from '../support/garbage.ts'
import { writeManifest } from '../../lambda/ledger/manifest-store.ts'
import { formerManifest } from '../support/former-documents.ts'

const { client: s3 } = await startS3()
const asked: string[] = []
const sfn = {
  send: ({ input }: DescribeExecutionCommand) => {
    asked.push(input.executionArn!)
    return Promise.resolve({ status: input.executionArn === 'arn:running' ? 'RUNNING' : 'FAILED' })
  },
}
const datasets = [{ name: 'jobs' }, { name: 'jobs_more' }]
const target = { clients: { s3, sfn }, dataBucket: 'data', datasets } as unknown as Target
const data = dataOf(target)
const { published } = formerManifest()

function putAttempt(date: string, attempt: Partial<Attempt>, dataset = 'jobs') {
  const whole: Attempt = {
    token: date,
    kind: 'extend',
    execution: 'arn:failed',
    startedAt: `${date}T12:00:00Z`,
    why: 'new day',
    ...attempt,
  }
  return putObject(data, attemptKey(dataset, date), encodeAttempt(whole))
}

async function putPublished(date: string, token: string, dataset = 'jobs'): Promise<void> {
  const manifest = { published: { ...published!, dataset, date, attempt: token }, intent: null }
  await writeManifest(data, { dataset, date }, manifest, undefined)
}

test('the state of each day follows from its manifest and its newest attempt', async () => {
  await putPublished('2024-01-01', 'ok')
  await putAttempt('2024-01-01', { token: 'ok' })
  await putAttempt('2024-01-02', {})
  await putAttempt('2024-01-03', { error: 'CorruptState: …' })
  await putPublished('2024-01-04', 'earlier')
  await putAttempt('2024-01-04', { execution: 'arn:running' })
  await putAttempt('2024-01-05', { execution: 'arn:running', child: 'arn:child' })
  await putAttempt('2024-01-06', { execution: 'arn:running' })
  await putAttempt('2024-01-01', {}, 'jobs_more')

  expect(await otherDatasets(target)).toEqual([])
  expect(await otherDatasets({ ...target, datasets: target.datasets.slice(0, 1) })).toEqual(['jobs_more'])

  const days = await readStatus(target)
  expect(days.map(({ dataset, date, lastAttempt }) => [dataset, date, lastAttempt?.state])).toEqual([
    ['jobs', '2024-01-01', 'ok'],
    ['jobs', '2024-01-02', 'failed'],
    ['jobs', '2024-01-03', 'failed'],
    ['jobs', '2024-01-04', 'running'],
    ['jobs', '2024-01-05', 'failed'],
    ['jobs', '2024-01-06', 'running'],
    ['jobs_more', '2024-01-01', 'failed'],
  ])
  expect(days[0]).toMatchObject({ generation: 1, rows: 236, files: 4, rejected: 2, publishing: false })
  expect(days[0]).toMatchObject({ unread: null, engine: '1' })
  expect(days[0]!.location).toBe('s3://data/processed/jobs/day_partition=2024-01-01/')
  expect(days[1]).toMatchObject({
    generation: 0,
    rows: 0,
    publishedAt: null,
    publishing: false,
    location: null,
    unread: null,
    engine: null,
  })
  expect(days[2]!.lastAttempt?.error).toBe('CorruptState: …')
  expect(days[3]).toMatchObject({ generation: 1, publishedAt: published!.publishedAt })
  expect(asked.toSorted()).toEqual(['arn:child', 'arn:failed', 'arn:running'])

  const range = await readStatus(target, { datasets: ['jobs'], from: '2024-01-02', to: '2024-01-04' })
  expect(range.map(({ date }) => date)).toEqual(['2024-01-02', '2024-01-03', '2024-01-04'])
})

test('a day that is being published for the first time says so', async () => {
  const date = '2024-02-01'
  const { intent } = formerManifest('manifest-with-intent.json.gz')
  await writeManifest(data, { dataset: 'jobs', date }, { published: null, intent }, undefined)
  const [day] = await readStatus(target, { from: date, to: date, datasets: ['jobs'] })
  expect(day).toMatchObject({ date, generation: 0, publishing: true, lastAttempt: null })
})

test.each(GARBAGE)('a day whose documents hold %s is shown with what was found', async (what, garbage) => {
  const date = `2024-03-${String(GARBAGE.findIndex(([name]) => name === what) + 1).padStart(2, '0')}`
  await putPublished('2024-03-31', 'ok')
  await putObject(data, attemptKey('jobs', date), garbage)
  await putObject(data, manifestKey('jobs', date), gzipSync(garbage))
  const days = await readStatus(target, { from: date, to: '2024-03-31', datasets: ['jobs'] })
  expect(days[0]).toMatchObject({ date, rows: 0, publishing: false, lastAttempt: { state: 'failed' } })
  expect(days[0]!.problems).toEqual([
    expect.stringContaining(`${manifestKey('jobs', date)}: expected a manifest`),
    expect.stringContaining(`${attemptKey('jobs', date)}: expected an attempt`),
  ])
  expect(days.at(-1)).toMatchObject({ date: '2024-03-31', rows: 236, problems: [] })
})

test('a day that is away says where it is', async () => {
  const [date, location] = ['2024-04-01', 'replacements/jobs/day_partition=2024-04-01/g2-token/']
  const manifest = { published: { ...published!, date, location }, intent: null }
  await writeManifest(data, { dataset: 'jobs', date }, manifest, undefined)
  const [day] = await readStatus(target, { from: date, to: date, datasets: ['jobs'] })
  expect(day!.location).toBe(`s3://data/${location}`)
})

test('outstanding days of the range are shown, with what is known of them, even if none was attempted', async () => {
  const dataset = 'late'
  const facts = { since: '2024-01-02T01:00:00Z', status: 'stuck', execution: 'arn:failed' }
  const failed = { ...facts, status: 'failed', error: 'RawObjectChanged', cause: 'a is gone' }
  const [first, last] = ['2024-01-02', '2024-01-04']
  for (const date of ['2024-01-01', first, '2024-01-03', last, '2024-01-05'])
    await putDayEntry(data, OUTSTANDING, { dataset, date }, date === last ? failed : facts)
  await putPublished(first, 'ok', dataset)
  await putDayEntry(data, DUPLICATES, { dataset, date: first }, { told: ['id: 2 rows'] })
  await putObject(data, `${statePrefix(dataset)}a-key-of-no-day`, 'x')

  const days = await readStatus(target, { datasets: [dataset], from: first, to: last })
  const stuck = { since: facts.since, status: 'stuck' }
  expect(
    days.map(({ date, generation, outstanding, duplicates }) => ({
      ...{ date, generation, outstanding, duplicates },
    })),
  ).toStrictEqual([
    { date: first, generation: 1, outstanding: stuck, duplicates: ['id: 2 rows'] },
    { date: '2024-01-03', generation: 0, outstanding: stuck, duplicates: null },
    {
      ...{ date: last, generation: 0, duplicates: null },
      outstanding: { since: facts.since, status: 'failed', error: 'RawObjectChanged', cause: 'a is gone' },
    },
  ])
  const datesOf = async (range: { from?: string; to?: string }) =>
    (await readStatus(target, { datasets: [dataset], ...range })).map(({ date }) => date)
  expect(await datesOf({ from: last })).toEqual([last, '2024-01-05'])
  expect(await datesOf({ to: first })).toEqual(['2024-01-01', first])
})

test('checks are counted by a HEAD where all have passed, and told where one has not', async () => {
  const result = (check: string, state: CheckResult['state']): CheckResult => ({
    ...{ check, state },
    ...{ otherwise: 'warn', expected: 'rows', found: 'none' },
  })
  const passed = result('rows', 'passed')
  const others = { failed: result('notNull id', 'failed'), unknown: result('drift id', 'unknown') }
  const put = (date: string, checks: readonly CheckResult[]) =>
    writeManifest(
      data,
      { dataset: 'jobs', date },
      { published: { ...published!, date, unread: {}, checks }, intent: null },
      undefined,
    )
  await put('2024-07-01', [passed])
  await put('2024-07-02', [passed, others.failed])
  await put('2024-07-03', [others.unknown, others.unknown])
  await put('2024-07-04', [others.failed, others.unknown])
  const read: string[] = []
  const watching = { ...target, clients: { ...target.clients, s3: watched(s3, read) } } as Target
  const days = await readStatus(watching, { datasets: ['jobs'], from: '2024-07-01', to: '2024-07-04' })
  expect(days.map(({ checks }) => checks)).toEqual([
    { passed: 1, failed: 0, unknown: 0, results: [] },
    { passed: 1, failed: 1, unknown: 0, results: [others.failed] },
    { passed: 0, failed: 0, unknown: 2, results: [others.unknown, others.unknown] },
    { passed: 0, failed: 1, unknown: 1, results: [others.failed, others.unknown] },
  ])
  expect(read.toSorted()).toEqual(
    ['2024-07-02', '2024-07-03', '2024-07-04'].map((date) => manifestKey('jobs', date)),
  )
})

test('what was not read is counted and named by a HEAD, in full where objects could not be read', async () => {
  const hidden = { count: 2, bytes: 3, first: 'jobs/_x' }
  const odd = { count: 1, bytes: 3, first: 'jobs/é 100%25 -/👍' }
  const long = { count: 1, bytes: 3, first: `jobs/${'é'.repeat(500)}` }
  const unreadable = { count: 1, bytes: 9, first: 'jobs/b.bz2', why: 'bzip2' }
  const put = (date: string, unread: UnreadObjects) =>
    writeManifest(
      data,
      { dataset: 'jobs', date },
      { published: { ...published!, date, unread, engine: '2' }, intent: null },
      undefined,
    )
  await put('2024-05-01', {})
  await put('2024-05-02', { hidden })
  await put('2024-05-03', { hidden, unreadable })
  await put('2024-05-04', { 'not-data': odd, excluded: hidden })
  await put('2024-05-05', { hidden: long })
  const read: string[] = []
  const watching = { ...target, clients: { ...target.clients, s3: watched(s3, read) } } as Target
  const days = await readStatus(watching, { datasets: ['jobs'], from: '2024-05-01', to: '2024-05-05' })
  expect(days.map(({ unread, engine }) => ({ unread, engine }))).toEqual([
    { unread: {}, engine: '2' },
    { unread: { hidden: { count: 2, first: 'jobs/_x' } }, engine: '2' },
    { unread: { hidden, unreadable }, engine: '2' },
    {
      unread: { 'not-data': { count: 1, first: odd.first }, excluded: { count: 2, first: 'jobs/_x' } },
      engine: '2',
    },
    { unread: { hidden: long }, engine: '2' },
  ])
  // Keys that are too long for the metadata stand in the manifest, as the rest of what could not be read.
  expect(read.toSorted()).toEqual(['2024-05-03', '2024-05-05'].map((date) => manifestKey('jobs', date)))
})

test('dropped records are counted by a HEAD, and by the manifest where an earlier release wrote its metadata', async () => {
  const totals = { ...published!.totals, dropped: 47 }
  for (const date of ['2024-08-01', '2024-08-02']) {
    const manifest = { published: { ...published!, date, totals }, intent: null }
    await writeManifest(data, { dataset: 'jobs', date }, manifest, undefined)
  }
  const former = await headManifest(data, { dataset: 'jobs', date: '2024-08-02' })
  const { dropped, ...metadata } = former!.metadata
  expect(dropped).toBe('47')
  const key = manifestKey('jobs', '2024-08-02')
  await putObject(data, key, (await readObject(data, key))!.body, { metadata })
  const read: string[] = []
  const watching = { ...target, clients: { ...target.clients, s3: watched(s3, read) } } as Target
  const days = await readStatus(watching, { datasets: ['jobs'], from: '2024-08-01', to: '2024-08-02' })
  expect(days.map((day) => day.dropped)).toEqual([47, 47])
  expect(read).toEqual([key])
})

/** Returns the client, which adds the key of each manifest that it reads to `read`. */
function watched(client: S3Client, read: string[]): S3Client {
  const send: S3Client['send'] = client.send.bind(client)
  const noted = (command: { input: { Key?: string } }, ...rest: never[]) => {
    if (command instanceof GetObjectCommand && command.input.Key!.includes('manifest'))
      read.push(command.input.Key!)
    return (send as (...args: unknown[]) => unknown)(command, ...rest)
  }
  return new Proxy(client, {
    get: (of, name) => (name === 'send' ? noted : Reflect.get(of, name)) as unknown,
  })
}
