import { countDays, type Day } from './dates.ts'
import { MAX_DATASET_DAYS, type DatasetDay } from './execution-input.ts'
import { manifestKey } from './layout.ts'
import { ACCEPT, type Mode } from './modes.ts'

/** An execution input that works again on days that have failed. */
export interface RedoInput {
  readonly from: Day
  readonly to: Day
  readonly datasets: readonly string[]
  readonly mode: Mode
  /** Set for days that are to lose their rows. */
  readonly allowEmpty?: true
}

/** A dataset-day that has failed. */
export interface FailedDay extends DatasetDay {
  /** Name of the error. */
  readonly error?: string
  /** Its message. */
  readonly cause?: string
}

/** So that an input stays short enough to be shown. */
export const MAX_NAMED_DATASETS = 40

/** What redoes failed days once their causes are mended: few inputs, each within what one execution may cover. */
export function redoInputs(failed: readonly FailedDay[]): RedoInput[] {
  return spans(failed.filter((day) => !isWithoutRawFiles(day) && !isWithoutManifest(day)))
}

/** What rebuilds the days whose manifest is gone or cannot be read: they fail in the same way again in any other mode. */
export function mendingInputs(failed: readonly FailedDay[]): RedoInput[] {
  return inputsInMode(failed.filter(isWithoutManifest), 'rebuild')
}

/**
 * What empties the days that a rebuild has refused because they have rows and no raw files any more: they fail in the
 * same way again unless a person allows it.
 */
export function emptyingInputs(failed: readonly FailedDay[]): RedoInput[] {
  return spans(failed.filter(isWithoutRawFiles)).map((input) => ({ ...input, allowEmpty: true }))
}

/** What accepts days that failed as they are, so that they are no longer outstanding. */
export function acceptingInputs(failed: readonly FailedDay[]): RedoInput[] {
  return inputsInMode(failed, ACCEPT)
}

/** What works on days in a mode that mends them. */
export function inputsInMode(days: readonly DatasetDay[], mode: Mode): RedoInput[] {
  return spans(days).map((input) => ({ ...input, mode }))
}

const isWithoutRawFiles = ({ error }: FailedDay) => error === 'EmptyPrefix'
/** What is said of a day whose manifest is gone while its data is there. */
export const MANIFEST_GONE = 'its manifest is gone'

function isWithoutManifest({ dataset, date, error, cause = '' }: FailedDay): boolean {
  if (error === 'DamagedDay') return cause.includes(MANIFEST_GONE)
  return error === 'CorruptState' && cause.startsWith(`${manifestKey(dataset, date)}:`)
}

/** Days in order, a new input begun where the next day would make the one before it too large. */
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
