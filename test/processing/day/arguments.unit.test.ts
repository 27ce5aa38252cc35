import { gunzipSync, gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { readWorkOrder } from '../../../processing/day/arguments.ts'
import type { S3 } from '../../../processing/s3/client.ts'
import { formerDocument } from '../../support/former-documents.ts'

const sample = formerDocument('work-order.json.gz')
const holding = (bytes: Buffer) => ({ get: () => Promise.resolve(bytes) }) as unknown as S3
const KEY = 'runs/run/orders/jobs/2024-05-08/token.json.gz'

it('the job reads the order that the definition names', async () => {
  expect(await readWorkOrder(holding(sample), 'data', KEY)).toMatchObject({ dataset: 'jobs', generation: 1 })
})

it('the job refuses an order of a newer release by its name', async () => {
  const order = JSON.parse(gunzipSync(sample).toString('utf8')) as object
  const newer = gzipSync(JSON.stringify({ ...order, version: 2 }))
  await expect(readWorkOrder(holding(newer), 'data', KEY)).rejects.toMatchObject({
    code: 'CorruptState',
    message: expect.stringContaining(`${KEY}: expected a work order of version 1, found version 2`) as string,
  })
})
