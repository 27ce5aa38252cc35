import { expect, it } from 'vitest'
import { startS3 } from '@dayfold/local-aws/test-support/start-s3'
import type { Bucket } from '../../../aws/objects.ts'
import { putObject } from '../../../aws/write-objects.ts'
import { reportKey } from '../../../core/layout.ts'
import { decodeReport, encodeReport } from '../../../core/job-report.ts'
import type { Published } from '../../../core/manifest.ts'
import { encodeWorkOrder } from '../../../core/work-order.ts'
import { writeWorkOrder } from '../../../lambda/planning/order-work.ts'
import { readReport, readWorkOrder, reasonsOfRejects } from '../../../lambda/publishing/finished-work.ts'
import { formerDocument } from '../../support/former-documents.ts'

const data: Bucket = { s3: (await startS3()).client, name: 'data' }

it('an order is read as it was written, under the key that the writer gives', async () => {
  await putObject(data, 'sample', formerDocument('work-order.json.gz'))
  const order = await readWorkOrder(data, 'sample')
  expect(await readWorkOrder(data, await writeWorkOrder(data, order))).toEqual(order)
})

it('an order that is gone or cannot be read is named', async () => {
  const key = 'runs/gone.json.gz'
  await expect(readWorkOrder(data, key)).rejects.toMatchObject({ code: 'CorruptState' })
  await putObject(data, key, 'text')
  await expect(readWorkOrder(data, key)).rejects.toMatchObject({
    code: 'CorruptState',
    message: expect.stringContaining(`${key}: expected a work order`) as string,
  })
})

it('a report that is gone is gone staging, one that cannot be read is corrupt', async () => {
  await putObject(data, 'sample', formerDocument('work-order.json.gz'))
  const order = await readWorkOrder(data, 'sample')
  await expect(readReport(data, order)).rejects.toMatchObject({ code: 'StagingGone' })
  await putObject(data, reportKey(order.staging), encodeWorkOrder(order))
  await expect(readReport(data, order)).rejects.toMatchObject({
    code: 'CorruptState',
    context: { key: reportKey(order.staging) },
  })
  await putObject(data, reportKey(order.staging), formerDocument('report.json.gz'))
  expect(await readReport(data, order)).toMatchObject({ dataset: 'jobs', totals: { rows: 236 } })
})

it('why records were rejected is told while the report is there, and stops nothing when it is not', async () => {
  await putObject(data, 'sample', formerDocument('work-order.json.gz'))
  const order = await readWorkOrder(data, 'sample')
  const reportAt = reportKey(order.staging)
  const report = decodeReport(formerDocument('report.json.gz'), reportAt)
  const first = { source: 'a.jsonl', line: 3, message: 'text that is not JSON' }
  const rejectedFor = [{ reason: 'invalid-json', records: 2, first }] as const
  await putObject(data, reportAt, encodeReport({ ...report, rejectedFor }))
  const published = (rejected: number) => ({ totals: { ...report.totals, rejected } }) as Published
  expect(await reasonsOfRejects(data, order, published(2))).toEqual(rejectedFor)
  expect(await reasonsOfRejects(data, order, published(0))).toBeUndefined()
  await putObject(data, reportAt, 'text')
  expect(await reasonsOfRejects(data, order, published(2))).toBeUndefined()
  // A report that was read before is not read again.
  expect(await reasonsOfRejects(data, order, published(2), { ...report, rejectedFor })).toEqual(rejectedFor)
})
