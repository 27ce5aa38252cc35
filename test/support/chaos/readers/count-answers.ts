import type { Day } from '../../../../core/dates.ts'
import { DayfoldError } from '../../../../core/errors.ts'
import type { News } from './news.ts'
import { STEP_SECONDS } from './pace.ts'
import type { Answer } from './queries.ts'
import type { Change, Observer } from './shown.ts'
import { judge, type Verdict } from './verdict.ts'

/** Counts of the rows that queries saw, and of their faults. */
export interface AnswerCounts {
  readonly queries: number
  /** Queries that listed the folder of a day after the day changed, by a Location from before the change. */
  readonly straddled: number
  /** Queries that saw rows of more than one generation of a day. */
  readonly mixed: number
  /** Queries that saw a row twice. */
  readonly doubled: number
  /** Queries that missed rows of a generation, or saw one that was no longer shown. */
  readonly lost: number
  readonly failed: number
}

/** Numbers of days that were replaced, extended and moved home in the meantime, and counts of the answers. */
export interface ReadersReport extends AnswerCounts {
  readonly replacements: number
  readonly extensions: number
  readonly wentHome: number
}

/** The facts that answers are compared with. */
export interface Truth {
  readonly dates: readonly Day[]
  readonly observer: Observer
  readonly news: News
}

/** Judges each answer for each day. A query that is wrong about several days counts once per kind of fault. */
export function countAnswers(answers: readonly Answer[], truth: Truth): AnswerCounts {
  const verdicts = answers.map((answer) => verdictsOf(answer, truth))
  const count = (verdict: Verdict | 'failed') => verdicts.filter((found) => found.has(verdict)).length
  return {
    queries: answers.length,
    straddled: answers.filter((answer) => isStraddling(answer, truth.observer.changes)).length,
    mixed: count('mixed'),
    doubled: count('doubled'),
    lost: count('lost'),
    failed: count('failed'),
  }
}

function verdictsOf({ rows, startedAt, endedAt }: Answer, { dates, observer, news }: Truth) {
  if (rows instanceof DayfoldError) return new Set<Verdict | 'failed'>(['failed'])
  // A change is observed a moment after it took effect.
  const until = endedAt + STEP_SECONDS * 1000
  const judged = dates.map((date) =>
    judge(rows.get(date) ?? [], observer.shown(date, startedAt, until), news.generations(date)),
  )
  return new Set<Verdict | 'failed'>(judged)
}

function isStraddling({ listings }: Answer, changes: readonly Change[]): boolean {
  return listings.some(({ values, resolvedAt, listedAt }) =>
    changes.some(({ date, at }) => date === values[0] && resolvedAt < at && at <= listedAt),
  )
}
