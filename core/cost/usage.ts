import type { Usage } from './cost-lines.ts'

const NOTHING: Usage = {
  jobSeconds: {},
  transitions: 0,
  lambdaCalls: 0,
  lambdaGbSeconds: 0,
  reads: 0,
  writes: 0,
  athenaBytes: 0,
  crawls: 0,
}

/** States that a dataset-day enters: BeginDay, PlanDay, DayPlanned and its end; with a job, up to four more. */
const TRANSITIONS = { checked: 4, worked: 8 } as const
/** States that an execution enters outside its Map. */
const EXECUTION_TRANSITIONS = 15
const EXECUTION_CALLS = 5
/** A function has 1 GB and takes one to two seconds, mostly waiting for S3. */
const GB_SECONDS_A_CALL = 1.5
/** Keys per page of a listing. */
const PAGE = 1000
/** Covers ledger, order, attempt, progress, report, and parts staged and copied. */
const WRITES_OF_A_DAY = 25
const READS_OF_A_DAY = 25
/** Bytes that Athena bills for a query at least: 10 MB. https://aws.amazon.com/athena/pricing/ */
export const LEAST_QUERY_BYTES = 10e6

/**
 * Estimates the usage of a dataset-day that an execution only checks: nothing is to be done, so no job starts.
 *
 * @param files raw files below the day's prefix
 */
export function checkedDay(files: number): Usage {
  const lists = Math.max(1, Math.ceil(files / PAGE)) + 1
  return {
    ...NOTHING,
    transitions: TRANSITIONS.checked,
    lambdaCalls: 1,
    lambdaGbSeconds: GB_SECONDS_A_CALL + lists * 0.1,
    reads: 1,
    writes: lists,
  }
}

/** Size of the work on one dataset-day, from which {@link workedDay} estimates its usage. */
export interface Work {
  /** Raw files to read. */
  readonly files: number
  /** Raw files below the day's prefix. @default `files` */
  readonly listed?: number
  /** SageMaker instance type of the job. */
  readonly instanceType: string
  /** Billed seconds of the job. */
  readonly seconds: number
}

/** Estimates the usage of a dataset-day that a job processes, from its planning to its publish. */
export function workedDay({ files, listed = files, instanceType, seconds }: Work): Usage {
  const checked = checkedDay(listed)
  return {
    ...checked,
    jobSeconds: { [instanceType]: seconds },
    transitions: TRANSITIONS.worked,
    lambdaCalls: 2,
    lambdaGbSeconds: checked.lambdaGbSeconds + 2 * GB_SECONDS_A_CALL,
    reads: files + READS_OF_A_DAY,
    writes: checked.writes + WRITES_OF_A_DAY,
  }
}

/**
 * Estimates the usage that an execution has besides its dataset-days: planning, collecting outcomes, crawling, and
 * Verify's queries that count rows.
 *
 * @param tables number of tables whose rows Verify counts
 * @param crawls number of crawler runs
 */
export function aroundDays({ tables, crawls }: { readonly tables: number; readonly crawls: number }): Usage {
  return {
    ...NOTHING,
    transitions: EXECUTION_TRANSITIONS,
    lambdaCalls: EXECUTION_CALLS,
    lambdaGbSeconds: EXECUTION_CALLS * GB_SECONDS_A_CALL,
    reads: 20,
    writes: 20,
    athenaBytes: tables * LEAST_QUERY_BYTES,
    crawls,
  }
}
