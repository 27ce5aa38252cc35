import type { Attempt } from '../../core/attempt.ts'
import type { Published, RawObject, Totals, UnreadObjects, WorkKind } from '../../core/manifest.ts'
import type { Lease } from '../ledger/ledger.ts'
import {
  SUPERSEDED_WHY,
  type DayOutcome,
  type DayStatus,
  type PlanDayInput,
  type PlanDayOutput,
} from '../../core/messages.ts'

/**
 * Returns functions that make PlanDay's answers for a day that needs no job now: one for each status that such a day
 * can have.
 */
export function outcomes({ dataset, date, scheduled, dryRun }: PlanDayInput) {
  const outcome = (status: DayStatus, why: string, more: Partial<DayOutcome> = {}): DayOutcome => ({
    dataset,
    date,
    status,
    why,
    ...more,
  })
  const done = (...args: Parameters<typeof outcome>): PlanDayOutput => ({
    action: 'done',
    outcome: outcome(...args),
  })
  /** The schedule leaves a busy day, as it comes again in a few hours; a person's execution waits for it. */
  const busy = (why: string): PlanDayOutput => ({
    action: scheduled || dryRun ? 'done' : 'wait',
    outcome: outcome('busy', why),
  })
  return {
    empty: (why: string, unread: UnreadObjects) => done('empty', why, told(unread)),
    stuck: (failed: Attempt) =>
      done('stuck', `not tried again: ${SAME_AS} ${failed.startedAt}`, failureOf(failed)),
    accepted: (failed: Attempt) =>
      done(
        'accepted',
        `accepted by ${failed.accepted!.execution} at ${failed.accepted!.at}: ${SAME_AS} then`,
        failureOf(failed),
      ),
    superseded: (cause: string) => done('superseded', SUPERSEDED_WHY, { cause }),
    notFailed: () => done('not-failed', 'its last attempt has not failed'),
    planned: (why: string, { kind, vanished = 0, unread = {}, inputs = [] }: PlannedWork = {}) =>
      done('planned', why, {
        ...(kind && { kind, toRead: sizeOf(inputs) }),
        ...(vanished > 0 && { vanished }),
        ...told(unread),
      }),
    busy,
    /** Nobody else works on the day, so that a scheduled execution waits as well. */
    withoutPlace: (count: number): PlanDayOutput => ({
      action: 'wait',
      outcome: outcome(
        'busy',
        `for ${count === 1 ? 'the place' : `one of the ${count} places`} of ${dataset}`,
      ),
    }),
    leased: (holder: string, { until, isClockBack }: Lease) =>
      busy(
        `${holder} is publishing it, or has died doing so: then it is finished after ${until}` +
          (isClockBack ? ', as the clock was set back since: set it right' : ''),
      ),
    tended: (steps: readonly string[]) => done('tended', steps.join('; ') || 'not due yet'),
    unchanged: (
      { finished, steps = [], ...known }: UnchangedDay,
      why: string,
      { vanished = 0, unread = {} }: Seen = {},
    ): PlanDayOutput => {
      const { generation, totals, newDataAt } = finished ?? known
      const more = {
        ...(generation !== undefined && { generation }),
        ...(totals && { totals }),
        ...(newDataAt !== undefined && { newDataAt }),
        ...(vanished > 0 && { vanished }),
        ...told(unread),
      }
      if (steps.some((step) => step.startsWith(DAMAGED))) return done('published', steps.join('; '), more)
      if (!finished) return done('unchanged', [why, ...steps].join('; '), more)
      return done('published', 'the unfinished publish of an earlier attempt was finished', more)
    },
  }
}

/** Reason of a failed day that is left. */
const SAME_AS = 'raw files, feature code and settings are the same as'

function failureOf({ error = '' }: Attempt): Pick<DayOutcome, 'error' | 'cause'> {
  const [, name, cause] = /^([\w.]+): (.*)/s.exec(error) ?? []
  return name === undefined ? { cause: error } : { error: name, cause: cause! }
}

/** Facts from the listing of a day. */
interface Seen {
  readonly vanished?: number
  readonly unread?: UnreadObjects
}

interface PlannedWork extends Seen {
  readonly kind?: WorkKind
  /** Raw objects to read. @default none */
  readonly inputs?: readonly RawObject[]
}

const sizeOf = (inputs: readonly RawObject[]) => ({
  files: inputs.length,
  bytes: inputs.reduce((total, { size }) => total + size, 0),
})

const told = (unread: UnreadObjects) => (Object.keys(unread).length > 0 ? { unread } : {})

interface UnchangedDay {
  readonly generation?: number
  readonly totals?: Totals
  readonly newDataAt?: string | undefined
  /** Generation whose publish this call has finished. */
  readonly finished?: Published
  /** Repairs, and steps on the way home, that this call has made. */
  readonly steps?: readonly string[]
}

/** Prefix of the step that mended a damaged day. */
const DAMAGED = 'damaged'
