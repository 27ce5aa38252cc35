import type { Day } from '../core/dates.ts'
import { madeBy, type Allowed } from './gaps.ts'
import { isGap, type RangeDay } from './range-days.ts'
import { LIST_PRICES } from '../core/cost/prices.ts'

/** Days that must be complete, or a load is refused. */
export interface DaysToCheck {
  /** First day, inclusive. */
  readonly from: Day
  /** Last day, inclusive. */
  readonly to: Day
  /** Names of the datasets. @default those whose tables the query reads */
  readonly datasets?: readonly string[]
}

/** Result of a load: the file that it wrote, and the days and query that the rows came from. */
export interface Loaded {
  /** Path of the file. */
  readonly file: string
  /** Number of rows in the file. */
  readonly rows: number
  /** Size of the file. */
  readonly bytes: number
  /** Names of the columns, in order. */
  readonly columns: readonly string[]
  /** Id of the Athena query. */
  readonly query: string
  /** Bytes that Athena scanned, including those of repeated queries. */
  readonly scannedBytes: number
  /** Every day of the range in the datasets that were read; null if they were not checked. */
  readonly days: readonly RangeDay[] | null
  /**
   * Tables other than Dayfold's, as `database.table`; their completeness is unknown. Empty if days were not checked.
   */
  readonly otherTables: readonly string[]
}

/** Minimum number of bytes that Athena bills for a query. https://aws.amazon.com/athena/pricing/ */
const LEAST_BILLED_BYTES = 10e6

/** Returns the cost of a query in dollars, at Athena's list price in us-east-1. */
export const queryDollars = (scannedBytes: number): number =>
  (Math.max(scannedBytes, LEAST_BILLED_BYTES) / 1e12) * LIST_PRICES.athenaTerabyte

/** The document `<file>.json` beside a loaded file, which describes its source. */
export interface Sidecar extends Allowed, Omit<Loaded, 'days'> {
  /** SQL as Athena received it. */
  readonly sql: string
  /** ISO time of the load. */
  readonly loadedAt: string
  /** List price of the query in us-east-1. */
  readonly dollars: number
  /** `complete`: there are no gaps. `gaps`: there are some, which were allowed. `not checked`: no days were named. */
  readonly gaps: 'complete' | 'gaps' | 'not checked'
  /** First and last day that were checked; null if none were. */
  readonly range: { readonly from: string; readonly to: string } | null
  /**
   * For each dataset, the number of days per version of its feature code. The version that was published last comes
   * first.
   */
  readonly featureVersions: Readonly<Record<string, Readonly<Record<string, number>>>>
  /** Every day of the range; null if days were not checked. */
  readonly days: readonly RangeDay[] | null
}

/**
 * Returns the document that describes the source of a loaded file.
 *
 * @param sql as Athena received it
 */
export function sidecarOf(
  { days, ...loaded }: Loaded,
  sql: string,
  { check, allowGaps = false, allowMixed = false, loadedAt }: SidecarOptions,
): Sidecar {
  const featureVersions: Record<string, Record<string, number>> = {}
  for (const { dataset, featureVersion, days: made } of madeBy(days ?? []))
    (featureVersions[dataset] ??= {})[featureVersion] = made.length
  return {
    ...loaded,
    sql,
    loadedAt,
    dollars: queryDollars(loaded.scannedBytes),
    gaps: days === null ? 'not checked' : days.some(isGap) ? 'gaps' : 'complete',
    range: check ? { from: check.from, to: check.to } : null,
    allowGaps,
    allowMixed,
    featureVersions,
    days,
  }
}

interface SidecarOptions extends Allowed {
  readonly check?: DaysToCheck | undefined
  readonly loadedAt: string
}

/** Formats a sidecar as indented JSON, as it is written beside the file. */
export const sidecarText = (sidecar: Sidecar): string => `${JSON.stringify(sidecar, null, 2)}\n`
