import type { ExecutionSnapshot } from '../../client/follow.ts'
import type { Progress } from '../../core/messages.ts'

const ENDED: readonly Progress['phase'][] = ['done', 'failed']
const NOT_READING: readonly Progress['phase'][] = [...ENDED, 'waiting']

/**
 * Estimates the completed share of an execution, from 0 to 1; undefined until its days are planned. The share is one of
 * raw bytes: days that have not started count with the average of the others, days that needed no job with none.
 * Without known bytes, it is a share of days.
 */
export function shareDone({ days, progress }: ExecutionSnapshot): number | undefined {
  const { total, finished } = days
  if (total === undefined) return undefined
  if (finished >= total) return 1
  const known = progress.filter(({ bytes }) => bytes.total > 0)
  if (known.length === 0) return finished / total
  const sum = (of: (progress: Progress) => number) => known.reduce((all, next) => all + of(next), 0)
  const bytes = sum((next) => next.bytes.total)
  const done = sum(({ phase, bytes }) =>
    ENDED.includes(phase) ? bytes.total : Math.min(bytes.done, bytes.total),
  )
  const begun = known.filter(({ phase }) => !ENDED.includes(phase)).length
  const notBegun = Math.max(0, total - finished - begun)
  return done / (bytes + (bytes / known.length) * notBegun)
}

/**
 * Counts the days that an execution works on and that report no progress: they are being planned or published, or their
 * jobs have no instance yet.
 */
export function silentDays({ days, progress }: ExecutionSnapshot): number {
  const { running = 0, finished } = days
  const reading = progress.filter(({ phase }) => !NOT_READING.includes(phase)).length
  const waiting = progress.filter(({ phase }) => phase === 'waiting').length
  const publishing = Math.max(0, progress.length - reading - waiting - finished)
  return Math.max(0, running - reading - waiting - publishing)
}

/** Least seconds and least progress for an estimate of the remaining time. */
const LEAST_SECONDS = 10
const LEAST_SHARE = 0.005

/**
 * Returns a function that estimates the remaining seconds of an execution from its pace since the first call. It
 * returns undefined while there is too little progress to tell.
 */
export function timeLeft(): (snapshot: ExecutionSnapshot, atSeconds: number) => number | undefined {
  let first: { readonly share: number; readonly at: number } | undefined
  return (snapshot, at) => {
    const share = shareDone(snapshot)
    if (share === undefined) return undefined
    first ??= { share, at }
    const [gained, passed] = [share - first.share, at - first.at]
    if (gained < LEAST_SHARE || passed < LEAST_SECONDS || share >= 1) return undefined
    return ((1 - share) * passed) / gained
  }
}
