import { severityOf, tellCheck } from '../../core/count-checks.ts'
import type { DatasetDay } from '../../core/dataset-day.ts'
import type { CheckCounts, DayOutcome, VerifyOutput } from '../../core/messages.ts'
import { printable } from '../../core/printable.ts'
import type { DayState } from '../../client/status.ts'
import { colors } from './colors.ts'
import { count, counted } from '../../core/format.ts'

/** Most lines. The rest is only counted. */
const MAX_LINES = 20
/** Severities of entries that are no single check result. Failed checks that warn have the same. */
const [FAILED, UNKNOWN] = [2, 1] as const

/**
 * Describes checks of published days that failed or could not be judged, and duplicate rows: one line each, the worst
 * first, at most 20 and a line that counts the rest.
 */
export function checkLines(days: readonly DayState[]): string[] {
  const told = days.flatMap(({ dataset, date, checks, duplicates }): Told[] => [
    ...(checks?.results ?? []).map((result) => ({
      ...{ dataset, date, text: tellCheck(result), severity: severityOf(result), checks: 1 },
    })),
    ...(duplicates ?? []).map((text) => ({ dataset, date, text, severity: FAILED, checks: 1 })),
  ])
  return lines(told, 'name days with --from and --to')
}

/**
 * Describes checks that failed or could not be judged in an execution, and duplicate rows, one line each, the worst
 * first. The execution's summary has only the first few checks of each day, and duplicates of the first few days; a
 * line counts the others.
 *
 * @param duplicates duplicate rows that Verify found
 */
export function outcomeCheckLines(
  days: readonly DayOutcome[],
  duplicates: VerifyOutput['duplicates'] = { count: 0, told: [] },
): string[] {
  const told = days.flatMap((day) => (day.checks ? toldOf(day, day.checks) : []))
  const shown = duplicates.told.slice(0, MAX_LINES)
  const left = duplicates.count - shown.length
  return [
    ...lines(told, SEE_STATUS),
    ...shown.map((text) => colors.yellow(`Check of ${printable(text)}`)),
    ...(left > 0 ? [`${counted(left, 'more check')} found duplicate rows: ${SEE_STATUS}.`] : []),
  ]
}

const SEE_STATUS = 'dayfold status tells them'

/** An entry for each check that an outcome describes, and one for those that it only counts. */
function toldOf({ dataset, date }: DatasetDay, { failed, unknown, told }: CheckCounts): Told[] {
  const described = told.map((text, index) => ({
    ...{ dataset, date, text, severity: index < failed ? FAILED : UNKNOWN, checks: 1 },
  }))
  const [failedLeft, left] = [Math.max(0, failed - told.length), failed + unknown - told.length]
  if (left <= 0) return described
  const kinds = [
    ...(failedLeft > 0 ? [`${count(failedLeft)} failed`] : []),
    ...(left > failedLeft ? [`${count(left - failedLeft)} not judged`] : []),
  ]
  const text = `and ${count(left)} more (${kinds.join(', ')}): ${SEE_STATUS}`
  return [...described, { dataset, date, text, severity: failedLeft > 0 ? FAILED : UNKNOWN, checks: left }]
}

interface Told extends DatasetDay {
  readonly text: string
  /** The higher, the worse. */
  readonly severity: number
  /** Number of checks that the entry stands for. */
  readonly checks: number
}

/**
 * Makes lines, the worst first.
 *
 * @param others where those are that there is no line for, as the end of a sentence
 */
function lines(told: readonly Told[], others: string): string[] {
  const sorted = told.toSorted((one, other) => other.severity - one.severity)
  const shown = sorted.slice(0, MAX_LINES).map(({ dataset, date, text, severity }) => {
    const line = `Check of ${dataset} ${date}: ${printable(text)}`
    return severity >= FAILED ? colors.yellow(line) : line
  })
  const left = sorted.slice(MAX_LINES).reduce((sum, { checks }) => sum + checks, 0)
  return left === 0 ? shown : [...shown, `${counted(left, 'more check')}: ${others}.`]
}
