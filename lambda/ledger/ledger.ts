import type { Catalog } from '../../aws/partitions.ts'
import type { Bucket } from '../../aws/objects.ts'
import type { Deployment } from '../../core/deployment.ts'
import type { HandlerEnvironment } from '../../core/environment.ts'
import type { DatasetDay } from '../../core/dataset-day.ts'
import type { Intent, Manifest } from '../../core/manifest.ts'

/**
 * Clients, limits and identity that a Lambda function needs to change the ledger (everything below `state/`) and the
 * catalog. See docs/decisions/publishing.md.
 */
export interface Ledger {
  readonly data: Bucket
  readonly catalog: Catalog
  /**
   * Seconds after its last write during which an intent (an operation that a manifest announces) belongs to the
   * function that wrote it. Longer than any function that works on intents can run.
   */
  readonly leaseSeconds: number
  /**
   * Seconds for which a running query may go on listing a folder after the partition was pointed elsewhere. Until then
   * no file of the folder is deleted and nothing is copied into it again.
   */
  readonly graceSeconds: number
  /** Returns the name of a table's crawler; undefined if it has none. */
  readonly crawlerOf: (table: string) => string | undefined
  /** ARN of the execution that the function works for; intents that it writes name it as their holder. */
  readonly holder: string
  /** Returns the milliseconds until this function is stopped. */
  readonly millisecondsLeft: () => number
  /** Called with each day whose publish was given up; the day is requeued for the next execution. */
  readonly onGivenUp?: (day: DatasetDay) => void
}

/**
 * Environment variables with times in seconds: how long an intent belongs to the function that wrote it (the lease),
 * and how long replaced files are kept for running queries (the grace).
 */
export type PublisherEnvironment = Pick<
  HandlerEnvironment<'publish-day'>,
  'LEASE_SECONDS' | 'QUERY_GRACE_SECONDS'
>

/** The part of Lambda's context object that is used here. */
export interface CallContext {
  /** Returns the milliseconds until Lambda stops the function. */
  getRemainingTimeInMillis(): number
}

/**
 * Makes the {@link Ledger} of one call of a Lambda function.
 *
 * @param holder ARN of the execution that the function works for
 */
export function ledgerOf(
  clients: Pick<Ledger, 'data' | 'catalog' | 'onGivenUp'>,
  { datasets }: Deployment,
  environment: PublisherEnvironment,
  holder: string,
  call: CallContext,
): Ledger {
  const leaseSeconds = Number(environment.LEASE_SECONDS)
  const graceSeconds = Number(environment.QUERY_GRACE_SECONDS)
  const crawlers = new Map(datasets.map(({ name, crawler }) => [name, crawler]))
  return {
    ...clients,
    crawlerOf: (table) => crawlers.get(table),
    leaseSeconds,
    graceSeconds,
    holder,
    millisecondsLeft: () => call.getRemainingTimeInMillis(),
  }
}

/** A manifest as it was read, with the ETag that the next write expects. */
export interface StoredManifest {
  readonly manifest: Manifest
  /** Undefined where no manifest has been written yet. */
  readonly etag: string | undefined
  /** Seconds since it was written, by S3's clock; 0 if none was. */
  readonly ageSeconds: number
  /** Milliseconds since 1970 at which S3 answered, by its own clock; NaN if no manifest has been written. */
  readonly answeredAt: number
}

/**
 * An intent (an operation that a day's manifest announces) that this function holds. Its writes replace exactly this
 * manifest, and fail if it has changed.
 */
export interface Held<I extends Intent = Intent> {
  readonly day: DatasetDay
  /** Content of the manifest, with the intent in it. */
  readonly manifest: Manifest & { readonly intent: I }
  /** ETag of this manifest, which the next write expects. */
  readonly etag: string
}

/**
 * True if this function may take over the intent (the operation) that a manifest announces: its lease is over, or this
 * execution holds it. The state machine lets only one function of an execution work on a day at a time, so an earlier
 * writer of the same execution has died.
 */
export function isFree(ledger: Ledger, { manifest: { intent }, ageSeconds }: StoredManifest): boolean {
  return ageSeconds > ledger.leaseSeconds || intent?.holder === ledger.holder
}

/**
 * The time during which an intent (an operation that a manifest announces) belongs to the function that wrote it. No
 * other function may continue it before.
 */
export interface Lease {
  /** ISO time at which the lease ends or ended, by S3's clock. */
  readonly until: string
  /** True if S3's clock is more than 5 s behind the time at which the intent was written: the clock was set back. */
  readonly isClockBack: boolean
}

/**
 * Returns until when the intent (the operation) that a manifest announces belongs to the function that wrote it:
 * `leaseSeconds` after the write. The time lies in the past if the lease is over.
 */
export function leaseOf({ leaseSeconds }: Ledger, { ageSeconds, answeredAt }: StoredManifest): Lease {
  const until = new Date(answeredAt + (leaseSeconds - ageSeconds) * 1000).toISOString()
  return { until, isClockBack: ageSeconds < -CLOCK_SKEW_SECONDS }
}

/** S3 tells whole seconds, and locally the files bear the time of another clock than the answers. */
const CLOCK_SKEW_SECONDS = 5

/**
 * True if no query can still be about to list a folder that its partition pointed to until `since`.
 *
 * @param since milliseconds since 1970
 * @param answeredAt milliseconds since 1970 at which S3 answered, by its clock, which has whole seconds
 */
export function isGraceOver({ graceSeconds }: Ledger, since: number, answeredAt: number): boolean {
  return graceSeconds === 0 || answeredAt - since > graceSeconds * 1000
}

/**
 * Returns the time at which S3 answered, by its own clock, as an ISO time.
 *
 * @param answer must be defined
 */
export function timeOf(answer: { readonly answeredAt: number } | undefined): string {
  return new Date(answer!.answeredAt).toISOString()
}
