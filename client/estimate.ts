import type { DayOutcome } from '../core/messages.ts'
import { costLines, sumUsage, total, type CostLine } from '../core/cost/cost-lines.ts'
import type { TakenTime } from './history.ts'
import { processors } from './prices.ts'
import type { Prices } from '../core/cost/prices.ts'
import { aroundDays, checkedDay, workedDay } from '../core/cost/usage.ts'

/** Expected time and cost of an execution that has not started. */
export interface Estimate {
  /** Number of dataset-days that would start a job. */
  readonly jobs: number
  /** Stored bytes of the raw files that the jobs would read. */
  readonly bytes: number
  /** Minutes from the start to the last publish, with as many jobs at once as the execution may run. */
  readonly minutes: number
  /** Sum of the items whose price is known. */
  readonly dollars: number
  /** Cost by item. */
  readonly lines: readonly CostLine[]
  /** Assumptions made for lack of data, one sentence each. */
  readonly assumptions: readonly string[]
}

/** Prices, concurrency and the times of earlier runs, from which {@link estimate} computes. */
export interface EstimateOptions {
  readonly prices: Prices
  /** Maximum number of dataset-days at once. */
  readonly atOnce: number
  /** Times that earlier dataset-days took. A dataset without any is estimated with an assumed speed. */
  readonly history: readonly TakenTime[]
  /** Instance type of each dataset's jobs, as far as it is known. */
  readonly instances: ReadonlyMap<string, string>
}

/** Instance type assumed for a dataset whose jobs are unknown: the configuration's default. */
export const ASSUMED_INSTANCE = 'ml.m5.2xlarge'
/** Seconds assumed from a job's request until its program runs. Most of them are billed. */
export const ASSUMED_START_SECONDS = 180
/**
 * Stored raw bytes assumed to be processed per second and processor: a third of the result in bench/RESULTS.md, because
 * feature code differs.
 */
export const ASSUMED_BYTES_PER_SECOND = 20e6

/** Estimates time and cost of an execution from the outcomes of its dry run. */
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
  /** Seconds that a job takes even without data. */
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
 * Derives a job's fixed time and its time per byte from earlier dataset-days: fits a line without negative coefficients
 * through the programs' times, and adds the median time to start, because the longest ones include waits for an
 * instance.
 *
 * @param history at least one day, with bytes
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

/** Seconds until the last job ends if each takes the next free place. */
function wallSeconds(seconds: readonly number[], places: number): number {
  const free = new Array<number>(Math.max(1, Math.min(places, seconds.length))).fill(0)
  for (const each of seconds) {
    const next = free.indexOf(Math.min(...free))
    free[next] = free[next]! + each
  }
  return Math.max(...free)
}
