import { parseArgs } from 'node:util'
import { JOB_ARGUMENTS } from '../../core/environment.ts'
import { DayfoldError } from '../../core/errors.ts'
import { decodeWorkOrder, type WorkOrder } from '../../core/work-order.ts'
import type { S3 } from '../s3/client.ts'

/** Arguments with which the state machine starts the job's container. */
export interface JobArguments {
  /** Key of the work order in the data bucket. */
  readonly workOrder: string
  /** Feature version that the state machine was deployed with. */
  readonly featureVersion: string
}

/**
 * Parses the arguments of the container.
 *
 * @throws DayfoldError InvalidInput if one is missing or unknown
 */
export function parseArguments(args: readonly string[]): JobArguments {
  const names = {
    workOrder: JOB_ARGUMENTS.workOrder.slice(2),
    featureVersion: JOB_ARGUMENTS.featureVersion.slice(2),
  }
  const string = { type: 'string' } as const
  const expected = `expected ${JOB_ARGUMENTS.workOrder} KEY ${JOB_ARGUMENTS.featureVersion} …`
  let values: Record<string, string | undefined>
  try {
    const options = { [names.workOrder]: string, [names.featureVersion]: string }
    values = parseArgs({ args: [...args], options, allowPositionals: false }).values
  } catch (cause) {
    throw new DayfoldError('InvalidInput', `Arguments: ${expected}; ${(cause as Error).message}`, { cause })
  }
  const [workOrder, featureVersion] = [values[names.workOrder], values[names.featureVersion]]
  if (workOrder === undefined || featureVersion === undefined) {
    throw new DayfoldError('InvalidInput', `Arguments: ${expected}, found ${args.join(' ') || 'none'}.`)
  }
  return { workOrder, featureVersion }
}

/**
 * Reads the work order with that key from the data bucket.
 *
 * @throws DayfoldError CorruptState if it cannot be decoded
 */
export async function readWorkOrder(s3: S3, bucket: string, key: string): Promise<WorkOrder> {
  return decodeWorkOrder(await s3.get({ bucket, key }), key)
}
