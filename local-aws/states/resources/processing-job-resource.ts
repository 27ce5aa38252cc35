import { setTimeout as delay } from 'node:timers/promises'
import { SYSTEM_TIMERS } from '../../timers.ts'
import { unlessAborted } from '../run/clock.ts'
import { StateError, TASK_FAILED } from '../language/errors.ts'
import type { TaskResource } from '../run/run.ts'

/** Value of `Resource` of a Task that runs a SageMaker processing job and waits for its end. */
export const PROCESSING_JOB = 'arn:aws:states:::sagemaker:createProcessingJob.sync'

/** The part of SageMaker Processing that state machines use. */
export interface ProcessingJobs {
  /**
   * Creates a job from a CreateProcessingJob request.
   *
   * @throws Error whose `code` or `name` is that of SageMaker's error
   */
  create(request: Readonly<Record<string, unknown>>): Promise<unknown>
  /** Returns the output of DescribeProcessingJob for the job with a name. */
  describe(name: string): Promise<Readonly<Record<string, unknown>>>
  /** Asks a job to stop; may fail if it has ended. */
  stop(name: string): Promise<unknown>
  /** Resolves when a job may have ended, so that it is described again. @default the job is described every 25 ms */
  ended?(name: string): Promise<void>
}

/** Pause between two looks at a job, in milliseconds. */
const POLL_MS = 25
/** Number of looks at a stopping job before it is given up: about two minutes. */
const MAX_STOP_POLLS = 5000

const OVER = ['Completed', 'Failed', 'Stopped']

/**
 * Returns the Task resource that runs SageMaker processing jobs, as Step Functions' optimized integration does. It
 * creates the job and waits for its end; a job that does not complete fails the state with `States.TaskFailed`. If the
 * state times out or the execution ends, the job is stopped.
 * https://docs.aws.amazon.com/step-functions/latest/dg/connect-sagemaker.html
 */
export function processingJobResource(jobs: ProcessingJobs): TaskResource {
  return async ({ arguments: input, signal }) => {
    signal.throwIfAborted()
    const request = input as Readonly<Record<string, unknown>>
    const name = String(request.ProcessingJobName)
    try {
      await jobs.create(request)
    } catch (error) {
      throw createError(error)
    }
    try {
      const job = await ended(jobs, name, () =>
        jobs.ended ? unlessAborted(jobs.ended(name), signal) : SYSTEM_TIMERS.sleep(POLL_MS, signal),
      )
      if (job.ProcessingJobStatus === 'Completed') return plain(job)
      throw new StateError(TASK_FAILED, JSON.stringify(plain(job)))
    } catch (error) {
      if (signal.aborted) await stop(jobs, name)
      throw error
    }
  }
}

async function ended(jobs: ProcessingJobs, name: string, pause: () => Promise<unknown>) {
  for (;;) {
    const job = await jobs.describe(name)
    if (OVER.includes(String(job.ProcessingJobStatus))) return job
    await pause()
  }
}

async function stop(jobs: ProcessingJobs, name: string): Promise<void> {
  try {
    await jobs.stop(name)
  } catch {
    // It may just have ended by itself, which is as good.
  }
  let polls = 0
  await ended(jobs, name, async () => {
    if (++polls > MAX_STOP_POLLS) throw new Error(`Processing job ${name} does not stop.`)
    await delay(POLL_MS)
  })
}

/**
 * Errors in SageMaker's model of CreateProcessingJob: executions show them by their own name with `Exception` appended.
 * All others, throttling and validation among them, appear as AmazonSageMakerException, with their code in the cause.
 * Executions on AWS show `SageMaker.ResourceLimitExceededException` and `SageMaker.AmazonSageMakerException`.
 * https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateProcessingJob.html#API_CreateProcessingJob_Errors
 * https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */
const MODELED = ['ResourceInUse', 'ResourceLimitExceeded', 'ResourceNotFound']

function createError(error: unknown): StateError {
  const { code, name, message, status } = error as Error & { code?: string; status?: number }
  const errorCode = code ?? name
  const kind = MODELED.includes(errorCode) ? `${errorCode}Exception` : 'AmazonSageMakerException'
  const details = `Service: AmazonSageMaker; Status Code: ${status ?? 400}; Error Code: ${errorCode}`
  return new StateError(`SageMaker.${kind}`, `${message} (${details})`)
}

/** Returns the job as JSON, with times in milliseconds, as Step Functions has them. */
function plain(job: Readonly<Record<string, unknown>>): unknown {
  return JSON.parse(
    JSON.stringify(job, function (this: Record<string, unknown>, key, value: unknown) {
      const original = this[key]
      return original instanceof Date ? original.getTime() : value
    }),
  )
}
