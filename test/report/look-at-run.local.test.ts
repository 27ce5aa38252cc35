import { gzipSync } from 'node:zlib'
import { beforeEach, expect, test } from 'vitest'
import { startS3 } from '@dayfold/local-aws/test-support/start-s3'
import { readObject, type Bucket } from '../../aws/objects.ts'
import { deleteObjects, putObject } from '../../aws/write-objects.ts'
import { encodeAttempt } from '../../core/attempt.ts'
import {
  attemptKey,
  manifestKey,
  pageKey,
  rejectedPrefix,
  rejectName,
  stagedRejectsPrefix,
  stagingPrefix,
} from '../../core/layout.ts'
import { encodeManifest, type Published } from '../../core/manifest.ts'
import type { DayOutcome } from '../../core/messages.ts'
import type { Profile } from '../../core/profile.ts'
import type { Reject } from '../../core/rejects.ts'
import { renderPage } from '../../report/page/render-page.ts'
import { lookAtRun } from '../../report/read/look-at-run.ts'
import { writeReport } from '../../report/write-report.ts'
import { dayAfter, profile, publishedDay, reject, summaryOf } from './sample-report.ts'

let data: Bucket
beforeEach(async () => {
  data = { s3: (await startS3()).client, name: 'data' }
})

const TOKEN = '0123456789ab'
const now = () => new Date('2024-05-20T00:00:00Z')

/** Publishes the day that `publishedDay` describes. */
async function publish(date: string, more: { profile?: Profile; rejects?: readonly Reject[] } = {}) {
  const { profile: values, rejects = [] } = more
  const key = `${rejectedPrefix('jobs', date)}${rejectName(1, TOKEN, 0)}`
  const lines = rejects.map((each) => `${JSON.stringify(each)}\n`).join('')
  if (rejects.length > 0) await putObject(data, key, gzipSync(lines))
  const published: Published = {
    dataset: 'jobs',
    date,
    generation: 1,
    featureVersion: 'v',
    inputs: [],
    parts: [],
    rejects: rejects.length > 0 ? [{ key, rows: rejects.length, bytes: 1 }] : [],
    totals: { ...publishedDay().totals!, rejected: rejects.length },
    attempt: TOKEN,
    execution: 'arn',
    startedAt: '2024-05-20T00:00:00Z',
    publishedAt: '2024-05-20T00:00:00Z',
    nonce: 'n',
    ...(values && { profile: values }),
  }
  await putObject(data, manifestKey('jobs', date), encodeManifest({ published, intent: null }))
}

const summary = (...days: DayOutcome[]) => summaryOf(days)
const look = (...days: DayOutcome[]) => lookAtRun(data, summary(...days), { now, showsValues: true })
const page = async (...days: DayOutcome[]) => renderPage(await look(...days))
const on = (days: number) => publishedDay({ date: dayAfter(days) })

test('a day whose manifest goes, changes or breaks is told as such, and the others as they are', async () => {
  for (const day of [0, 1, 2, 3]) await publish(dayAfter(day))
  const run = [on(0), on(1), on(2), publishedDay({ date: dayAfter(3), generation: 2 })] as const
  const before = await page(...run)
  await deleteObjects(data, [manifestKey('jobs', dayAfter(0))])
  await putObject(data, manifestKey('jobs', dayAfter(1)), 'text')
  const { days } = await look(...run)
  expect(days.map(({ present }) => present)).toMatchObject([
    { state: 'gone' },
    { state: 'unreadable', problem: expect.stringContaining('expected a manifest') as string },
    { state: 'same' },
    { state: 'other', generation: 1, rows: 237 },
  ])
  expect(before).not.toContain('>gone</span>')
  expect(await page(...run)).toContain('>gone</span>')
})

test('a planted reject is among the examples, first of each reason one', async () => {
  const usual = Array.from({ length: 9 }, (_, line) => reject({ line }))
  await publish(dayAfter(0), { rejects: usual })
  const before = await page(on(0))
  await publish(dayAfter(0), {
    rejects: [...usual, reject({ reason: 'extract-error', line: 77, raw: '<planted>' })],
  })
  const { days } = await look(on(0))
  expect(days[0]!.examples.map(({ reason, line }) => [reason, line])).toEqual([
    ['invalid-json', 0],
    ['extract-error', 77],
    ['invalid-json', 1],
    ['invalid-json', 2],
    ['invalid-json', 3],
  ])
  expect(before).not.toContain('planted')
  expect(await page(on(0))).toContain('&lt;planted&gt;')
})

