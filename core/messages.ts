import type { CheckResult } from './checks.ts'
import type { Spent } from './cost/cost-lines.ts'
import type { Day } from './dates.ts'
import type { DayStatus } from './day-status.ts'
import type { DatasetDay, ExecutionInput } from './execution-input.ts'
import type { Totals, UnreadObjects, WorkKind } from './manifest.ts'
import type { Mode, TEND } from './modes.ts'
import type { RejectedFor } from './rejects.ts'

/**
 * What the states of the state machine, the job and the command line say to each other.
 * State holds bounded values only: whatever grows with the number of days or files lives in S3.
 */

/** The execution that a message belongs to. */
export interface ExecutionRef {
  readonly arn: string
  readonly name: string
}

/** What the state Plan sends to its function: an execution that has just begun. */
export interface PlanInput {
  readonly execution: ExecutionRef
  /** ISO time of the execution's start. */
  readonly startedAt: string
  /** The execution's input as given, which nobody has checked yet. */
  readonly input: unknown
}

/** How an execution works on its days: Plan says it, and the Map passes it on to each of them. */
export interface DayRequest extends Pick<ExecutionInput, 'dryRun' | 'allowEmpty'> {
  readonly execution: ExecutionRef
  /** Whether the schedule started it: a busy day is left, not waited for. */
  readonly scheduled: boolean
  /** ISO time that "today" follows from: the schedule's, else the execution's start. */
  readonly at: string
}

/** What Plan answers: the variable `plan` of the execution, which all states after it read. */
export interface PlanOutput extends DayRequest {
  readonly mode: Mode
  /** Where the Map reads its items, a JSON array of {@link DayItem}. */
  readonly items: { readonly bucket: string; readonly key: string }
  /** Number of items. */
  readonly count: number
  /** Most dataset-days that the Map works on at once. */
  readonly maxConcurrency: number
}

/** An item of the Map: a dataset-day, and what is to be done with it. */
export interface DayItem extends DatasetDay {
  /**
   * That of the execution for the days that it covers. `changed` for others of which a publish was given up or that are
   * outstanding, `tend` for others that are not at home.
   */
  readonly mode: Mode | typeof TEND
}

/** What the Map sends to each of its children: its item, and how to work on it. */
export interface DayInput extends DayItem, DayRequest {}

/** What the state PlanDay sends to its function, again after each wait and each lost publish. */
export interface PlanDayInput extends DayInput {
  /** The Map child: names of jobs follow from it. */
  readonly child: { readonly arn: string; readonly redriveCount: number }
  /** 0 at first, one more after each lost publish. */
  readonly loop: number
  /** How often PlanDay has answered `wait` already. */
  readonly waits: number
  /**
   * Set before a further try to start the day's job, which the day is planned for already: PlanDay is only told.
   * @default PlanDay is asked
   */
  readonly waitsForInstance?: InstanceWait
}

/** How long the job of a day has waited for an instance. */
export interface InstanceWait {
  /** ISO time at which its day was planned. */
  readonly since: string
  /** What SageMaker has refused it with, as the definition tells it. */
  readonly error: string
}

/** Why a day is left whose table has columns of other types. */
export const SUPERSEDED_WHY = 'left for the release that the table belongs to'
/** Why a day is empty below whose raw prefix there is nothing at all. */
export const NO_RAW_FILES = 'no raw files'

export type { DayStatus } from './day-status.ts'

/** How many checks of a day went how, and the first that failed. */
export interface CheckCounts extends Readonly<Record<CheckResult['state'], number>> {
  /** Those that failed or could not be judged, as sentences, failed ones first: a few. */
  readonly told: readonly string[]
}

/** A line of an execution's summary. */
export interface DayOutcome extends DatasetDay {
  readonly status: DayStatus
  /** Why the day was worked on or left, in words. */
  readonly why: string
  readonly kind?: WorkKind
  readonly generation?: number
  /** Of the published generation. */
  readonly totals?: Totals
  /** Raw files, their stored bytes, and records that this execution processed. */
  readonly processed?: {
    readonly files: number
    readonly records: number
    readonly rejected?: number
    /** @default not known, as in what 0.1.0 published */
    readonly bytes?: number
  }
  /** Of a planned day that takes a job: the raw files to read, none where published parts are merged. */
  readonly toRead?: { readonly files: number; readonly bytes: number }
  /** Seconds from the start of the attempt to its publish. */
  readonly seconds?: number
  /** Seconds of these from the start of the job's program. @default not known */
  readonly programSeconds?: number
  /** Raw objects that are published but gone from the raw prefix. */
  readonly vanished?: number
  /** Of the records that this execution rejected: the commonest reasons. @default none, or not known */
  readonly rejectedFor?: readonly RejectedFor[]
  /** Whether the day had nothing published before. @default false */
  readonly newDay?: boolean
  /** Objects below the day's raw prefix that are not read. @default none */
  readonly unread?: UnreadObjects
  /** How the checks of the published generation went. @default it has none */
  readonly checks?: CheckCounts
  /** Name of the error of a day that failed, is stuck or accepted. */
  readonly error?: string
  /** What went wrong, in one line. */
  readonly cause?: string
}

/**
 * What PlanDay answers: the variable `planned` of the child. `done` ends the day, `wait` asks again a minute or more
 * later, `process` starts a job.
 */
