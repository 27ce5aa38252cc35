import { DATA_LIMIT_EXCEEDED, StateError } from '../language/errors.ts'

/**
 * Largest JSON, in bytes, that a state may take, return or assign.
 * https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html#service-limits-task-executions
 */
export const MAX_PAYLOAD_BYTES = 262_144

/**
 * Returns the value if it fits into a payload.
 *
 * @param what name of the value; begins the cause
 * @throws StateError States.DataLimitExceeded, which nothing can catch, if it is too large
 */
export function checkPayload<T>(value: T, what: string): T {
  const text = JSON.stringify(value) as string | undefined
  if (text === undefined || text.length * 3 <= MAX_PAYLOAD_BYTES) return value
  if (Buffer.byteLength(text) <= MAX_PAYLOAD_BYTES) return value
  throw new StateError(
    DATA_LIMIT_EXCEEDED,
    `${what}: the size exceeds the maximum number of bytes service limit of ${MAX_PAYLOAD_BYTES}.`,
  )
}
