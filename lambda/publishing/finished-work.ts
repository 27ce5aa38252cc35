import { readDocument, readObject, type Bucket } from '../../aws/objects.ts'
import { orCorrupt } from '../../core/documents.ts'
import { DayfoldError } from '../../core/errors.ts'
import { decodeReport, type JobReport } from '../../core/job-report.ts'
import { reportKey } from '../../core/layout.ts'
import type { Published } from '../../core/manifest.ts'
import type { RejectedFor } from '../../core/rejects.ts'
import { decodeWorkOrder, type WorkOrder } from '../../core/work-order.ts'

/**
 * Reads the work order that a job was given.
 *
 * @throws DayfoldError CorruptState if it is missing or cannot be read
 */
export async function readWorkOrder(data: Bucket, key: string): Promise<WorkOrder> {
  const object = await readObject(data, key)
  if (object) return decodeWorkOrder(object.body, key)
  throw new DayfoldError('CorruptState', `Work order ${key}: expected it, found none. Run the day again.`)
}

/**
 * Reads the report that a job staged last.
 *
 * @throws DayfoldError StagingGone if it is missing; CorruptState if it cannot be read
 */
export async function readReport(data: Bucket, order: WorkOrder): Promise<JobReport> {
  const key = reportKey(order.staging)
  const object = await readObject(data, key)
  if (object) return decodeReport(object.body, key)
  throw new DayfoldError('StagingGone', `Report ${key}: expected it, found none. Run the day again.`)
}

/**
 * Reads the reasons why a job rejected records, from its report. Undefined if the published day has no rejects or the
 * report cannot be read.
 *
 * @param known the job's report, which is read if absent
 */
export async function reasonsOfRejects(
  data: Bucket,
  { staging }: WorkOrder,
  { totals }: Published,
  known?: JobReport,
): Promise<readonly RejectedFor[] | undefined> {
  if (totals.rejected === 0) return undefined
  const report = known ?? (await orCorrupt(() => readDocument(data, reportKey(staging), decodeReport)))
  return report instanceof DayfoldError ? undefined : report?.rejectedFor
}
