import type { DatasetDay } from '../../core/dataset-day.ts'
import { expandDatasetDays, parseExecutionInput, type ExecutionInput } from '../../core/execution-input.ts'
import type { Deployment } from '../../core/deployment.ts'
import { itemsKey } from '../../core/layout.ts'
import type { DayItem, PlanInput, PlanOutput } from '../../core/messages.ts'
import { MODES, TEND } from '../../core/modes.ts'
import type { ListedDayEntry } from '../../aws/day-entries.ts'
import { listOutstandingDays } from '../../aws/outstanding-days.ts'
import { putObject } from '../../aws/write-objects.ts'
import { listAwayDays } from '../ledger/away-entries.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { listRequeued } from '../ledger/requeue-entries.ts'
import { putScheduledDays, untoldDays } from '../ledger/scheduled-days.ts'
import { sweepOpenIntents, type SweptDay } from '../ledger/sweep.ts'
import { interleave } from './interleave.ts'

/**
 * Maximum number of days outside the requested ones that an execution takes closer to their ordinary folder (mode
 * `tend`).
 */
export const MAX_TENDED = 100
/** Maximum number of outstanding days outside the requested ones that an execution works on. */
export const MAX_OUTSTANDING = 100

/** Ledger, datasets and limits that Plan works with. */
export interface PlanContext {
  readonly ledger: Ledger
  readonly deployment: Deployment
  /** Number of dataset-days worked on at once, for an execution that does not set `maxConcurrency`. */
  readonly maxConcurrency: number
  /**
   * How many of these are kept for the schedule: other executions get the rest, but at least one.
   * @default 0
   */
  readonly reservedForSchedule?: number
  /** Called with each entry in `state/_open/` and the state of its intent. */
  readonly onSwept?: (day: SweptDay) => void
}

/**
 * Validates an execution's input and writes the Map's items to `runs/<execution>/items.json`. Items are the requested
 * days and, unless it is a dry run, requeued days, outstanding days and days that are not in their ordinary folder; for
 * a scheduled execution also the days of earlier ones that have not told their outcome, because they died.
 * Unless it is a dry run, it first finishes intents that dead functions have left open on any day. Days of datasets
 * with `maxConcurrency` are spread out among the others.
 *
 * @throws DayfoldError InvalidInput, UnknownDataset or TooManyDays
 */
export async function plan(event: PlanInput, context: PlanContext): Promise<PlanOutput> {
  const { ledger, deployment } = context
  const input = parseExecutionInput(event.input ?? {})
  const days = expandDatasetDays(input, deployment.datasets, event.startedAt)
  const { mode, dryRun, allowEmpty } = input
  const untold =
    input.scheduledAt !== undefined && !dryRun
      ? await untoldDays(ledger.data, event.execution.name)
      : undefined
  const inherited = daysBeside(days, untold?.days ?? [], deployment)
  const own = [...days, ...inherited]
  if (untold) await putScheduledDays(ledger.data, event.execution.name, own)
  const items = [
    ...days.map((day): DayItem => ({ ...day, mode })),
    ...inherited.map(itemOf('changed')),
    ...(dryRun ? [] : await others(own, input, context)),
  ]
  const key = itemsKey(event.execution.name)
  const maxConcurrency = concurrencyOf(input, context)
  const ordered = interleave(items, deployment.datasets, maxConcurrency)
  await putObject(ledger.data, key, JSON.stringify(ordered))
  await untold?.forget()
  return {
    execution: event.execution,
    items: { bucket: ledger.data.name, key },
    count: items.length,
    maxConcurrency,
    mode,
    dryRun,
    allowEmpty,
    scheduled: input.scheduledAt !== undefined,
    at: instantOf(input, event),
  }
}

/** A backfill leaves the reserved instances to today's data, even if it asks for more. */
function concurrencyOf(
  { scheduledAt, maxConcurrency: asked }: ExecutionInput,
  { maxConcurrency, reservedForSchedule = 0 }: PlanContext,
): number {
  const wanted = asked ?? maxConcurrency
  if (scheduledAt !== undefined || reservedForSchedule === 0) return wanted
  return Math.min(wanted, Math.max(1, maxConcurrency - reservedForSchedule))
}

const instantOf = (input: ExecutionInput, event: PlanInput) => input.scheduledAt ?? event.startedAt

/**
 * Lists days beside the requested ones, of deployed datasets only: requeued days, outstanding days of the requested
 * datasets, and days that are not at home. Of the last two, those that have waited longest come first.
 */
async function others(
  days: readonly DatasetDay[],
  input: ExecutionInput,
  { ledger, deployment, onSwept }: PlanContext,
): Promise<DayItem[]> {
  for (const day of await sweepOpenIntents(ledger)) onSwept?.(day)
  const again = daysBeside(days, await listRequeued(ledger.data), deployment)
  const found = await outstandingDays(input, ledger)
  const outstanding = oldest(daysBeside([...days, ...again], found, deployment), MAX_OUTSTANDING)
  const taken = [...days, ...again, ...outstanding]
  const away = oldest(daysBeside(taken, await listAwayDays(ledger.data), deployment), MAX_TENDED)
  return [...[...again, ...outstanding].map(itemOf('changed')), ...away.map(itemOf(TEND))]
}

/** Returns those of some days that are of deployed datasets and not among `days`, each once. */
function daysBeside<D extends DatasetDay>(
  days: readonly DatasetDay[],
  found: readonly D[],
  { datasets }: Deployment,
): D[] {
  const names = new Set(datasets.map((dataset) => dataset.name))
  const known = new Set(days.map(idOf))
  return found.filter((day) => {
    if (!names.has(day.dataset) || known.has(idOf(day))) return false
    known.add(idOf(day))
    return true
  })
}

/** Lists outstanding days of the requested datasets; none in a mode that does not look at them. */
async function outstandingDays(
  { mode, datasets }: ExecutionInput,
  { data }: Ledger,
): Promise<ListedDayEntry[]> {
  if (!MODES[mode].takesOutstanding) return []
  const days = await listOutstandingDays(data)
  return days.filter(({ dataset }) => datasets?.includes(dataset) ?? true)
}

/** Returns the days with the oldest entries. */
function oldest(days: readonly ListedDayEntry[], most: number): ListedDayEntry[] {
  return days.toSorted((one, other) => one.modifiedAt - other.modifiedAt).slice(0, most)
}

const idOf = ({ dataset, date }: DatasetDay) => `${dataset}/${date}`
const itemOf =
  (mode: DayItem['mode']) =>
  ({ dataset, date }: DatasetDay): DayItem => ({ dataset, date, mode })
