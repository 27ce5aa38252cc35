import type { WorkOrder } from '../../../core/work-order.ts'
import { RECORDS_A_FILE } from './raw-days.ts'
import { chanceOf } from './random.ts'

/** How long a job takes, and whether it fails. */
export interface JobCourse {
  readonly seconds: number
  /** Message of its failure. */
  readonly failure?: string
}

/** What befalls jobs. */
export interface Weather {
  readonly seed: string
  /** Share of jobs that S3 slows down. */
  readonly slowed: number
  /** Share of jobs that S3 throttles to death. */
  readonly throttled: number
}

/** From CreateProcessingJob to the first line of the program: 3 to 8 minutes (aws/sagemaker-python-sdk#4358). */
const START_SECONDS = [180, 480] as const
/** CPU seconds a raw file: 1.16 ms a GET of 220 KB over TLS. */
const READ_SECONDS = 0.00116
/** CPU seconds a record of `jobs`: 144 for 400,000 (bench/RESULTS.md, increments). */
const RECORD_SECONDS = 144.14 / 400_000
/** CPU seconds a row that is consolidated: 1.42 for 400,000 (bench/RESULTS.md, increments, run 9). */
const ROW_SECONDS = 1.42 / 400_000
/** How much longer a job takes that S3 slows down. */
const SLOWED = [1.5, 4] as const
/** How long a job tries that is throttled to death: reads have minutes. */
const GIVES_UP_SECONDS = 600

/** The course of a day's job. @param tries how many jobs the day had before */
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

/** All cores read and work on records. */
function workSeconds({ kind, inputs, parts }: WorkOrder, cores: number): number {
  if (kind === 'consolidate') return parts.reduce((sum, { rows }) => sum + rows, 0) * ROW_SECONDS
  return (inputs.length * (READ_SECONDS + RECORDS_A_FILE * RECORD_SECONDS)) / cores
}

const between = ([least, most]: readonly [number, number], share: number) => least + (most - least) * share

/** Virtual CPUs of an instance: `large` 2, `xlarge` 4, `<n>xlarge` 4 n. */
function coresOf(instanceType: string): number {
  const [, times, size] = /\.(\d*)(x?large)$/.exec(instanceType) ?? []
  return size === 'large' ? 2 : 4 * Number(times || 1)
}

/** What a function of 1,024 MB takes on top of its CPU time: 30 ms for each of some twenty calls in a row. */
const CALLS_SECONDS = 0.6
/** Seconds a thousand raw files of the day, by handler. */
const THOUSAND_FILES_SECONDS: Readonly<Record<string, number>> = { 'plan-day': 0.1, 'publish-day': 0.1 }

/** Seconds that an invocation of a handler takes, where a day has so many files. */
export const invocationSeconds = (handler: string, files: number) =>
  CALLS_SECONDS + ((THOUSAND_FILES_SECONDS[handler] ?? 0) * files) / 1000
