import type { ScalarKind } from './kinds/table.ts'

/** Effect of a failed check on its day. `fail`: the day is not published. `warn`: it is published with a warning. */
export type Otherwise = 'fail' | 'warn'

interface AnyCheck {
  /** @default 'warn' */
  readonly otherwise?: Otherwise | undefined
}

interface Tolerant {
  /**
   * Largest share of values that may fail, from 0 to 1.
   * @default 0
   */
  readonly maxRatio?: number | undefined
}

/**
 * A check that a dataset declares for each of its days, run before the day is published (`unique`: after). It is plain
 * data; changing it rebuilds nothing.
 */
export type Check =
  /** At most `maxRatio` of the rows are null in the column. */
  | (AnyCheck & Tolerant & { readonly check: 'notNull'; readonly column: string })
  /** All values lie between `min` and `max`, inclusive: numbers, or ISO 8601 for timestamps and dates. */
  | (AnyCheck & {
      readonly check: 'range'
      readonly column: string
      readonly min?: number | string | undefined
      readonly max?: number | string | undefined
    })
  /** All values but nulls are in `values`. */
  | (AnyCheck &
      Tolerant & {
        readonly check: 'oneOf'
        readonly column: string
        readonly values: readonly (string | number | boolean)[]
      })
  /** The regular expression `pattern` (flag `u`) finds a match in every text but nulls. */
  | (AnyCheck & Tolerant & { readonly check: 'matches'; readonly column: string; readonly pattern: string })
  /** The day has `min` to `max` times the median rows of the seven days before. Judged once the day is over. */
  | (AnyCheck & {
      readonly check: 'rows'
      readonly min?: number | undefined
      readonly max?: number | undefined
    })
  /** The values are distributed as on the seven days before. Judged once the day is over. @default all columns */
  | (AnyCheck & { readonly check: 'drift'; readonly columns?: readonly string[] | undefined })
  /**
   * No two rows have the same values in `columns`; rows with a null there do not count. Verify runs it after the
   * publish, so it only warns.
   */
  | { readonly check: 'unique'; readonly columns: readonly string[] }

/** Result of one check of a day. PublishDay stores it in the manifest; summary and `status` show it. */
export interface CheckResult {
  /** Short name of the check, such as `notNull title`. */
  readonly check: string
  /** Effect of a failure on the day. */
  readonly otherwise: Otherwise
  /** `unknown`: the check could not be judged. It stops nothing. */
  readonly state: 'passed' | 'failed' | 'unknown'
  /** Expectation and finding, each as the end of a sentence. */
  readonly expected: string
  readonly found: string
}

/** A check whose failing values the job counts row by row, because no statistic of the column tells their number. */
export type CountedCheck = Extract<Check, { check: 'oneOf' | 'matches' }>
/**
 * True for a check whose failing values the job counts row by row. Other checks need only row counts, profiles or a
 * query.
 */
export const isCounted = (check: Check): check is CountedCheck =>
  check.check === 'oneOf' || check.check === 'matches'

/**
 * Returns a text that identifies a check by its column and condition, whatever its limit. Counts under the same text
 * may be added.
 */
export const identityOf = (check: CountedCheck) =>
  JSON.stringify([check.check, check.column, check.check === 'oneOf' ? check.values : check.pattern])

/** Returns a short name of a check for messages, such as `range price` or `unique id day`. */
export function nameOfCheck(check: Check): string {
  if (check.check === 'rows') return 'rows'
  if ('column' in check) return `${check.check} ${check.column}`
  return [check.check, ...(check.columns ?? [])].join(' ')
}

const TIMES: readonly (string | undefined)[] = ['timestamp', 'date'] satisfies ScalarKind[]

/**
 * Converts a bound of a `range` check or a value of a profile to a number, for comparison. Timestamps and dates become
 * milliseconds since 1970. NaN if the value is none of the column's kind.
 */
export const boundOf = (value: unknown, kind: string | undefined) =>
  isTime(kind) ? (typeof value === 'string' ? Date.parse(value) : NaN) : Number(value)
/** True for a column kind whose values are points in time. */
export const isTime = (kind: string | undefined) => TIMES.includes(kind)
