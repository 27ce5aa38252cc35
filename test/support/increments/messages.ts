import type { WorkKind } from '../../../core/manifest.ts'

/** Options of a pass: a home of its own, and the steps to carry out in it. */
export interface PassOptions {
  readonly home: string
  readonly dataset: DayDataset
  /** Folder that serves as the raw data of the dataset; steps put files into it. */
  readonly raw: string
  readonly steps: readonly Step[]
  /** True to run queries all the time. */
  readonly reader: boolean
}

/** A dataset to process the day with. */
export interface DayDataset {
  readonly name: string
  /** Column of the records' ids. */
  readonly id: string
  /** Module that exports `datasets`. */
  readonly registry: string
}

/** Files that appear in a folder below the raw one. */
export interface Arrival {
  readonly files: readonly string[]
  readonly to: string
}

/** A step: files arrive, then an execution looks for them. */
export interface Step {
  readonly arrivals: readonly Arrival[]
  readonly input: Readonly<Record<string, unknown>>
}

/** A publish as the state machine sees it, in milliseconds since 1970. */
export interface PublishTime {
  readonly kind: WorkKind | undefined
  readonly start: number
  readonly end: number
}

export interface RunFigures {
  readonly seconds: number
  /** CPU time of the container's processes, in seconds. */
  readonly jobCpu: number
  readonly lambdaCpu: number
}

/** Counts of a reader's queries. */
export interface ReaderCounts {
  /** Queries that succeeded. */
  readonly queries: number
  /** Queries during which a day was published. */
  readonly overlapping: number
  /** Queries that failed with the documented error, during a replacement. */
  readonly failed: number
  /** Queries that succeeded when they were run again. */
  readonly retried: number
  /** Queries that failed in another way, or while no day was being replaced; none may. */
  readonly broken: number
  /** Rows that a query saw twice. */
  readonly duplicates: number
  /** Rows that a query did not see although an earlier one had. */
  readonly lost: number
}

/** Measurements of a pass. */
export interface PassFigures {
  readonly runs: readonly RunFigures[]
  readonly seconds: number
  /** User and system time in seconds. */
  readonly cpu: {
    /** Time of the containers' processes. */
    readonly jobs: number
    readonly lambdas: number
    /** Time of the services on this machine: S3, Step Functions, Glue, Athena. */
    readonly services: number
  }
  /** Number of jobs that ran. */
  readonly jobs: number
  /** Raw bytes that were requested from S3. */
  readonly rawBytesRead: number
  /** Records that jobs counted. */
  readonly recordsExtracted: number
  readonly reader?: ReaderCounts
}
