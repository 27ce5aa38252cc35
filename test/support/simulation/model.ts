import type { WorkOrder } from '../../../core/work-order.ts'
import { RECORDS_A_FILE } from './raw-days.ts'
import { chanceOf } from './random.ts'

/** The duration of a job, and its failure. */
export interface JobCourse {
  readonly seconds: number
  /** Message of its failure. @default it succeeds */
  readonly failure?: string
}

/** Chances of mishaps of jobs. */
export interface Weather {
  readonly seed: string
  /** Share of jobs that S3 slows down. */
  readonly slowed: number
  /** Share of jobs that fail because S3 throttles them. */
  readonly throttled: number
}

/**
 * Seconds from CreateProcessingJob to the first line of the program: 3 to 8 minutes (aws/sagemaker-python-sdk#4358).
 */
const START_SECONDS = [180, 480] as const
/** CPU seconds per raw file: 1.16 ms per GET of 220 KB over TLS. */
const READ_SECONDS = 0.00116
/** CPU seconds per record of `jobs`: 144 for 400,000 (bench/RESULTS.md, increments). */
const RECORD_SECONDS = 144.14 / 400_000
/** CPU seconds per row that is consolidated: 1.42 for 400,000 (bench/RESULTS.md, increments, run 9). */
const ROW_SECONDS = 1.42 / 400_000
/** Factor of a job's duration if S3 slows it down. */
const SLOWED = [1.5, 4] as const
/** Seconds after which a throttled job gives up. */
const GIVES_UP_SECONDS = 600

/**
 * Returns the course of a day's job.
 *
 * @param tries number of jobs that the day had before
 */
export function courseOf(order: WorkOrder, instanceType: string, tries: number, weather: Weather): JobCourse {
  const chance = (what: string) => chanceOf([weather.seed, what, order.dataset, order.date, tries].join('\0'))
  const start = between(START_SECONDS, chance('start'))
  if (chance('throttled') < weather.throttled) {
    const failure = 'S3Throttled: S3 answered 503 SlowDown for as long as a read is tried.'
    return { seconds: start + GIVES_UP_SECONDS, failure }
  }
  const slowness = chance('slowed') < weather.slowed ? between(SLOWED, chance('slowness')) : 1
  return { seconds: start + slowness * workSeconds(order, coresOf(instanceType)) }
}

/** Returns the seconds of work. All cores read and process records. */
function workSeconds({ kind, inputs, parts }: WorkOrder, cores: number): number {
  if (kind === 'consolidate') return parts.reduce((sum, { rows }) => sum + rows, 0) * ROW_SECONDS
  return (inputs.length * (READ_SECONDS + RECORDS_A_FILE * RECORD_SECONDS)) / cores
}

const between = ([least, most]: readonly [number, number], share: number) => least + (most - least) * share

/** Returns the virtual CPUs of an instance: `large` 2, `xlarge` 4, `<n>xlarge` 4 n. */
function coresOf(instanceType: string): number {
  const [, times, size] = /\.(\d*)(x?large)$/.exec(instanceType) ?? []
  return size === 'large' ? 2 : 4 * Number(times || 1)
}

/** Seconds that a function of 1,024 MB takes on top of its CPU time: 30 ms for each of about twenty calls in a row. */
const CALLS_SECONDS = 0.6
/** Seconds per thousand raw files of the day, by handler. */
const THOUSAND_FILES_SECONDS: Readonly<Record<string, number>> = { 'plan-day': 0.1, 'publish-day': 0.1 }

/** Returns the seconds of an invocation of a handler for a day of this many files. */
export const invocationSeconds = (handler: string, files: number) =>
  CALLS_SECONDS + ((THOUSAND_FILES_SECONDS[handler] ?? 0) * files) / 1000
