import { readObject, type Bucket } from '../../aws/objects.ts'
import { DayfoldError } from '../../core/errors.ts'
import { decodeReport, type JobReport } from '../../core/job-report.ts'
import { reportKey } from '../../core/layout.ts'
import { decodeWorkOrder, locateWorkOrder, type WorkOrder } from '../../core/work-order.ts'

/**
 * Reads the work order at an `s3://` URI.
 *
 * @throws DayfoldError CorruptState when there is none that can be read
 */
export async function readWorkOrder(data: Bucket, uri: string): Promise<WorkOrder> {
  const object = await readObject(data, locateWorkOrder(uri).key)
  if (object) return decodeWorkOrder(object.body, uri)
  throw new DayfoldError('CorruptState', `Work order ${uri}: expected it, found none. Run the day again.`)
}

/**
 * Reads the report of the job that worked on an order.
 *
 * @throws DayfoldError StagingGone when there is none, CorruptState when it cannot be read
 */
export async function readReport(data: Bucket, order: WorkOrder): Promise<JobReport> {
  const key = reportKey(order.staging)
  const object = await readObject(data, key)
  if (object) return decodeReport(object.body, key)
  throw new DayfoldError('StagingGone', `Report ${key}: expected it, found none. Run the day again.`)
}
