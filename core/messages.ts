import type { CheckResult } from './checks.ts'
import type { Spent } from './cost/cost-lines.ts'
import type { Day } from './dates.ts'
import type { DayStatus } from './day-status.ts'
import type { DatasetDay } from './dataset-day.ts'
import type { ExecutionInput } from './execution-input.ts'
import type { Totals, UnreadObjects, WorkKind } from './manifest.ts'
import type { Mode, TEND } from './modes.ts'
import type { RejectedFor } from './rejects.ts'

/**
 * Messages between the states of the state machine, the Lambda functions, the job and the command line. State holds
 * bounded values only: anything that grows with the number of days or files lies in S3.
 */

/** ARN and name of the execution that a message belongs to. */
export interface ExecutionRef {
  readonly arn: string
  readonly name: string
}

/** Sent by the state Plan to its function when an execution begins. */
export interface PlanInput {
  readonly execution: ExecutionRef
  /** ISO time of the execution's start. */
  readonly startedAt: string
  /** Input of the execution as given, not validated. */
  readonly input: unknown
}

/** Settings of an execution that apply to all of its days. Plan returns them, the Map passes them to each child. */
export interface DayRequest extends Pick<ExecutionInput, 'dryRun' | 'allowEmpty'> {
  readonly execution: ExecutionRef
  /** True if the schedule started the execution: it leaves busy days instead of waiting for them. */
  readonly scheduled: boolean
  /** ISO time that "today" follows from: the schedule's time, else the execution's start. */
  readonly at: string
}

/** Returned by Plan and kept in the execution's variable `plan`, which all later states read. */
export interface PlanOutput extends DayRequest {
  readonly mode: Mode
  /** Object with the Map's items, a JSON array of {@link DayItem}. */
  readonly items: { readonly bucket: string; readonly key: string }
  /** Number of items. */
  readonly count: number
  /** Maximum number of dataset-days that the Map works on at once. */
  readonly maxConcurrency: number
}

/**
 * An item of the Map: a dataset-day, and the mode in which to work on it. Plan writes all items to
 * `runs/<execution>/items.json`.
 */
export interface DayItem extends DatasetDay {
  /**
   * The execution's mode for days that its input covers. Other days are added with `changed` if they are requeued or
   * outstanding, or with `tend` if they only have to move back to their ordinary folder.
   */
  readonly mode: Mode | typeof TEND
}

/** Input of a Map child: its item and the execution's settings. The Map sends it. */
export interface DayInput extends DayItem, DayRequest {}

/** Sent by the state PlanDay to its function; again after each wait, and after each publish that another writer won. */
export interface PlanDayInput extends DayInput {
  /** The Map's child. Job names are derived from it. */
  readonly child: { readonly arn: string; readonly redriveCount: number }
  /** Number of times so far, from 0, that another writer published the day first. */
  readonly loop: number
  /** Number of times that PlanDay has answered `wait` so far. */
  readonly waits: number
  /**
   * Set while the day's job waits for an instance. The day is planned then, and the function only reports the wait.
   * @default the function plans the day
   */
  readonly waitsForInstance?: InstanceWait
}

/** Start and cause of the time that a day's job has been waiting for an instance. */
export interface InstanceWait {
  /** ISO time at which the state machine first asked for the job. */
  readonly since: string
  /** Name of SageMaker's error, as Step Functions reports it. */
  readonly error: string
}

/** Reason shown for a day that was left alone because its table has columns of other types. */
export const SUPERSEDED_WHY = 'left for the release that the table belongs to'
/** Reason shown for an empty day whose raw prefix holds no objects at all. */
export const NO_RAW_FILES = 'no raw files'

export type { DayStatus } from './day-status.ts'

/** Number of a day's checks by result, with the worst problems. */
export interface CheckCounts extends Readonly<Record<CheckResult['state'], number>> {
  /** At most ten failed and unknown checks as sentences, the worst first. */
  readonly told: readonly string[]
}

