import { DayfoldError } from '../../core/errors.ts'
import { decodeJsonGzip, encodeJsonGzip } from '../../core/json.ts'
import { parseS3Uri, reportKey, s3Uri, workOrderKey } from '../../core/layout.ts'
import type { JobReport, WorkOrder } from '../../core/messages.ts'
import { readObject, type Bucket } from '../../aws/objects.ts'
import { putObject } from '../../aws/write-objects.ts'

/** Writes a work order; gives its `s3://` URI. */
export async function writeWorkOrder(data: Bucket, order: WorkOrder): Promise<string> {
  const key = workOrderKey(order.execution.name, order.dataset, order.date, order.attempt)
  await putObject(data, key, encodeJsonGzip(order), { contentType: 'application/gzip' })
  return s3Uri(data.name, key)
}

/**
 * The work order at an `s3://` URI.
 *
 * @throws DayfoldError CorruptState when there is none
 */
export async function readWorkOrder(data: Bucket, uri: string): Promise<WorkOrder> {
  const key = parseS3Uri(uri)?.key
  const object = key === undefined ? undefined : await readObject(data, key)
  if (object) return decodeJsonGzip(object.body, uri) as WorkOrder
  throw new DayfoldError('CorruptState', `Work order ${uri}: expected it, found none. Run the day again.`)
}

/**
 * The report of the job that worked on an order.
 *
 * @throws DayfoldError StagingGone when there is none
 */
export async function readReport(data: Bucket, order: WorkOrder): Promise<JobReport> {
  const key = reportKey(order.staging)
  const object = await readObject(data, key)
  if (object) return decodeJsonGzip(object.body, key) as JobReport
  throw new DayfoldError('StagingGone', `Report ${key}: expected it, found none. Run the day again.`)
}
