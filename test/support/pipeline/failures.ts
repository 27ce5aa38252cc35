import { StateError } from '@dayfold/local-aws/states'
import type { Interceptor } from './pipeline.ts'

/**
 * Makes an interceptor that fails the first attempts at a state with these errors, one each, and lets the others pass.
 */
export function failing(...errors: readonly (readonly [error: string, cause: string])[]): Interceptor {
  const left = [...errors]
  return ({ proceed }) => {
    const next = left.shift()
    return next ? Promise.reject(new StateError(...next)) : proceed()
  }
}

/** Returns the error and cause that Step Functions gives for a job that ran and failed. */
export function failedJob(FailureReason: string): readonly [string, string] {
  return ['States.TaskFailed', JSON.stringify({ ProcessingJobStatus: 'Failed', FailureReason })]
}