/** Outcome of one dataset-day: the output of its Map child, and a line of the {@link Summary}. */
export interface DayOutcome extends DatasetDay {
  readonly status: DayStatus
  /** Reason that the day was worked on or left, in words. */
  readonly why: string
  /** Kind of work that was done, or that a dry run found to be due. @default none */
  readonly kind?: WorkKind
  /** Number of the published generation. @default none is published, or unknown */
  readonly generation?: number
  /** Totals of the published generation. */
  readonly totals?: Totals
  /** ISO time of the latest publish that brought new data of the day. @default unknown, or there was none */
  readonly newDataAt?: string
  /** Raw files that the published job of this execution read. @default nothing was published */
  readonly processed?: {
    readonly files: number
    /** Records in those files. */
    readonly records: number
    /** Rejected records in those files. @default unknown */
    readonly rejected?: number
    /** Stored bytes of the files that the job was to read. @default unknown, as in 0.1.0 */
    readonly bytes?: number
  }
  /** Raw files that a job would read; 0 if it would merge published parts. Set in a dry run only. */
  readonly toRead?: { readonly files: number; readonly bytes: number }
  /** Seconds from the start of the attempt to the publish. */
  readonly seconds?: number
  /** Seconds from the start of the job's program to the publish. @default unknown */
  readonly programSeconds?: number
  /** Number of raw objects that are published but gone from the raw prefix. @default none */
  readonly vanished?: number
  /** Most frequent reasons of this execution's rejects, at most three. @default none, or unknown */
  readonly rejectedFor?: readonly RejectedFor[]
  /** True if nothing of the day was published before. @default false */
  readonly newDay?: boolean
  /** Unread objects below the day's raw prefix. @default none */
  readonly unread?: UnreadObjects
  /** Check results of the published generation. @default it has none */
  readonly checks?: CheckCounts
  /** Name of the error, for a failed, stuck or accepted day. */
  readonly error?: string
  /** Message of the error in one line, or the reason in detail for a superseded day. */
  readonly cause?: string
}

/**
 * Returned by PlanDay and kept in the child's variable `planned`. `done` ends the day, `wait` asks again after one to
 * five minutes, `process` starts a job.
 */
export type PlanDayOutput =
  | { readonly action: 'done'; readonly outcome: DayOutcome }
  | { readonly action: 'wait'; readonly outcome: DayOutcome }
  | {
      readonly action: 'process'
      /**
       * Key of the work order in the data bucket. The order itself would not fit: a job's arguments are limited to 256
       * characters.
       */
      readonly workOrder: string
      /** Stem of the job's name, valid and unique once the number of the try is appended. */
      readonly jobName: string
      /** Version of the deployed feature code. The job refuses to run with another one. */
      readonly featureVersion: string
      /** Instance type for the dataset's jobs. @default that of the deployment */
      readonly instanceType?: string
      /** Size of each job's volume, in GB. @default that of the deployment */
      readonly volumeSizeGb?: number
    }

/** Sent by the state PublishDay to its function after the job has succeeded. */
export interface PublishDayInput extends DayInput {
  /** Key of the job's work order in the data bucket. */
  readonly workOrder: string
  /** Number of times so far, from 0, that another writer published the day first. */
  readonly loop: number
}

/**
 * Returned by PublishDay and kept in the child's variable `published`. It ends the child or sends it back to PlanDay.
 */
export interface PublishDayOutput {
  /** False if another writer published the day since it was planned: the child plans it again, up to three times. */
  readonly won: boolean
  /** Output of the child. Set if `won`. */
  readonly outcome?: DayOutcome
}

/** Sent by the state Collect to its function when all children of the Map have ended. */
export interface CollectInput {
  readonly plan: PlanOutput
  /** Location of the manifest that the Map's ResultWriter wrote. */
  readonly results: { readonly Bucket: string; readonly Key: string }
}

/** Returned by Collect and kept in the execution's variable `collected`. */
export interface CollectOutput {
  /** Location of the {@link Summary}. */
  readonly summary: { readonly bucket: string; readonly key: string }
  /** Number of dataset-days by status. */
  readonly counts: Readonly<Record<DayStatus, number>>
  /** Text for a Fail state: the failed days and how to redo them; empty if none failed. */
  readonly cause: string
}

