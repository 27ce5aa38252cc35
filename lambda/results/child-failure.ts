import { FAILURES } from '../../core/failures.ts'
import { ERROR_CODES, type ErrorCode } from '../../core/errors.ts'
import { causeIn, failureText } from './failure-text.ts'
import type { ChildResult } from './map-results.ts'

/** Why a child failed. */
export interface ChildFailure {
  /** Name of the error: that of the job's program, if it tells one. */
  readonly error: string
  /** What went wrong, in one line. */
  readonly cause: string
  /** Whether the day fails so again as long as its raw files, feature code and settings are the same. */
  readonly lasts: boolean
}

/** What Step Functions says of a task that was started and failed. */
const TASK_FAILED = 'States.TaskFailed'
/** Begins the reason of a job whose program failed, not AWS. */
const PROGRAM_FAILED = 'AlgorithmError'

/**
 * Tells why a child failed. A child that did not run, or was aborted, says nothing of its day; nor does a program that
 * names no code, since it was stopped, killed, or did not get through to S3.
 */
export function failureOf({ Error: name, Status, Cause }: ChildResult): ChildFailure {
  const error = name ?? `States.${Status}`
  const cause = failureText(Cause)
  if (isCode(error)) return { error, cause, lasts: FAILURES[error].lasts }
  const limit = error === TASK_FAILED ? usedUpSeconds(Cause) : undefined
  if (limit !== undefined)
    return { error: 'JobFailed', cause: overtimeText(limit), lasts: FAILURES.JobFailed.lasts }
  const hasFailed = error === TASK_FAILED && causeIn(Cause).FailureReason?.startsWith(PROGRAM_FAILED) === true
  const [, code = '', text = ''] = (hasFailed && /^(\w+): (.*)$/s.exec(cause)) || []
  if (isCode(code)) return { error: code, cause: text, lasts: FAILURES[code].lasts }
  return { error, cause, lasts: false }
}

/**
 * The seconds that a job might take, where SageMaker stopped it for having used them up. It gives no reason: one that a
 * person stopped is told from it by its length. The next job would be stopped at the same place, at the same price.
 * https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProcessingStoppingCondition.html
 */
function usedUpSeconds(cause: string | undefined): number | undefined {
  const { ProcessingJobStatus, ProcessingStartTime, ProcessingEndTime, StoppingCondition } = causeIn(cause)
  const limit = StoppingCondition?.MaxRuntimeInSeconds
  if (ProcessingJobStatus !== 'Stopped' || limit === undefined) return undefined
  const milliseconds = Number(ProcessingEndTime) - Number(ProcessingStartTime)
  return milliseconds >= limit * 1000 ? limit : undefined
}

const overtimeText = (seconds: number) =>
  `The job: expected it to end within ${seconds} s (maxRuntimeSeconds), found it still at work; nothing was published. ` +
  'Raise maxRuntimeSeconds or choose a larger instanceType, or try it again as it is in mode failed.'

const isCode = (name: string): name is ErrorCode => (ERROR_CODES as readonly string[]).includes(name)
