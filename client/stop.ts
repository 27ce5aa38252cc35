import { StopProcessingJobCommand } from '@aws-sdk/client-sagemaker'
import type { ExecutionRef } from '../core/messages.ts'
import { jobsOf } from './execution-jobs.ts'
import { stopExecution } from './executions.ts'
import type { Target } from './target.ts'

/**
 * Stops an execution and its processing jobs. Step Functions tries to stop jobs that it waits for, but does not promise
 * to.
 * https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html
 *
 * @param since start of the execution
 * @returns the number of jobs that were still running and were asked to stop
 */
export async function stopWithJobs(
  target: Target,
  execution: ExecutionRef,
  { cause, since, now }: { readonly cause: string; readonly since: Date; readonly now: Date },
): Promise<number> {
  await stopExecution(target, execution, cause)
  const { sagemaker } = target.clients
  const jobs = await jobsOf(sagemaker, execution, { deployment: target.name, since, now })
  const running = jobs.filter(({ isRunning }) => isRunning)
  for (const { name: ProcessingJobName } of running) {
    // A job that has ended meanwhile cannot be stopped.
    await sagemaker.send(new StopProcessingJobCommand({ ProcessingJobName })).catch(ignoreEnded)
  }
  return running.length
}

function ignoreEnded(error: unknown): void {
  const isEnded = error instanceof Error && ['ValidationException', 'ResourceNotFound'].includes(error.name)
  if (!isEnded) throw error
}
