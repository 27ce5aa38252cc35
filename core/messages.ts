import type { Day } from './dates.ts'
import type { DatasetDay, ExecutionInput } from './execution-input.ts'
import type { Totals, WorkKind } from './manifest.ts'
import type { Mode } from './modes.ts'

/**
 * What the states of the state machine, the job and the command line say to each other.
 * State holds bounded values only: whatever grows with the number of days or files lives in S3.
 */

/** The execution that a message belongs to. */
export interface ExecutionRef {
  readonly arn: string
  readonly name: string
}

export interface PlanInput {
  readonly execution: ExecutionRef
  /** ISO time. */
  readonly startedAt: string
  /** The execution's input as given. */
  readonly input: unknown
}

/** How an execution works on its days: Plan says it, and the Map passes it on to each of them. */
export interface DayRequest extends Pick<ExecutionInput, 'mode' | 'dryRun' | 'allowEmpty'> {
  readonly execution: ExecutionRef
  /** Whether the schedule started it: a busy day is left, not waited for. */
  readonly scheduled: boolean
  /** The instant that "today" follows from. */
  readonly at: string
}

export interface PlanOutput extends DayRequest {
  /** Where the Map reads its items, a JSON array of {@link DatasetDay}. */
  readonly items: { readonly bucket: string; readonly key: string }
  readonly count: number
  readonly maxConcurrency: number
}

/** Input of a Map child. */
export interface DayInput extends DatasetDay, DayRequest {}

export interface PlanDayInput extends DayInput {
  /** The Map child: names of jobs follow from it. */
  readonly child: { readonly arn: string; readonly redriveCount: number }
  /** 0 at first, one more after each lost publish. */
  readonly loop: number
}

/** Why a day is empty below whose raw prefix there is nothing at all. */
export const NO_RAW_FILES = 'no raw files'

/** What became of a dataset-day. */
export type DayStatus = 'published' | 'unchanged' | 'empty' | 'busy' | 'not-failed' | 'planned' | 'failed'

/** A line of an execution's summary. */
export interface DayOutcome extends DatasetDay {
  readonly status: DayStatus
  /** Why the day was worked on or left, in words. */
  readonly why: string
  readonly kind?: WorkKind
  readonly generation?: number
  /** Of the published generation. */
  readonly totals?: Totals
  /** Files and records that this execution processed. */
  readonly processed?: { readonly files: number; readonly records: number; readonly rejected?: number }
  /** From the start of the attempt to its publish. */
  readonly seconds?: number
  /** Raw objects that are published but gone from the raw prefix. */
  readonly vanished?: number
  readonly error?: string
  readonly cause?: string
}

export type PlanDayOutput =
  | { readonly action: 'done'; readonly outcome: DayOutcome }
  | { readonly action: 'wait'; readonly outcome: DayOutcome }
  | {
      readonly action: 'process'
      /** `s3://` URI of the work order. */
      readonly workOrder: string
      /** Valid and unique once the number of the try is appended. */
      readonly jobName: string
      readonly featureVersion: string
    }

export interface PublishDayInput extends DayInput {
  readonly workOrder: string
  readonly loop: number
}

export interface PublishDayOutput {
  /** False when another writer published the day since it was planned: plan again. */
  readonly won: boolean
  readonly outcome?: DayOutcome
}

export interface CollectInput {
  readonly plan: PlanOutput
  /** Output of the Map's ResultWriter. */
  readonly results: { readonly Bucket: string; readonly Key: string }
}

export interface CollectOutput {
  readonly summary: { readonly bucket: string; readonly key: string }
  readonly counts: Readonly<Record<DayStatus, number>>
  /** For a Fail state: which days failed and how to redo them; empty without failed days. */
  readonly cause: string
}

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

export interface CrawlOutput {
  readonly action: 'done' | 'wait'
  /** Of the execution when this was said. */
  readonly redriveCount: number
  /** Crawlers that were started by this execution since it was last redriven, by table. */
  readonly started: Readonly<Record<string, number>>
  /** Tables still waited for. */
  readonly waitingFor: readonly string[]
  readonly polls: number
}

export interface VerifyInput {
  readonly execution: ExecutionRef
  /**
   * What Collect said of failed days: an error that ends the execution tells of them as well.
   * @default none failed
   */
  readonly failedDays?: string
}

export interface VerifyOutput {
  /** Dataset-days whose count agrees with their manifest. */
  readonly verified: number
  /** Dataset-days that were published again meanwhile, or are being: the next run verifies them. */
  readonly moved: number
  readonly mismatched: number
  /** For a Fail state; empty without mismatches. */
  readonly cause: string
}

/** `runs/<execution>/summary.json`. */
export interface Summary {
  readonly execution: ExecutionRef
  readonly dryRun: boolean
  readonly mode: Mode
  readonly counts: Readonly<Record<DayStatus, number>>
  /** In the order of dataset, then date. */
  readonly days: readonly DayOutcome[]
  readonly verification?: VerifyOutput
}

/** `runs/<execution>/progress/<table>/<date>.json`. */
export interface Progress {
  readonly dataset: string
  readonly date: Day
  readonly phase: 'starting' | 'reading' | 'merging' | 'staging' | 'done' | 'failed'
  readonly files: { readonly done: number; readonly total: number }
  readonly records: number
  readonly rows: number
  readonly rejected: number
  /** Raw bytes read and to read. */
  readonly bytes: { readonly done: number; readonly total: number }
  /** ISO time. */
  readonly at: string
}
