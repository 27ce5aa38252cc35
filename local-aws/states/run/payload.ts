import { DATA_LIMIT_EXCEEDED, StateError } from '../language/errors.ts'

/**
 * Largest size, in bytes of JSON, of an input, an output or a variable of a state.
 * https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html#service-limits-task-executions
 */
export const MAX_PAYLOAD_BYTES = 262_144

/**
 * Returns the value unchanged if its JSON is not larger than {@link MAX_PAYLOAD_BYTES}.
 *
 * @param what name of the value, for the error's cause
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
