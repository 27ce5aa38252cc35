import * as z from 'zod'
import type { DatasetDay } from './dataset-day.ts'
import { addDays, countDays, dayAt, daysBetween, isDay, isInstant, type Day } from './dates.ts'
import { DayfoldError } from './errors.ts'
import { DEFAULT_MODE, MODE_NAMES } from './modes.ts'
import { MAX_CONCURRENCY } from './run-settings.ts'

/** Maximum number of dataset-days that one execution may cover. */
export const MAX_DATASET_DAYS = 1100

/** Error message that says what was expected and what was found. */
const expected = (field: string, what: string) => ({
  error: (issue: { readonly input?: unknown }) =>
    `"${field}": expected ${what}, found ${JSON.stringify(issue.input)}`,
})

const day = (field: string) => {
  const message = expected(field, 'an existing day as YYYY-MM-DD')
  return z.string(message).refine(isDay, message)
}

const boolean = (field: string) => z.boolean(expected(field, 'true or false'))

const INSTANT = expected('scheduledAt', 'an ISO 8601 time such as 2024-01-31T09:10:00Z')
const NAMES = expected('datasets', 'a list of names of datasets')
const CONCURRENCY = expected('maxConcurrency', `a whole number from 1 to ${MAX_CONCURRENCY}`)

const FIELDS = {
  from: day('from').optional(),
  to: day('to').optional(),
  /** ISO time that the schedule rule passes on; absent in a manual execution. */
  scheduledAt: z.string(INSTANT).refine(isInstant, INSTANT).optional(),
  /** Names of datasets; absent for all. */
  datasets: z
    .array(z.string(NAMES), NAMES)
    .min(1, {
      error: () => '"datasets": expected at least one name, found none; leave the field out for all datasets',
    })
    .readonly()
    .optional(),
  mode: z.enum(MODE_NAMES, expected('mode', `one of ${MODE_NAMES.join(', ')}`)).default(DEFAULT_MODE),
  maxConcurrency: z.int(CONCURRENCY).min(1, CONCURRENCY).max(MAX_CONCURRENCY, CONCURRENCY).optional(),
  dryRun: boolean('dryRun').default(false),
  /** Lets `rebuild` empty a day that has data if its raw prefix holds nothing. */
  allowEmpty: boolean('allowEmpty').default(false),
}

/** Names of the execution input's fields, in the order in which messages list them. */
export const INPUT_FIELDS = Object.keys(FIELDS)

const schema = z.strictObject(FIELDS, {
  error: (issue) =>
    issue.code === 'unrecognized_keys'
      ? `unknown field ${issue.keys.map((key) => `"${key}"`).join(', ')}: expected one of ${INPUT_FIELDS.join(', ')}`
      : `expected a JSON object such as {"from": "2024-01-01", "to": "2024-01-31"}, found ${JSON.stringify(issue.input)}`,
})

/** The input of an execution with defaults filled in. `from` and `to` are both set or both absent. */
export type ExecutionInput = Readonly<z.output<typeof schema>>

/**
 * Validates `value` as an execution input and fills in defaults.
 *
 * @throws DayfoldError InvalidInput for an unknown field, a value of the wrong kind, only one of `from` and `to`, or
 *   `from` after `to`. The message lists every problem.
 */
export function parseExecutionInput(value: unknown): ExecutionInput {
  const parsed = schema.safeParse(value)
  if (!parsed.success) {
    throw invalid(parsed.error.issues.map((issue) => issue.message).join('; '), value)
  }
  const input = parsed.data
  if ((input.from === undefined) !== (input.to === undefined)) {
    throw invalid(
      `"from" and "to": expected both or neither, found only "${input.from === undefined ? 'to' : 'from'}"`,
      value,
    )
  }
  if (input.from !== undefined && countDays(input.from, input.to!) < 1) {
    throw invalid(`"from": expected a day not after "to" (${input.to}), found "${input.from}"`, value)
  }
  return input
}

function invalid(problem: string, input: unknown): DayfoldError {
  return new DayfoldError('InvalidInput', `Execution input: ${problem}.`, { context: { input } })
}

/** Settings of a dataset that decide which days a scheduled run covers. */
export interface ScheduledDataset {
  readonly name: string
  /** IANA zone of the days in the raw prefix. */
  readonly timeZone: string
  /** Days before today that a scheduled run covers too, for late files. */
  readonly lookbackDays: number
}

/**
 * Lists the dataset-days that an execution covers, newest day first, within a day in the order of the datasets, so that
 * today is fresh first if not all fit in at once.
 *
 * @param now ISO time, used if the input has no `scheduledAt`
 * @throws DayfoldError UnknownDataset for a name that is not deployed
 * @throws DayfoldError TooManyDays for more than {@link MAX_DATASET_DAYS}
 */
export function expandDatasetDays(
  input: ExecutionInput,
  deployed: readonly ScheduledDataset[],
  now: string,
): DatasetDay[] {
  const chosen = chooseDatasets(input, deployed)
  const count = chosen.reduce((sum, dataset) => sum + daysCount(input, dataset), 0)
  if (count > MAX_DATASET_DAYS) {
    throw new DayfoldError(
      'TooManyDays',
      `Execution input: expected at most ${MAX_DATASET_DAYS} dataset-days an execution, found ${count} ` +
        `(${chosen.length} dataset${chosen.length === 1 ? '' : 's'}). Split the range, or name fewer datasets.`,
      { context: { count } },
    )
  }
  const days = chosen.flatMap((dataset) =>
    daysOf(input, dataset, now).map((date) => ({ dataset: dataset.name, date })),
  )
  return days.sort((a, b) => (a.date === b.date ? 0 : a.date < b.date ? 1 : -1))
}

function chooseDatasets(input: ExecutionInput, deployed: readonly ScheduledDataset[]): ScheduledDataset[] {
  if (!input.datasets) return [...deployed]
  const names = [...new Set(input.datasets)]
  return names.map((name) => {
    const dataset = deployed.find((candidate) => candidate.name === name)
    if (dataset) return dataset
    throw new DayfoldError(
      'UnknownDataset',
      `Execution input: "datasets": expected names among ${deployed.map((d) => d.name).join(', ')}, found "${name}".`,
    )
  })
}

function daysCount(input: ExecutionInput, dataset: ScheduledDataset): number {
  return input.from === undefined ? dataset.lookbackDays + 1 : countDays(input.from, input.to!)
}

function daysOf(input: ExecutionInput, dataset: ScheduledDataset, now: string): Day[] {
  if (input.from !== undefined) return daysBetween(input.from, input.to!)
  const today = dayAt(input.scheduledAt ?? now, dataset.timeZone)
  return daysBetween(addDays(today, -dataset.lookbackDays), today)
}
