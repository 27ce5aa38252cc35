import {
  expandDatasetDays,
  parseExecutionInput,
  type DatasetDay,
  type ExecutionInput,
} from '../../core/execution-input.ts'
import type { Deployment } from '../../core/deployment.ts'
import { itemsKey } from '../../core/layout.ts'
import type { DayItem, PlanInput, PlanOutput } from '../../core/messages.ts'
import { TEND } from '../../core/modes.ts'
import { putObject } from '../../aws/write-objects.ts'
import { listAwayDays } from '../ledger/away-entries.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { listRequeued } from '../ledger/requeue-entries.ts'
import { sweepOpenIntents, type SweptDay } from '../ledger/sweep.ts'

/** How many days that were not asked for an execution takes closer to their home. */
export const MAX_TENDED = 100

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
 * writes the Map's items. Days whose publish had to be given up, by whomever, and days that are not at home join them.
 *
 * @throws DayfoldError InvalidInput, UnknownDataset or TooManyDays
 */
export async function plan(event: PlanInput, context: PlanContext): Promise<PlanOutput> {
  const { ledger, deployment, maxConcurrency } = context
  const input = parseExecutionInput(event.input ?? {})
  const days = expandDatasetDays(input, deployment.datasets, event.startedAt)
  const { mode, dryRun, allowEmpty } = input
  const items = [
    ...days.map((day): DayItem => ({ ...day, mode })),
    ...(dryRun ? [] : await others(days, context)),
  ]
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

/**
 * Days that this execution was not asked for, of deployed datasets: those whose publish had to be given up are worked on
 * again, those that are not at home are taken closer to it, the ones first that have waited longest.
 */
async function others(
  days: readonly DatasetDay[],
  { ledger, deployment, onSwept }: PlanContext,
): Promise<DayItem[]> {
  for (const day of await sweepOpenIntents(ledger)) onSwept?.(day)
  const names = new Set(deployment.datasets.map((dataset) => dataset.name))
  const known = new Set(days.map(idOf))
  const again = (await listRequeued(ledger.data)).filter(
    (day) => names.has(day.dataset) && !known.has(idOf(day)),
  )
  for (const day of again) known.add(idOf(day))
  const away = (await listAwayDays(ledger.data)).filter(
    (day) => names.has(day.dataset) && !known.has(idOf(day)),
  )
  away.sort((one, other) => one.modifiedAt - other.modifiedAt)
  return [...again.map(itemOf('changed')), ...away.slice(0, MAX_TENDED).map(itemOf(TEND))]
}

const idOf = ({ dataset, date }: DatasetDay) => `${dataset}/${date}`
const itemOf =
  (mode: DayItem['mode']) =>
  ({ dataset, date }: DatasetDay): DayItem => ({ dataset, date, mode })
