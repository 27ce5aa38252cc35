import { headObject, type Bucket } from '../../aws/objects.ts'
import { putObject } from '../../aws/write-objects.ts'
import { VERIFIED_KEY } from '../../core/layout.ts'

/** Records that an execution has just found the tables right. */
export async function recordVerified(data: Bucket, execution: string): Promise<void> {
  await putObject(data, VERIFIED_KEY, JSON.stringify({ execution }))
}

/**
 * Returns the hours since an execution last found the tables right, by S3's clock. They start with the first execution
 * that asks, so that a deployment whose executions never get that far raises the alarm as well.
 */
export async function hoursSinceVerified(data: Bucket, execution: string): Promise<number> {
  const head = await headObject(data, VERIFIED_KEY)
  if (head) return Math.max(0, head.ageSeconds / 3600)
  await putObject(data, VERIFIED_KEY, JSON.stringify({ begunBy: execution }), { onlyOver: 'absent' })
  return 0
}