export type PlanDayOutput =
  | { readonly action: 'done'; readonly outcome: DayOutcome }
  | { readonly action: 'wait'; readonly outcome: DayOutcome }
  | {
      readonly action: 'process'
      /** Key of the work order in the data bucket: arguments of a job end at 256 characters. */
      readonly workOrder: string
      /** Valid and unique once the number of the try is appended. */
      readonly jobName: string
      /** Of the deployed feature code: the job refuses to be of another. */
      readonly featureVersion: string
      /** Of the dataset's jobs. @default that of the deployment */
      readonly instanceType?: string
      /** Of each job's volume. @default that of the deployment */
      readonly volumeSizeGb?: number
    }

/** What the state PublishDay sends to its function once the job has ended well. */
export interface PublishDayInput extends DayInput {
  /** Key of the job's work order in the data bucket. */
  readonly workOrder: string
  /** As in {@link PlanDayInput}. */
  readonly loop: number
}

/** What PublishDay answers: the variable `published` of the child, which ends it or sends it back to PlanDay. */
export interface PublishDayOutput {
  /** Whether this is the day's end; false when another writer published it since it was planned: plan again. */
  readonly won: boolean
  /** Set when it won, or leaves the day to another release: the child's output. */
  readonly outcome?: DayOutcome
}

/** What the state Collect sends to its function when all children of the Map have ended. */
export interface CollectInput {
  readonly plan: PlanOutput
  /** Output of the Map's ResultWriter. */
  readonly results: { readonly Bucket: string; readonly Key: string }
}

/** What Collect answers: the variable `collected` of the execution. */
export interface CollectOutput {
  /** Where the {@link Summary} lies. */
  readonly summary: { readonly bucket: string; readonly key: string }
  /** Dataset-days by what became of them. */
  readonly counts: Readonly<Record<DayStatus, number>>
  /** For a Fail state: which days failed and how to redo them; empty without failed days. */
  readonly cause: string
}

/** What the state Crawl sends to its function, again every 30 seconds while the answer is to wait. */
export interface CrawlInput {
  readonly execution: ExecutionRef
  /**
   * How often the execution was redriven.
   * @default 0
   */
  readonly redriveCount?: number
  /**
   * What Collect said of failed days: an error that ends the execution tells of them as well.
   * @default none failed
   */
  readonly failedDays?: string
  /** The previous answer while waiting. A redrive passes on the last one from before: it begins anew. */
  readonly previous?: CrawlOutput
}

/** What Crawl answers: the variable `crawled` of the execution. */
export interface CrawlOutput {
  /** `done` when no crawler that this execution started is running, or it has waited long enough. */
  readonly action: 'done' | 'wait'
  /** Of the execution when this was said. */
  readonly redriveCount: number
  /** Tables whose crawlers run. */
  readonly waitingFor: readonly string[]
  /** How often was looked since the execution was last redriven. */
  readonly polls: number
  /** What went wrong with crawls, one line each: no data is missing for it. */
  readonly warnings: readonly string[]
}

/** What the state Verify sends to its function when the catalog has every published day. */
export interface VerifyInput {
  readonly execution: ExecutionRef
  /**
   * What Collect said of failed days: an error that ends the execution tells of them as well.
   * @default none failed
   */
  readonly failedDays?: string
}

/** What Verify answers: the variable `verified` of the execution, and a part of its summary. */
export interface VerifyOutput {
  /** Dataset-days whose count agrees with their manifest. */
  readonly verified: number
  /** Dataset-days that were published again meanwhile, or are being: the next run verifies them. */
  readonly moved: number
  /** Dataset-days whose count differs from their manifest. */
  readonly mismatched: number
  /** For a Fail state; empty without mismatches. */
  readonly cause: string
  /** Days and checks that found doubled rows: how many, and the first of them. @default none */
  readonly duplicates?: { readonly count: number; readonly told: readonly string[] }
}

/** `runs/<execution>/summary.json`: Collect writes it, Verify adds to it, the command line reads it. */
export interface Summary {
  readonly execution: ExecutionRef
  readonly dryRun: boolean
  readonly mode: Mode
  readonly counts: Readonly<Record<DayStatus, number>>
  /** In the order of dataset, then date. */
  readonly days: readonly DayOutcome[]
  readonly verification?: VerifyOutput
  /** ISO time that "today" followed from. @default not known, as in what 0.1.0 wrote */
  readonly at?: string
  /** ISO time at which the outcomes were gathered. @default not known, as in what 0.1.0 wrote */
  readonly collectedAt?: string
  /** What it has cost, about. @default not known, or a dry run */
  readonly cost?: RunCost
  /** Key of the page about it in the data bucket. @default there is none */
  readonly report?: string
}

/** What an execution has cost by list prices, without what no single execution has. */
export interface RunCost extends Spent {
  readonly prices: { readonly date: string; readonly region: string }
}

/**
 * `runs/<execution>/progress/<table>/<date>.json`: PlanDay writes it for a day that waits, a job again and again; the
 * command line reads it.
 */
export interface Progress {
  readonly dataset: string
  readonly date: Day
  readonly phase: 'waiting' | 'starting' | 'reading' | 'merging' | 'staging' | 'done' | 'failed'
  /** What a day waits for, in words. */
  readonly why?: string
  readonly files: { readonly done: number; readonly total: number }
  readonly records: number
  readonly rows: number
  readonly rejected: number
  /** Raw bytes read and to read. */
  readonly bytes: { readonly done: number; readonly total: number }
  /** ISO time. */
  readonly at: string
}
