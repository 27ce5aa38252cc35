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

/** States that a dataset-day enters: the start, PlanDay, its choice and the end; with a job three more. */
const TRANSITIONS = { checked: 4, worked: 8 } as const
/** States of an execution around its Map. */
const EXECUTION_TRANSITIONS = 15
const EXECUTION_CALLS = 5
/** A function has 1 GB, and takes a second or two, most of it waiting for S3. */
const GB_SECONDS_A_CALL = 1.5
/** Keys of a page of a listing. */
const PAGE = 1000
/** Ledger, order, attempt, progress, report, parts staged and copied. */
const WRITES_OF_A_DAY = 25
const READS_OF_A_DAY = 25
/** Athena bills no query with less. https://aws.amazon.com/athena/pricing/ */
export const LEAST_QUERY_BYTES = 10e6

/** A dataset-day that is looked at and needs nothing. */
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

/** Work on a dataset-day. */
export interface Work {
  /** Raw files to read. */
  readonly files: number
  /** Raw files below the day's prefix. @default those to read */
  readonly listed?: number
  readonly instanceType: string
  /** Billed. */
  readonly seconds: number
}

/** A dataset-day that is worked on. */
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

/** What an execution takes beside its dataset-days. */
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
