import { FAILURES } from '../../core/failures.ts'
import { ERROR_CODES, type ErrorCode } from '../../core/errors.ts'
import { causeIn, failureText } from './failure-text.ts'
import type { ChildResult } from './map-results.ts'

/** Reason why a child of the Map, which works on one dataset-day, failed. */
export interface ChildFailure {
  /** Name of the error. If the job's program failed with an error code, that code. */
  readonly error: string
  /** Message of the error in one line. */
  readonly cause: string
  /** True if the day would fail again as long as its raw files, feature code and settings stay the same. */
  readonly lasts: boolean
}

/** Step Functions' name for the failure of a task that had started. */
const TASK_FAILED = 'States.TaskFailed'
/** Prefix of SageMaker's reason when the program failed, not AWS. */
const PROGRAM_FAILED = 'AlgorithmError'

/**
 * Returns why a child failed, from Step Functions' record of it. Only errors with one of Dayfold's codes, and a job
 * that used up its time limit, can count as lasting: a child that was aborted or never started, and a program that was
 * killed or could not reach S3, say nothing about the day.
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
 * Returns the job's time limit in seconds if SageMaker stopped the job for reaching it. SageMaker gives no reason; its
 * length tells such a job from one that a person stopped. The next job would stop at the same place, at the same price.
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
