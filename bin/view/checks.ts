import { tellCheck } from '../../core/count-checks.ts'
import type { DatasetDay } from '../../core/execution-input.ts'
import type { DayOutcome } from '../../core/messages.ts'
import { printable } from '../../core/printable.ts'
import type { DayState } from '../../client/status.ts'
import { colors } from './colors.ts'
import { counted } from '../../core/format.ts'

/** Most lines. The rest is only counted. */
const MAX_LINES = 20

/**
 * Describes checks of published days that failed or could not be judged, and duplicate rows: one line each, failed ones
 * first, at most 20 and a line that counts the rest.
 */
export function checkLines(days: readonly DayState[]): string[] {
  return lines(
    days.flatMap(({ dataset, date, checks, duplicates }) => [
      ...(checks?.results ?? []).map((result) => ({
        ...{ dataset, date, text: tellCheck(result), isFailed: result.state === 'failed' },
      })),
      ...(duplicates ?? []).map((text) => ({ dataset, date, text, isFailed: true })),
    ]),
  )
}

/**
 * Describes checks that failed or could not be judged in an execution, and duplicate rows, one line each. The
 * execution's summary has only the first few checks of each day.
 *
 * @param duplicates sentences about duplicate rows, from Verify
 */
export function outcomeCheckLines(days: readonly DayOutcome[], duplicates: readonly string[]): string[] {
  const told = days.flatMap(({ dataset, date, checks }) =>
    (checks?.told ?? []).map((text, index) => ({ dataset, date, text, isFailed: index < checks!.failed })),
  )
  return [
    ...lines(told),
    ...duplicates.slice(0, MAX_LINES).map((text) => colors.yellow(`Check of ${printable(text)}`)),
  ]
}

interface Told extends DatasetDay {
  readonly text: string
  readonly isFailed: boolean
}

/** Failed checks come first. */
function lines(told: readonly Told[]): string[] {
  const sorted = [...told].sort((one, other) => Number(other.isFailed) - Number(one.isFailed))
  const shown = sorted.slice(0, MAX_LINES).map(({ dataset, date, text, isFailed }) => {
    const line = `Check of ${dataset} ${date}: ${printable(text)}`
    return isFailed ? colors.yellow(line) : line
  })
  const left = sorted.length - shown.length
  return left === 0 ? shown : [...shown, `${counted(left, 'more check')}: name days with --from and --to.`]
}
