import { countDays, type Day } from './dates.ts'
import type { DatasetDay } from './dataset-day.ts'
import { MAX_DATASET_DAYS } from './execution-input.ts'
import { manifestKey } from './layout.ts'
import { ACCEPT, type Mode } from './modes.ts'

/** Input of an execution that works on failed days again. */
export interface RedoInput {
  /** First day, inclusive. */
  readonly from: Day
  /** Last day, inclusive. */
  readonly to: Day
  /** Names of the datasets. */
  readonly datasets: readonly string[]
  readonly mode: Mode
  /** Set if the days are to lose their rows. */
  readonly allowEmpty?: true
}

/** A dataset-day that failed, with its error, from which the way to redo it follows. */
export interface FailedDay extends DatasetDay {
  /** Name of the error. */
  readonly error?: string
  /** Message of the error. */
  readonly cause?: string
}

/** Maximum number of datasets that one input names, so that it is short enough to be shown. */
export const MAX_NAMED_DATASETS = 40

/**
 * Returns the execution inputs that work on failed days again, once their causes are mended. There are few of them,
 * each within the limits of an execution. Days that {@link mendingInputs} or {@link emptyingInputs} handle are left
 * out.
 */
export function redoInputs(failed: readonly FailedDay[]): RedoInput[] {
  return spans(failed.filter((day) => !isWithoutRawFiles(day) && !isWithoutManifest(day)))
}

/**
 * Returns the execution inputs that rebuild the days whose manifest is gone or unreadable. In any other mode they would
 * fail again.
 */
export function mendingInputs(failed: readonly FailedDay[]): RedoInput[] {
  return inputsInMode(failed.filter(isWithoutManifest), 'rebuild')
}

/**
 * Returns the execution inputs that empty the days whose rebuild was refused because they have rows but no raw files.
 * Without a person's permission they would fail again.
 */
export function emptyingInputs(failed: readonly FailedDay[]): RedoInput[] {
  return spans(failed.filter(isWithoutRawFiles)).map((input) => ({ ...input, allowEmpty: true }))
}

/** Returns the execution inputs that accept failed days as they are, so that they are no longer outstanding. */
export function acceptingInputs(failed: readonly FailedDay[]): RedoInput[] {
  return inputsInMode(failed, ACCEPT)
}

/**
 * Returns the execution inputs that work on days in the given mode. There are few of them, each within the limits of an
 * execution; a range may cover further days in between.
 */
export function inputsInMode(days: readonly DatasetDay[], mode: Mode): RedoInput[] {
  return spans(days).map((input) => ({ ...input, mode }))
}

const isWithoutRawFiles = ({ error }: FailedDay) => error === 'EmptyPrefix'
/**
 * Text in the cause of a failed day whose manifest is gone while its data is there. It decides how the day is redone.
 */
export const MANIFEST_GONE = 'its manifest is gone'

function isWithoutManifest({ dataset, date, error, cause = '' }: FailedDay): boolean {
  if (error === 'DamagedDay') return cause.includes(MANIFEST_GONE)
  return error === 'CorruptState' && cause.startsWith(`${manifestKey(dataset, date)}:`)
}

/** Groups days in order into inputs; begins a new input when the next day would make the current one too large. */
function spans(days: readonly DatasetDay[]): RedoInput[] {
  const inputs: RedoInput[] = []
  for (const { dataset, date } of days.toSorted((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0))) {
    const { from, datasets }: Pick<RedoInput, 'from' | 'datasets'> = inputs.at(-1) ?? {
      from: date,
      datasets: [],
    }
    const names = [...new Set([...datasets, dataset])]
    const fits =
      names.length <= MAX_NAMED_DATASETS && countDays(from, date) * names.length <= MAX_DATASET_DAYS
    if (fits) inputs.splice(-1, 1, { from, to: date, datasets: names, mode: 'failed' })
    else inputs.push({ from: date, to: date, datasets: [dataset], mode: 'failed' })
  }
  return inputs
}
