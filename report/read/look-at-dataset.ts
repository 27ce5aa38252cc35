import { inParallel } from '../../aws/in-parallel.ts'
import type { Bucket } from '../../aws/objects.ts'
import { addDays, type Day } from '../../core/dates.ts'
import { DAYS_BEFORE, driftsOf, type DayProfile } from '../../core/drift.ts'
import { DayfoldError } from '../../core/errors.ts'
import type { DayOutcome } from '../../core/messages.ts'
import type { Profile } from '../../core/profile.ts'
import type { ReportDay } from '../run-report.ts'
import { lookAtDay, presentOf, type LookedAt } from './look-at-day.ts'

/** Manifests in memory at once: each may take a hundred MB. */
const READ_AT_ONCE = 3

/** A day of the report, with the keys of its reject files. */
export interface GatheredDay extends ReportDay {
  /** Undefined for a day that is not published or was not read. */
  readonly rejectKeys: readonly string[] | undefined
}

/** Callbacks of {@link lookAtDataset}. */
export interface LookAtDatasetOptions {
  /**
   * Called with the profile of each day that has one, in the order of the days; also for up to seven days before the
   * first.
   */
  readonly onProfile: (day: DayProfile) => void
  /** Returns true once the time is up: further days are then not read, and reported as unknown. */
  readonly isLate: () => boolean
}

/**
 * Reads the manifests of one dataset's days, and compares the profile of each with those of the seven calendar days
 * before it, to find drift. Holds three manifests at a time. Returns the days in the order of `outcomes`.
 *
 * @param outcomes of one dataset, in the order of the days
 */
export async function lookAtDataset(
  data: Bucket,
  outcomes: readonly DayOutcome[],
  { onProfile, isLate }: LookAtDatasetOptions,
): Promise<GatheredDay[]> {
  const compare = comparing(onProfile)
  const days: GatheredDay[] = []
  for (let start = 0; start < outcomes.length; start += READ_AT_ONCE) {
    const some = outcomes.slice(start, start + READ_AT_ONCE)
    const found = isLate() ? undefined : await inParallel(some, (day) => lookAtDay(data, day))
    if (start === 0 && found?.some((day) => knownOf(day)?.profile))
      for (const day of await daysBefore(data, some[0]!)) compare(day.date, day.profile)
    for (const [index, outcome] of some.entries()) {
      const known = knownOf(found?.[index])
      days.push({
        outcome,
        present: found ? presentOf(outcome, found[index]) : { state: 'unknown' },
        ...(known?.totals && { totals: known.totals }),
        checks: known?.checks ?? [],
        drifts: compare(outcome.date, known?.profile),
        examples: [],
        rejectKeys: known?.rejectKeys,
      })
    }
  }
  return days
}

const knownOf = (found: LookedAt | DayfoldError | undefined) =>
  found instanceof DayfoldError ? undefined : found

async function daysBefore(data: Bucket, { dataset, date }: DayOutcome): Promise<DayProfile[]> {
  const dates = Array.from({ length: DAYS_BEFORE }, (_, index) => addDays(date, index - DAYS_BEFORE))
  const found = await inParallel(dates, (day) => lookAtDay(data, { dataset, date: day }), READ_AT_ONCE)
  return dates.flatMap((day, index) => {
    const profile = knownOf(found[index])?.profile
    return profile ? [{ date: day, profile }] : []
  })
}

/** Makes a function that compares each day with those before it, to be called in the order of the days. */
function comparing(onProfile: (day: DayProfile) => void) {
  const before: DayProfile[] = []
  return (date: Day, profile: Profile | undefined) => {
    if (!profile) return []
    const near = before.filter((day) => day.date >= addDays(date, -DAYS_BEFORE))
    const day = { date, profile }
    before.splice(0, before.length + 1 - DAYS_BEFORE)
    before.push(day)
    onProfile(day)
    return driftsOf(day, near)
  }
}
