import { headObject, type Bucket } from '../../aws/objects.ts'
import { putObject } from '../../aws/write-objects.ts'
import { VERIFIED_KEY } from '../../core/layout.ts'

/**
 * Records that an execution has just shown that the tables are fresh and agree with their manifests.
 *
 * @param execution its name
 */
export async function recordVerified(data: Bucket, execution: string): Promise<void> {
  await putObject(data, VERIFIED_KEY, JSON.stringify({ execution }))
}

/**
 * Returns the hours since {@link recordVerified} was last called, by S3's clock. If it never was, they count from the
 * first call of this function, so that a deployment whose executions never get that far raises the alarm as well.
 *
 * @param execution name of the execution that asks
 */
export async function hoursSinceVerified(data: Bucket, execution: string): Promise<number> {
  const head = await headObject(data, VERIFIED_KEY)
  if (head) return Math.max(0, head.ageSeconds / 3600)
  await putObject(data, VERIFIED_KEY, JSON.stringify({ begunBy: execution }), { onlyOver: 'absent' })
  return 0
}
