import { StateError } from '@dayfold/local-aws/states'
import type { Interceptor } from './pipeline.ts'

/** Fails the first attempts at a state with these errors, one each, then lets the state be. */
export function failing(...errors: readonly (readonly [error: string, cause: string])[]): Interceptor {
  const left = [...errors]
  return ({ proceed }) => {
    const next = left.shift()
    return next ? Promise.reject(new StateError(...next)) : proceed()
  }
}

/** What Step Functions says of a job that ran and failed. */
export function failedJob(FailureReason: string): readonly [string, string] {
  return ['States.TaskFailed', JSON.stringify({ ProcessingJobStatus: 'Failed', FailureReason })]
}
