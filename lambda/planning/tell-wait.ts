import type { Bucket } from '../../aws/objects.ts'
import { putObject } from '../../aws/write-objects.ts'
import { progressKey } from '../../core/layout.ts'
import type { InstanceWait, PlanDayInput, PlanDayOutput, Progress } from '../../core/messages.ts'

/**
 * Writes to the day's progress object, which the command line shows, that PlanDay has answered `wait` and why; or,
 * after such waits, that the day goes on.
 */
export async function tellWait(data: Bucket, input: PlanDayInput, output: PlanDayOutput): Promise<void> {
  if (output.action !== 'wait' && input.waits === 0) return
  await putProgress(data, input, phaseOf(output))
}

async function putProgress(
  data: Bucket,
  { execution, dataset, date }: PlanDayInput,
  phase: Pick<Progress, 'phase' | 'why'>,
): Promise<void> {
  const progress: Progress = {
    dataset,
    date,
    ...phase,
    files: NONE,
    records: 0,
    rows: 0,
    rejected: 0,
    bytes: NONE,
    at: new Date().toISOString(),
  }
  await putObject(data, progressKey(execution.name, dataset, date), JSON.stringify(progress))
}

/**
 * Writes to the day's progress object, which the command line shows, that the day's job waits for an instance.
 *
 * @param now ISO time
 * @returns the seconds since the state machine first asked for the job
 */
export async function tellInstanceWait(
  data: Bucket,
  input: PlanDayInput,
  { since, error }: InstanceWait,
  now: string,
): Promise<number> {
  const seconds = Math.max(0, (Date.parse(now) - Date.parse(since)) / 1000)
  const isQuota = error.includes('ResourceLimitExceeded')
  const why = isQuota
    ? 'for an instance, as the quota is used up'
    : `for an instance, as SageMaker answers ${error}`
  await putProgress(data, input, { phase: 'waiting', why: `${why}, since ${since}` })
  return seconds
}

const NONE = { done: 0, total: 0 }

function phaseOf(output: PlanDayOutput): Pick<Progress, 'phase' | 'why'> {
  if (output.action === 'wait') return { phase: 'waiting', why: output.outcome.why }
  return { phase: output.action === 'process' ? 'starting' : 'done' }
}
