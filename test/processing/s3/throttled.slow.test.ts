import { expect, onTestFinished, test } from 'vitest'
import { s3Client, type S3 } from '../../../processing/s3/client.ts'
import { openRetries, TransientError } from '../../../processing/s3/retry.ts'
import { adaptiveRate } from '../../../processing/s3/adaptive-rate.ts'
import { serveReads } from '../../support/processing/serve.ts'

const BODY = Buffer.from('{"a":1}\n')

function clientOf(endpoint: string, retrySeconds?: number): S3 {
  const credentials = () => Promise.resolve({ accessKeyId: 'TEST', secretAccessKey: 'secret' })
  const s3 = s3Client({ region: 'us-east-1', endpoint, credentials, retrySeconds })
  onTestFinished(() => s3.close())
  return s3
}

const read = (s3: S3, key: string) =>
  s3.read({ bucket: 'raw', key, start: 0, bytes: BODY.length, size: BODY.length }, Buffer.alloc(BODY.length))

test('no read is lost where S3 serves a third of what is asked for, and few tries are refused', async () => {
  const { endpoint, counts } = await serveReads(300, BODY)
  const s3 = clientOf(endpoint)
  // Many reads at once, as a day of small files needs them.
  const outcomes = await Promise.allSettled(Array.from({ length: 900 }, (_, i) => read(s3, `${i}`)))
  expect(outcomes.filter(({ status }) => status === 'rejected')).toEqual([])
  expect(counts.served).toBe(900)
  // Without a shared rate there would be several times as many.
  expect(counts.refused).toBeLessThan(2 * counts.served)
}, 30_000)

test('a read that S3 throttles for too long names object, status and time', async () => {
  const { endpoint } = await serveReads(0, BODY)
  await expect(read(clientOf(endpoint, 0.3), 'day/a.jsonl')).rejects.toMatchObject({
    code: 'S3Throttled',
    message: expect.stringMatching(/^s3:\/\/raw\/day\/a\.jsonl: .* found status 503 at each of/) as string,
    context: { object: 's3://raw/day/a.jsonl', status: 503 },
  })
})

/** Returns a clock that only advances when somebody waits for it. */
function virtualTime() {
  let time = 0
  const now = () => time
  const sleep = (milliseconds: number) => {
    time += milliseconds
    return Promise.resolve()
  }
  return { now, sleep }
}

test('a request is tried for ten minutes, however often, and then fails with its own error', async () => {
  const { now, sleep } = virtualTime()
  const failing = () => Promise.reject(new TransientError('broken'))
  await expect(openRetries({ now, sleep }).run('x', failing)).rejects.toThrow('broken')
  expect(now()).toBeGreaterThanOrEqual(600_000)
  expect(now()).toBeLessThan(620_000)
})

test('once the job is told to stop, what cleans up is tried for half a minute', async () => {
  const { now, sleep } = virtualTime()
  const failing = () => Promise.reject(new TransientError('broken'))
  const retries = openRetries({ now, sleep, signal: AbortSignal.abort() })
  await expect(retries.run('x', failing)).rejects.toThrow('broken')
  expect(now()).toBeLessThan(45_000)
})

test('a throttled answer here and there slows nothing down', () => {
  const { now } = virtualTime()
  const rate = adaptiveRate(now)
  for (let i = 0; i < 4; i++) rate.throttled()
  expect(Array.from({ length: 1000 }, () => rate.take()).every((wait) => wait === 0)).toBe(true)
})

test('many lower the rate below what is served; time without them raises it again, and at last lifts it', async () => {
  const { now, sleep } = virtualTime()
  const rate = adaptiveRate(now)
  for (let i = 0; i < 1000; i++) {
    await sleep(1)
    rate.succeeded()
  }
  for (let i = 0; i < 5; i++) rate.throttled()
  /** Returns the milliseconds that the last of 100 requests waits. */
  const last = () => Array.from({ length: 100 }, () => rate.take()).at(-1)!
  // 1,000 per second were served, so 700 are sent.
  expect(last()).toBeCloseTo(99 / 0.7, -1)
  await sleep(5_000)
  const later = last()
  expect(later).toBeLessThan(110)
  expect(later).toBeGreaterThan(99)
  await sleep(61_000)
  expect(last()).toBe(0)
})
