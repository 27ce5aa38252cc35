import type { CheckResult } from '../core/checks.ts'
import type { Drift } from '../core/drift.ts'
import type { DatasetDay } from '../core/execution-input.ts'
import type { DayOutcome, RunCost, Summary } from '../core/messages.ts'
import type { ColumnProfile } from '../core/profile.ts'
import type { Reject } from '../core/rejects.ts'

/** What a page about an execution is made from: the same data gives the same bytes. */
export interface RunReport {
  readonly summary: Summary
  /** ISO time at which the ledger was looked at. */
  readonly at: string
  /** Whether values of records are shown: raw text, messages that may quote it, most frequent values. */
  readonly showsValues: boolean
  /** In the order of the summary. */
  readonly days: readonly ReportDay[]
  /** Of the datasets in the order of their names, the columns in the order of the table. */
  readonly columns: readonly ColumnHistory[]
  /** How many columns are left out, since there are too many. */
  readonly columnsLeft: number
  /** What readers are shown otherwise than the manifests say. @default nobody has looked */
  readonly findings?: readonly ReportFinding[]
  /** @default that of the summary */
  readonly cost?: RunCost
}

/** A dataset-day of an execution, and what its ledger says now. */
export interface ReportDay {
  readonly outcome: DayOutcome
  readonly present: Present
  /** Of the published generation. */
  readonly checks: readonly CheckResult[]
  /** How the values of the published generation differ from those of the days before. */
  readonly drifts: readonly Drift[]
  /** Some of the rejected records. */
  readonly examples: readonly Reject[]
}

/**
 * What the ledger says of a day now. `same`: what the execution has told. `other`: another generation. `gone`: none,
 * though the execution told of one. `unreadable`: the manifest cannot be read. `unknown`: nobody has looked. `none`: there
 * is none, nor was there.
 */
export type Present =
  | { readonly state: 'same' | 'gone' | 'none' | 'unknown' }
  | { readonly state: 'other'; readonly generation: number; readonly rows: number }
  | { readonly state: 'unreadable'; readonly problem: string }

/** A column of a dataset over the days of an execution, and up to seven before. */
export interface ColumnHistory {
  readonly dataset: string
  readonly name: string
  /** In the order of the days. At least one. */
  readonly points: readonly ColumnPoint[]
  /** That of the last point's day. */
  readonly last: ColumnProfile
}

/** What a plot shows of a column on one day. */
export interface ColumnPoint {
  readonly date: string
  readonly rows: number
  readonly nulls: number
  readonly distinct: number
  /** Of booleans the share of true. */
  readonly mean?: number
  /** The values that one, five and nine tenths of all are not above, where they are ordered like numbers. */
  readonly spread?: readonly [low: number, middle: number, high: number]
}

/** One thing that readers are shown otherwise than a manifest says. */
export interface ReportFinding extends DatasetDay {
  readonly kind: string
  readonly key: string
  readonly finding: string
}
