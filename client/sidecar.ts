import type { Day } from '../core/dates.ts'
import { madeBy, type Allowed } from './gaps.ts'
import { isGap, type RangeDay } from './range-days.ts'
import { LIST_PRICES } from '../core/cost/prices.ts'

/** Days that a query must find whole. */
export interface DaysToCheck {
  /** First and last day, inclusive. */
  readonly from: Day
  readonly to: Day
  /** @default those whose tables the query reads */
  readonly datasets?: readonly string[]
}

/** What a load has come to. */
export interface Loaded {
  readonly file: string
  readonly rows: number
  readonly bytes: number
  readonly columns: readonly string[]
  /** Id of Athena's query. */
  readonly query: string
  /** Bytes that Athena read, also where it had to begin anew. */
  readonly scannedBytes: number
  /** Every day of the range in the datasets that were read; null where it was not checked for gaps. */
  readonly days: readonly RangeDay[] | null
  /** Tables that are none of Dayfold's, `database.table`: nobody knows whether they are whole. Known where days are. */
  readonly otherTables: readonly string[]
}

/** What Athena bills for a query at least. https://aws.amazon.com/athena/pricing/ */
const LEAST_BILLED_BYTES = 10e6

/** What a query costs, in dollars, by list prices of us-east-1. */
export const queryDollars = (scannedBytes: number): number =>
  (Math.max(scannedBytes, LEAST_BILLED_BYTES) / 1e12) * LIST_PRICES.athenaTerabyte

/** What a loaded file was made of. */
export interface Sidecar extends Allowed, Omit<Loaded, 'days'> {
  /** As Athena got it. */
  readonly sql: string
  /** ISO time. */
  readonly loadedAt: string
  /** List price of the query in us-east-1. */
  readonly dollars: number
  /** `complete`: no gaps. `gaps`: some were allowed. `not checked`: no days were named. */
  readonly gaps: 'complete' | 'gaps' | 'not checked'
  /** Null where it was not checked. */
  readonly range: { readonly from: string; readonly to: string } | null
  /** Of each dataset, how many days each feature code has made, that of the newest publish first. */
  readonly featureVersions: Readonly<Record<string, Readonly<Record<string, number>>>>
  readonly days: readonly RangeDay[] | null
}

/** What is said of a loaded file. */
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

/** As JSON, for people and programs. */
export const sidecarText = (sidecar: Sidecar): string => `${JSON.stringify(sidecar, null, 2)}\n`
