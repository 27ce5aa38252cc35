import { expect, it } from 'vitest'
import { startS3 } from '@dayfold/local-aws/test-support/start-s3'
import { headManifest, readAttempt } from '../../aws/day-state.ts'
import type { Bucket } from '../../aws/objects.ts'
import { putObject } from '../../aws/write-objects.ts'
import { attemptKey, manifestKey } from '../../core/layout.ts'
import { formerDocument } from '../support/former-documents.ts'

const data: Bucket = { s3: (await startS3()).client, name: 'data' }
const attempt = formerDocument('attempt.json')

it('a day that nobody has worked on has no state', async () => {
  const day = { dataset: 'jobs', date: '2024-01-01' }
  expect(await readAttempt(data, day)).toBeUndefined()
  expect(await headManifest(data, day)).toBeUndefined()
})

it('an attempt is read with its ETag', async () => {
  const day = { dataset: 'jobs', date: '2024-01-02' }
  const etag = await putObject(data, attemptKey(day.dataset, day.date), attempt)
  expect(await readAttempt(data, day)).toMatchObject({ etag, attempt: { kind: 'extend' } })
})

it('an attempt that cannot be read stands for one that has just failed', async () => {
  const day = { dataset: 'jobs', date: '2024-01-03' }
  const key = attemptKey(day.dataset, day.date)
  const before = new Date(Date.now() - 2000).toISOString()
  const etag = await putObject(data, key, 'not JSON')
  const stored = await readAttempt(data, day)
  expect(stored).toMatchObject({
    etag,
    problem: { code: 'CorruptState', context: { key } },
    attempt: { error: expect.stringMatching(/^CorruptState: state.*attempt\.json: expected/) as string },
  })
  expect(stored!.attempt.startedAt > before).toBe(true)
})

it('a manifest that somebody has put there by hand says of its intent that there may be one', async () => {
  const day = { dataset: 'jobs', date: '2024-01-04' }
  await putObject(data, manifestKey(day.dataset, day.date), 'whatever', { metadata: { rows: '7' } })
  expect((await headManifest(data, day))?.metadata).toMatchObject({ rows: '7', intent: 'yes' })
})
