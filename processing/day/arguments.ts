import { parseArgs } from 'node:util'
import { JOB_ARGUMENTS } from '../../core/environment.ts'
import { DayfoldError } from '../../core/errors.ts'
import { decodeWorkOrder, locateWorkOrder, type WorkOrder } from '../../core/work-order.ts'
import type { S3 } from '../s3/client.ts'

/** The arguments of the container. */
export interface JobArguments {
  /** `s3://` URI of the work order. */
  readonly workOrder: string
  readonly featureVersion: string
}

/**
 * The arguments that the container was started with.
 *
 * @throws DayfoldError InvalidInput when one is missing or unknown
 */
export function parseArguments(args: readonly string[]): JobArguments {
  const names = {
    workOrder: JOB_ARGUMENTS.workOrder.slice(2),
    featureVersion: JOB_ARGUMENTS.featureVersion.slice(2),
  }
  const string = { type: 'string' } as const
  const expected = `expected ${JOB_ARGUMENTS.workOrder} s3://… ${JOB_ARGUMENTS.featureVersion} …`
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
 * Reads the work order at `uri`.
 *
 * @throws DayfoldError InvalidInput for another URI, CorruptState for an order that cannot be read
 */
export async function readWorkOrder(s3: S3, uri: string): Promise<WorkOrder> {
  return decodeWorkOrder(await s3.get(locateWorkOrder(uri)), uri)
}
