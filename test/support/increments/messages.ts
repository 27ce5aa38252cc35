import type { WorkKind } from '../../../core/manifest.ts'

/** What a pass is told: a home of its own, and what happens in it one after the other. */
export interface PassOptions {
  readonly home: string
  readonly dataset: DayDataset
  /** Folder that is shown as the raw data of the dataset; steps put files into it. */
  readonly raw: string
  readonly steps: readonly Step[]
  /** Whether queries run all the time. */
  readonly reader: boolean
}

/** A dataset that the day can be processed with. */
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

/** Files arrive, then an execution looks for them. */
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

/** What the queries of a reader saw. */
export interface ReaderCounts {
  /** Queries, those that failed not counted. */
  readonly queries: number
  /** Queries during which something was published. */
  readonly overlapping: number
  /** Failed with the documented error, during a replacement. */
  readonly failed: number
  /** Succeeded when run again. */
  readonly retried: number
  /** Failed in another way, or while nothing was being replaced: none may. */
  readonly broken: number
  /** Rows that a query saw twice. */
  readonly duplicates: number
  /** Rows that a query did not see though one that had ended before did. */
  readonly lost: number
}

/** What a pass measured. */
export interface PassFigures {
  readonly runs: readonly RunFigures[]
  readonly seconds: number
  /** User and system time in seconds. */
  readonly cpu: {
    /** The container's processes. */
    readonly jobs: number
    readonly lambdas: number
    /** The services on this machine: S3, Step Functions, Glue, Athena. */
    readonly services: number
  }
  /** Jobs that ran. */
  readonly jobs: number
  /** Raw bytes that S3 was asked for. */
  readonly rawBytesRead: number
  /** Records that jobs counted. */
  readonly recordsExtracted: number
  readonly reader?: ReaderCounts
}
