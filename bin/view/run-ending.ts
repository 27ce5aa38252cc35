import { isOutstanding } from '../../core/day-status.ts'
import type { DayOutcome, Summary } from '../../core/messages.ts'
import { ACCEPT } from '../../core/modes.ts'
import { counted } from '../../core/format.ts'

const days = (number: number) => counted(number, 'dataset-day')

/**
 * Describes the result of a successful execution in a few words that fit its mode, such as `3 dataset-days published`.
 *
 * @param summary undefined if its days are not known
 */
export function headline(summary: Summary | undefined): string {
  const { published = 0, planned = 0, accepted = 0, busy = 0 } = summary?.counts ?? {}
  const isAccepting = summary?.mode === ACCEPT
  if (planned > 0) return `${days(planned)} would be ${isAccepting ? 'accepted' : 'worked on'}`
  if (published > 0) return `${days(published)} published`
  if (isAccepting && accepted > 0) return `${days(accepted)} accepted`
  if (busy > 0) return `nothing done, since another execution works on ${days(busy)}`
  if (summary && outstandingIn(summary).length > 0) return 'nothing done'
  return isAccepting ? 'nothing to accept' : 'nothing to do'
}

/**
 * Returns the days that an execution has left outstanding: failed, stuck or superseded. Empty if its days are not
 * known.
 */
export const outstandingIn = (summary: Summary | undefined): DayOutcome[] =>
  summary?.days.filter(({ status }) => isOutstanding(status) === true) ?? []

/**
 * Counts the days that an execution has left outstanding in a sentence; '' if there are none. Of a dry run, it says how
 * many would fail or be left.
 */
export function outstandingLine(summary: Summary | undefined): string {
  const outstanding = outstandingIn(summary)
  if (outstanding.length === 0) return ''
  if (!summary?.dryRun) return `${days(outstanding.length)} outstanding.`
  const failed = unrecordedIn(summary).length
  const left = outstanding.length - failed
  return [
    ...(failed > 0 ? [`${days(failed)} would fail.`] : []),
    ...(left > 0 ? [`${days(left)} would be left outstanding.`] : []),
  ].join(' ')
}

/**
 * Returns the outstanding days of an execution that a command can redo or accept: without superseded days, and without
 * days that failed in a dry run.
 */
export function mendableIn(summary: Summary | undefined): DayOutcome[] {
  const unrecorded = unrecordedIn(summary)
  return outstandingIn(summary).filter((day) => day.status !== 'superseded' && !unrecorded.includes(day))
}

/**
 * Returns the days that failed in a dry run; none for another execution. The ledger has no record of these failures.
 */
export const unrecordedIn = (summary: Summary | undefined): DayOutcome[] =>
  summary?.dryRun ? summary.days.filter(({ status }) => status === 'failed') : []