test('a day left unchanged has the numbers and the rejected records of its published rows', async () => {
  await publish(dayAfter(0), { rejects: [reject(), reject()] })
  const { dataset, date, generation } = on(0)
  const unchanged = { dataset, date, generation: generation!, status: 'unchanged', why: 'unchanged' } as const
  const text = await page(unchanged)
  expect(text).toContain('jobs 2024-05-06: 2 (0.8%) of 240 records</summary>')
  expect(text).toMatch(/<td class="n">237<\/td><td class="n">0<\/td><td class="n">2 \(0\.8%\)<\/td>/)
  expect(text).toContain('<dd>1, 237 rows, 0 dropped and 2 rejected records</dd>')
  expect(text).toContain('unchanged: nothing to do, 237 rows"')
  // The execution saw another generation: only what is shown of the present one has numbers.
  const since = await page({ ...unchanged, generation: 7 })
  expect(since).toContain('jobs 2024-05-06: 2 (0.8%) of 240 records</summary>')
  expect(since).toContain('<dd>1, 0 rows, 0 dropped and 0 rejected records</dd>')
})

test('of a failed day the records are shown that its last attempt has staged', async () => {
  const staging = stagingPrefix('jobs', dayAfter(0), TOKEN)
  const key = `${stagedRejectsPrefix(staging)}${rejectName(1, TOKEN, 0)}`
  await putObject(data, key, gzipSync(`${JSON.stringify(reject({ raw: 'staged' }))}\n`))
  const attempt = { token: TOKEN, kind: 'extend', execution: 'arn', startedAt: 'then', why: 'new' } as const
  await putObject(data, attemptKey('jobs', dayAfter(0)), encodeAttempt(attempt))
  const { status, dataset, date, why } = publishedDay({ status: 'failed' })
  const failed = { status, dataset, date, why }
  expect((await look(failed)).days[0]).toMatchObject({
    present: { state: 'none' },
    examples: [{ raw: 'staged' }],
  })
  // Earlier rows stay, and have other rejects.
  await publish(dayAfter(0), { rejects: [reject()] })
  const text = await page(failed)
  expect(text).toContain('jobs 2024-05-06: of an attempt that was not published</summary>')
  expect(text).toContain('staged')
})

test('reject files that are gone, broken off or hold something else harm nothing', async () => {
  const good = `${JSON.stringify(reject())}\n`
  const others = ['null\n', '[]\n', '"x"\n', '{"reason":"made up"}\n', `{"source":1}\n`, '{"a\n']
  for (const [day, bytes] of [
    gzipSync(others.join('') + good),
    gzipSync(good.repeat(3)).subarray(0, -9),
    Buffer.from('no gzip'),
    undefined,
  ].entries()) {
    await publish(dayAfter(day), { rejects: [reject()] })
    const key = `${rejectedPrefix('jobs', dayAfter(day))}${rejectName(1, TOKEN, 0)}`
    if (bytes) await putObject(data, key, bytes)
    else await deleteObjects(data, [key])
  }
  const { days } = await look(on(0), on(1), on(2), on(3))
  expect(days.map(({ examples }) => examples.length > 0)).toEqual([true, true, false, false])
})

test('a drift against the seven days before is told, whether the execution covers them or not', async () => {
  for (const day of [0, 1, 2, 3, 4, 5, 6]) await publish(dayAfter(day), { profile: profile(10) })
  await publish(dayAfter(7), { profile: profile(10) })
  const quiet = await look(on(7))
  expect(quiet.days[0]!.drifts).toEqual([])
  expect(quiet.columns[0]).toMatchObject({ dataset: 'jobs', name: 'salary', points: { length: 8 } })
  await publish(dayAfter(7), { profile: profile(10.4, { nulls: 90, values: 910 }) })
  for (const run of [[on(7)], [on(5), on(6), on(7)]]) {
    const { days } = await look(...run)
    const found = days.at(-1)!.drifts.map(({ column, of }) => `${column} ${of}`)
    expect(found).toEqual(expect.arrayContaining(['salary mean', 'salary nulls']))
  }
  expect(await page(on(7))).toContain('<span class="key watch">nulls</span>')
})

test('days for which there is no time are told as not looked at', async () => {
  await publish(dayAfter(0))
  let seconds = 0
  const clock = () => new Date(1000 * seconds++)
  const { days } = await lookAtRun(data, summary(on(0)), { now: clock, showsValues: true, budgetSeconds: 0 })
  expect(days[0]!.present).toEqual({ state: 'unknown' })
})

test('the page in the bucket holds no text of records', async () => {
  await publish(dayAfter(0), { profile: profile(), rejects: [reject({ raw: 'SECRET', message: 'SECRET' })] })
  expect(await writeReport(data, summary(on(0)), { now })).toBe(pageKey('run-1'))
  const text = Buffer.from((await readObject(data, pageKey('run-1')))!.body).toString()
  expect(text).not.toContain('SECRET')
  expect(text).not.toContain('>fr ')
  expect(text).toContain('Columns of jobs')
})
