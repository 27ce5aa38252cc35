import type { Catalog } from '../../aws/partitions.ts'
import type { Bucket } from '../../aws/objects.ts'
import type { Deployment } from '../../core/deployment.ts'
import type { HandlerEnvironment } from '../../core/environment.ts'
import type { DatasetDay } from '../../core/execution-input.ts'
import type { Intent, Manifest } from '../../core/manifest.ts'

/** Clients, limits and identity that every step of publishing works with. See docs/decisions/publishing.md. */
export interface Ledger {
  readonly data: Bucket
  readonly catalog: Catalog
  /**
   * Seconds after its last write during which an intent belongs to its writer: longer than any function that works on
   * intents can live.
   */
  readonly leaseSeconds: number
  /**
   * Seconds for which a query may go on listing a folder after the partition was pointed elsewhere. Until then no file is
   * deleted and no folder is filled again.
   */
  readonly graceSeconds: number
  /** Returns the name of a table's crawler; undefined where it has none. */
  readonly crawlerOf: (table: string) => string | undefined
  /** ARN of the execution that the function works for. */
  readonly holder: string
  /** Returns the milliseconds until this function is stopped. */
  readonly millisecondsLeft: () => number
  /** Called with each day whose publish is given up and which is requeued. */
  readonly onGivenUp?: (day: DatasetDay) => void
}

/** Lease and grace as environment variables, in seconds. */
export type PublisherEnvironment = Pick<
  HandlerEnvironment<'publish-day'>,
  'LEASE_SECONDS' | 'QUERY_GRACE_SECONDS'
>

/** The part of Lambda's context object that is used here. */
export interface CallContext {
  getRemainingTimeInMillis(): number
}

/** Makes the ledger of a function that works for the execution `holder`. */
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

/** A manifest as it was read, with the ETag over which the next one has to be written. */
export interface StoredManifest {
  readonly manifest: Manifest
  /** Undefined where no manifest has been written yet. */
  readonly etag: string | undefined
  /** Seconds since it was written, by S3's clock. */
  readonly ageSeconds: number
  /** Milliseconds since 1970 at which S3 answered, by its own clock. */
  readonly answeredAt: number
}

/** An open intent that this function holds: its writes go over exactly this manifest, or fail. */
export interface Held<I extends Intent = Intent> {
  readonly day: DatasetDay
  readonly manifest: Manifest & { readonly intent: I }
  readonly etag: string
}

/**
 * True if an intent may be taken over: its lease is over, or it belongs to this execution. The state machine lets one
 * function of an execution at a time work on a day, so that an earlier writer of the same execution has died.
 */
export function isFree(ledger: Ledger, { manifest: { intent }, ageSeconds }: StoredManifest): boolean {
  return ageSeconds > ledger.leaseSeconds || intent?.holder === ledger.holder
}

/** The time for which an intent belongs to its writer: until then nobody else may continue it. */
export interface Lease {
  /** ISO time, by S3's clock. */
  readonly until: string
  /** True if S3's clock is behind the time at which the intent was written. */
  readonly isClockBack: boolean
}

/** Returns how long the intent of a manifest still belongs to its writer. */
export function leaseOf({ leaseSeconds }: Ledger, { ageSeconds, answeredAt }: StoredManifest): Lease {
  const until = new Date(answeredAt + (leaseSeconds - ageSeconds) * 1000).toISOString()
  return { until, isClockBack: ageSeconds < -CLOCK_SKEW_SECONDS }
}

/** S3 tells whole seconds, and locally the files bear the time of another clock than the answers. */
const CLOCK_SKEW_SECONDS = 5

/**
 * True once no query can still be about to list a folder that was last shown at `since`. S3's clock tells whole
 * seconds.
 *
 * @param since milliseconds since 1970
 * @param answeredAt milliseconds since 1970 at which S3 answered, by its clock
 */
export function isGraceOver({ graceSeconds }: Ledger, since: number, answeredAt: number): boolean {
  return graceSeconds === 0 || answeredAt - since > graceSeconds * 1000
}

/**
 * Returns the ISO time at which S3 answered, by its own clock.
 *
 * @param answer must be defined
 */
export function timeOf(answer: { readonly answeredAt: number } | undefined): string {
  return new Date(answer!.answeredAt).toISOString()
}
