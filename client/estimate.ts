import type { DayOutcome } from '../core/messages.ts'
import { costLines, sumUsage, total, type CostLine } from '../core/cost/cost-lines.ts'
import type { TakenTime } from './history.ts'
import { processors } from './prices.ts'
import type { Prices } from '../core/cost/prices.ts'
import { aroundDays, checkedDay, workedDay } from '../core/cost/usage.ts'

/** What an execution would take. */
export interface Estimate {
  /** Dataset-days that would start a job. */
  readonly jobs: number
  /** Raw bytes that the jobs would read. */
  readonly bytes: number
  /** From the start to the last publish, with as many jobs at once as the execution may have. */
  readonly minutes: number
  /** What is known of it. */
  readonly dollars: number
  readonly lines: readonly CostLine[]
  /** What was assumed where nothing is known, a sentence each. */
  readonly assumptions: readonly string[]
}

export interface EstimateOptions {
  readonly prices: Prices
  /** Dataset-days at once. */
  readonly atOnce: number
  readonly history: readonly TakenTime[]
  /** Type of instance of each dataset's jobs, where it is known. */
  readonly instances: ReadonlyMap<string, string>
}

/** What an instance is taken for that is not known: the configuration's default. */
export const ASSUMED_INSTANCE = 'ml.m5.2xlarge'
/** Seconds until a job's program runs, of which most are billed. */
export const ASSUMED_START_SECONDS = 180
/** Raw bytes a second and processor: a third of what bench/RESULTS.md has, since feature code differs. */
export const ASSUMED_BYTES_PER_SECOND = 20e6

/** What the dataset-days that a dry run has planned would take. */
export function estimate(days: readonly DayOutcome[], options: EstimateOptions): Estimate {
  const { prices, atOnce, history, instances } = options
  const speeds = new Map<string, Speed>()
  const assumptions = new Set<string>()
  const speedOf = (dataset: string): Speed => {
    const instanceType = instances.get(dataset) ?? ASSUMED_INSTANCE
    if (!instances.has(dataset)) assumptions.add(`Jobs run on ${ASSUMED_INSTANCE}.`)
    const own = history.filter((taken) => taken.dataset === dataset && taken.bytes > 0)
    if (own.length === 0) assumptions.add(assumedSpeed(dataset, instanceType))
    const speed = { instanceType, ...(own.length > 0 ? measured(own) : assumed(instanceType)) }
    speeds.set(dataset, speed)
    return speed
  }
  const works = days.flatMap(({ dataset, toRead }) => {
    if (!toRead) return []
    const speed = speeds.get(dataset) ?? speedOf(dataset)
    return [{ ...toRead, instanceType: speed.instanceType, seconds: secondsOf(speed, toRead.bytes) }]
  })
  const tables = new Set(days.flatMap(({ dataset, toRead }) => (toRead ? [dataset] : []))).size
  const checked = days.filter(({ toRead }) => !toRead).map(() => checkedDay(0))
  const lines = costLines(
    sumUsage([...works.map(workedDay), ...checked, aroundDays({ tables, crawls: tables })]),
    prices,
  )
  for (const { item, dollars } of lines)
    if (dollars === undefined) assumptions.add(`No price is known of ${item}: see --prices.`)
  return {
    jobs: works.length,
    bytes: works.reduce((sum, { bytes }) => sum + bytes, 0),
    minutes:
      wallSeconds(
        works.map(({ seconds }) => seconds),
        atOnce,
      ) / 60,
    dollars: total(lines),
    lines,
    assumptions: [...assumptions],
  }
}

interface Pace {
  /** Whatever there is to read. */
  readonly fixedSeconds: number
  readonly secondsPerByte: number
}

interface Speed extends Pace {
  readonly instanceType: string
}

const secondsOf = ({ fixedSeconds, secondsPerByte }: Pace, bytes: number) =>
  fixedSeconds + bytes * secondsPerByte

const assumed = (instanceType: string): Pace => ({
  fixedSeconds: ASSUMED_START_SECONDS,
  secondsPerByte: 1 / (ASSUMED_BYTES_PER_SECOND * processors(instanceType)),
})

const assumedSpeed = (dataset: string, instanceType: string) =>
  `Nothing is known of how long ${dataset} took: ${ASSUMED_START_SECONDS} s until a job has begun, then ` +
  `${ASSUMED_BYTES_PER_SECOND / 1e6} MB of raw files a second on each of the ${processors(instanceType)} processors of ${instanceType}.`

/**
 * The line through what was measured that misses it least, neither part of it below 0; the usual start comes first, since
 * the longest ones have waited for an instance.
 */
export function measured(history: readonly TakenTime[]): Pace {
  const mean = (of: (taken: TakenTime) => number) =>
    history.reduce((sum, taken) => sum + of(taken), 0) / history.length
  const [bytes, seconds] = [mean((taken) => taken.bytes), mean((taken) => taken.programSeconds)]
  const spread = mean((taken) => (taken.bytes - bytes) ** 2)
  const slope =
    spread === 0
      ? seconds / bytes
      : mean((taken) => (taken.bytes - bytes) * (taken.programSeconds - seconds)) / spread
  const secondsPerByte = Math.min(Math.max(slope, 0), seconds / bytes)
  const starts = history.map(({ startSeconds }) => startSeconds).sort((left, right) => left - right)
  const start = starts[Math.floor(starts.length / 2)]!
  return { fixedSeconds: start + seconds - secondsPerByte * bytes, secondsPerByte }
}

/** When the last is through, if each takes the next free place. */
function wallSeconds(seconds: readonly number[], places: number): number {
  const free = new Array<number>(Math.max(1, Math.min(places, seconds.length))).fill(0)
  for (const each of seconds) {
    const next = free.indexOf(Math.min(...free))
    free[next] = free[next]! + each
  }
  return Math.max(...free)
}
