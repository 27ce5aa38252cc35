import {
  expandDatasetDays,
  parseExecutionInput,
  type DatasetDay,
  type ExecutionInput,
} from '../../core/execution-input.ts'
import type { Deployment } from '../../core/deployment.ts'
import { itemsKey } from '../../core/layout.ts'
import type { PlanInput, PlanOutput } from '../../core/messages.ts'
import { putObject } from '../../aws/write-objects.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { listRequeued } from '../ledger/requeue-entries.ts'
import { sweepOpenIntents, type SweptDay } from '../ledger/sweep.ts'

export interface PlanContext {
  readonly ledger: Ledger
  readonly deployment: Deployment
  /** What an execution without `maxConcurrency` gets. */
  readonly maxConcurrency: number
  /** Hears of every entry in `state/_open/`. */
  readonly onSwept?: (day: SweptDay) => void
}

/**
 * Validates an execution's input, finishes what earlier executions left unfinished, whatever days this one covers, and
 * writes the Map's items. Days whose publish had to be given up, by whomever, join them.
 *
 * @throws DayfoldError InvalidInput, UnknownDataset or TooManyDays
 */
export async function plan(event: PlanInput, context: PlanContext): Promise<PlanOutput> {
  const { ledger, deployment, maxConcurrency } = context
  const input = parseExecutionInput(event.input ?? {})
  const days = expandDatasetDays(input, deployment.datasets, event.startedAt)
  const { mode, dryRun, allowEmpty } = input
  const again = dryRun ? [] : await sweep(context)
  const items = [...days, ...notIn(days, again)]
  const key = itemsKey(event.execution.name)
  await putObject(ledger.data, key, JSON.stringify(items))
  return {
    execution: event.execution,
    items: { bucket: ledger.data.name, key },
    count: items.length,
    maxConcurrency: input.maxConcurrency ?? maxConcurrency,
    mode,
    dryRun,
    allowEmpty,
    scheduled: input.scheduledAt !== undefined,
    at: instantOf(input, event),
  }
}

const instantOf = (input: ExecutionInput, event: PlanInput) => input.scheduledAt ?? event.startedAt

/** Sweeps; gives the days of deployed datasets that have to be worked on again. */
async function sweep({ ledger, deployment, onSwept }: PlanContext): Promise<DatasetDay[]> {
  for (const day of await sweepOpenIntents(ledger)) onSwept?.(day)
  const names = new Set(deployment.datasets.map((dataset) => dataset.name))
  const again = await listRequeued(ledger.data)
  return again.filter(({ dataset }) => names.has(dataset)).map(({ dataset, date }) => ({ dataset, date }))
}

function notIn(days: readonly DatasetDay[], others: readonly DatasetDay[]): DatasetDay[] {
  const known = new Set(days.map(({ dataset, date }) => `${dataset}/${date}`))
  return others.filter(({ dataset, date }) => !known.has(`${dataset}/${date}`))
}
