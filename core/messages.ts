import type { Day } from './dates.ts'
import type { DatasetDay, Mode } from './execution-input.ts'
import type { Input, RawObject, StoredFile, Totals, WorkKind } from './manifest.ts'

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

export interface PlanOutput {
  readonly execution: ExecutionRef
  /** Where the Map reads its items, a JSON array of {@link DatasetDay}. */
  readonly items: { readonly bucket: string; readonly key: string }
  readonly count: number
  readonly maxConcurrency: number
  readonly mode: Mode
  readonly dryRun: boolean
  readonly allowEmpty: boolean
  /** Whether the schedule started it: a busy day is left, not waited for. */
  readonly scheduled: boolean
  /** The instant that "today" follows from. */
  readonly at: string
}

/** Input of a Map child. */
export interface DayInput extends DatasetDay {
  readonly execution: ExecutionRef
  readonly mode: Mode
  readonly dryRun: boolean
  readonly allowEmpty: boolean
  readonly scheduled: boolean
  readonly at: string
}

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
      /** `s3://` URI of the {@link WorkOrder}. */
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

/** Bounds of the files that a job makes. */
export interface FileLimits {
  /** Most rows of a part, at most 1,048,576. */
  readonly partRows: number
  /** Most bytes of a part, at most 1 GiB. */
  readonly partBytes: number
  /** Rows that a row group has at least, but for the last of a part. */
  readonly rowGroupRows: number
}

/** What a job is told to do. */
export interface WorkOrder {
  readonly version: 1
  readonly kind: WorkKind
  readonly dataset: string
  readonly date: Day
  readonly execution: ExecutionRef
  /** Token of the attempt. */
  readonly attempt: string
  /** Why the day is worked on. */
  readonly why: string
  readonly featureVersion: string
  /** The generation that the job makes. */
  readonly generation: number
  /** The generation that it starts from; 0: none. */
  readonly base: number
  readonly rawBucket: string
  readonly dataBucket: string
  /** Prefix in the data bucket that the job may write under. */
  readonly staging: string
  /** Raw objects to read, in key order; none in a consolidation. */
  readonly inputs: readonly RawObject[]
  /** Published parts to merge, in key order; none but in a consolidation. */
  readonly parts: readonly StoredFile[]
  readonly limits: FileLimits
  readonly progressKey: string
  readonly startedAt: string
  /**
   * Raw objects that are published but gone from the raw prefix.
   * @default 0
   */
  readonly vanished?: number
}

/** What a job did; the last object that it stages. */
export interface JobReport {
  readonly version: 1
  readonly kind: WorkKind
  readonly dataset: string
  readonly date: Day
  readonly attempt: string
  /** As the bundle knows it. */
  readonly featureVersion: string
  readonly inputs: readonly Input[]
  /** Staged parts. */
  readonly parts: readonly StoredFile[]
  /** Staged reject files. */
  readonly rejects: readonly StoredFile[]
  /**
   * The reasons of the rejects, the commonest first.
   * @default not known
   */
  readonly rejectedFor?: readonly RejectedFor[]
  readonly totals: Totals
  /** Share of values that were encoded more than once. */
  readonly reencodedValues: number
  readonly encodedValues: number
  /** Seconds by phase, summed over threads. */
  readonly phaseSeconds: Readonly<Record<string, number>>
  readonly startedAt: string
  readonly finishedAt: string
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

/** How many records a job rejected for one reason, and the first of them. */
export interface RejectedFor {
  readonly reason: RejectReason
  readonly records: number
  /** The first in the order of keys and lines; its message is cut to a few hundred characters. */
  readonly first: Pick<Reject, 'source' | 'line' | 'message'>
}

/** Why a record was rejected. */
export const REJECT_REASONS = [
  'invalid-json',
  'invalid-utf8',
  'line-too-long',
  'not-an-object',
  'invalid-row',
  'extract-error',
  'broken-gzip',
] as const
export type RejectReason = (typeof REJECT_REASONS)[number]

/** A line of a reject file. Exactly one of `raw` and `rawBase64` is set. */
export interface Reject {
  /** Key of the raw object. */
  readonly source: string
  /** From 1, counted from the start of the object. */
  readonly line: number
  readonly reason: RejectReason
  readonly message: string
  readonly raw?: string
  /** Where the bytes are not valid UTF-8. */
  readonly rawBase64?: string
}
