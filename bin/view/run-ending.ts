import { isOutstanding } from '../../core/day-status.ts'
import type { DayOutcome, Summary } from '../../core/messages.ts'
import { ACCEPT } from '../../core/modes.ts'
import { counted } from '../../core/format.ts'

const days = (number: number) => counted(number, 'dataset-day')

/**
 * Sums up a successful execution, in words that fit its mode.
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

/** Returns the days that are outstanding after the execution. */
export const outstandingIn = (summary: Summary | undefined): DayOutcome[] =>
  summary?.days.filter(({ status }) => isOutstanding(status) === true) ?? []

/** Counts outstanding days in a sentence; '' if there are none. Days that failed in a dry run are only said to fail. */
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

/** Returns the outstanding days that a command can redo or accept. */
export function mendableIn(summary: Summary | undefined): DayOutcome[] {
  const unrecorded = unrecordedIn(summary)
  return outstandingIn(summary).filter((day) => day.status !== 'superseded' && !unrecorded.includes(day))
}

/** Returns the days that failed in a dry run. The ledger has no record of the failure. */
export const unrecordedIn = (summary: Summary | undefined): DayOutcome[] =>
  summary?.dryRun ? summary.days.filter(({ status }) => status === 'failed') : []
