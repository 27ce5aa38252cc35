import type { Bucket } from '../../aws/objects.ts'
import { putObject } from '../../aws/write-objects.ts'
import { progressKey } from '../../core/layout.ts'
import type { PlanDayInput, PlanDayOutput, Progress } from '../../core/messages.ts'

/** Tells whoever follows the execution what a day waits for, and when it waits no longer. */
export async function tellWait(data: Bucket, input: PlanDayInput, output: PlanDayOutput): Promise<void> {
  if (output.action !== 'wait' && input.waits === 0) return
  const { execution, dataset, date } = input
  const progress: Progress = {
    dataset,
    date,
    ...phaseOf(output),
    files: NONE,
    records: 0,
    rows: 0,
    rejected: 0,
    bytes: NONE,
    at: new Date().toISOString(),
  }
  await putObject(data, progressKey(execution.name, dataset, date), JSON.stringify(progress))
}

const NONE = { done: 0, total: 0 }

function phaseOf(output: PlanDayOutput): Pick<Progress, 'phase' | 'why'> {
  if (output.action === 'wait') return { phase: 'waiting', why: output.outcome.why }
  return { phase: output.action === 'process' ? 'starting' : 'done' }
}