/** Sent by the state Crawl to its function; again every 30 seconds while it answers `wait`. */
export interface CrawlInput {
  readonly execution: ExecutionRef
  /**
   * Number of redrives of the execution.
   * @default 0
   */
  readonly redriveCount?: number
  /**
   * `cause` from Collect, to be added to an error that ends the execution.
   * @default no day failed
   */
  readonly failedDays?: string
  /**
   * Answer to the previous call of this wait. An answer from before a redrive is ignored.
   * @default this is the first call
   */
  readonly previous?: CrawlOutput
}

/** Returned by Crawl and kept in the execution's variable `crawled`. */
export interface CrawlOutput {
  /** `done` once no crawler that this execution started is running, or after an hour of waiting. */
  readonly action: 'done' | 'wait'
  /** Number of redrives when this was answered. */
  readonly redriveCount: number
  /** Tables whose crawlers are running. */
  readonly waitingFor: readonly string[]
  /** Number of answers since the last redrive, this one included. */
  readonly polls: number
  /** Problems of crawls, one line each. They lose no data. */
  readonly warnings: readonly string[]
}

/** Sent by the state Verify to its function after Crawl, when the catalog has all published days. */
export interface VerifyInput {
  readonly execution: ExecutionRef
  /**
   * `cause` from Collect, to be added to an error that ends the execution.
   * @default no day failed
   */
  readonly failedDays?: string
}

/** Returned by Verify and kept in the execution's variable `verified`; also part of the {@link Summary}. */
export interface VerifyOutput {
  /** Number of dataset-days whose row count in Athena equals their manifest's. */
  readonly verified: number
  /** Number of dataset-days that were published or moved during the count. The next run verifies them. */
  readonly moved: number
  /** Number of dataset-days whose row count in Athena differs from their manifest's. */
  readonly mismatched: number
  /** Text for a Fail state; empty if no count differs. */
  readonly cause: string
  /** Number of days and checks with duplicate rows, and the first of them as sentences. @default none */
  readonly duplicates?: { readonly count: number; readonly told: readonly string[] }
}

/**
 * The document `runs/<execution>/summary.json`. Collect writes it, Verify adds `verification`, Crawl and the command
 * line read it.
 */
export interface Summary {
  readonly execution: ExecutionRef
  /** True if the execution only planned. */
  readonly dryRun: boolean
  readonly mode: Mode
  /** Number of dataset-days by status. */
  readonly counts: Readonly<Record<DayStatus, number>>
  /** Sorted by dataset, then by date. */
  readonly days: readonly DayOutcome[]
  /** Result of Verify. @default it has not run, or not ended */
  readonly verification?: VerifyOutput
  /** ISO time whose UTC date is the "today" of the execution. @default release 0.1.0 wrote the summary */
  readonly at?: string
  /** ISO time at which Collect gathered the outcomes. @default release 0.1.0 wrote the summary */
  readonly collectedAt?: string
  /** Approximate cost. @default unknown, or a dry run */
  readonly cost?: RunCost
  /** Key of the execution's page in the data bucket. @default there is none */
  readonly report?: string
}

/** Estimated cost of an execution at list prices, without items that belong to no single execution, such as storage. */
export interface RunCost extends Spent {
  /** Day on which the prices were read, `YYYY-MM-DD`, and their AWS region. */
  readonly prices: { readonly date: string; readonly region: string }
}

/**
 * The document `runs/<execution>/progress/<table>/<date>.json`. PlanDay writes it for a waiting day, the day's job
 * every few seconds; the command line reads it.
 */
export interface Progress {
  readonly dataset: string
  readonly date: Day
  /**
   * Present step of the work. `waiting`: for another execution, a concurrency slot or an instance. `merging`: joining
   * published parts. `staging`: writing the last files.
   */
  readonly phase: 'waiting' | 'starting' | 'reading' | 'merging' | 'staging' | 'done' | 'failed'
  /** Reason for waiting, in words. @default the day does not wait */
  readonly why?: string
  /** Numbers of raw files: read so far, and to read. */
  readonly files: { readonly done: number; readonly total: number }
  /** Records read so far. */
  readonly records: number
  /** Rows made so far. */
  readonly rows: number
  /** Records rejected so far. */
  readonly rejected: number
  /** Stored bytes of raw files: read so far, and to read. */
  readonly bytes: { readonly done: number; readonly total: number }
  /** ISO time of this report. */
  readonly at: string
}
