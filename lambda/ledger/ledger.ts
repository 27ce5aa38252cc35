import type { Catalog } from '../../aws/partitions.ts'
import type { Bucket } from '../../aws/objects.ts'
import type { Deployment } from '../../core/deployment.ts'
import type { HandlerEnvironment } from '../../core/environment.ts'
import type { DatasetDay } from '../../core/execution-input.ts'
import type { Intent, Manifest } from '../../core/manifest.ts'

/** What every step of the protocol works with. docs/decisions/publishing.md has the whole of it. */
export interface Ledger {
  readonly data: Bucket
  readonly catalog: Catalog
  /**
   * How long after its last write an intent belongs to the function that wrote it: longer than any function that
   * works on intents can live.
   */
  readonly leaseSeconds: number
  /**
   * How long a query may go on listing a folder after the partition was pointed elsewhere: no file is deleted, and no
   * folder filled again, sooner.
   */
  readonly graceSeconds: number
  /** Name of a table's crawler; undefined where it has none. */
  readonly crawlerOf: (table: string) => string | undefined
  /** ARN of the execution that the function works for. */
  readonly holder: string
  /** Milliseconds until this function is stopped. */
  readonly millisecondsLeft: () => number
  /** Hears of each day whose publish is given up: it is requeued. */
  readonly onGivenUp?: (day: DatasetDay) => void
}

/** The part of the environment that tells how a function publishes. */
export type PublisherEnvironment = Pick<
  HandlerEnvironment<'publish-day'>,
  'LEASE_SECONDS' | 'QUERY_GRACE_SECONDS'
>

/** What AWS tells a function about its own call. */
export interface CallContext {
  getRemainingTimeInMillis(): number
}

/** The ledger as a function whose execution is `holder` works with it. */
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

/** A manifest as it was read. */
export interface StoredManifest {
  readonly manifest: Manifest
  /** Undefined where no manifest has been written yet. */
  readonly etag: string | undefined
  /** Seconds since it was written, by S3's clock. */
  readonly ageSeconds: number
  /** Milliseconds since 1970 at which S3 answered, by its own clock. */
  readonly answeredAt: number
}

/** An open intent that this function works on: what it writes goes over exactly this manifest, or nowhere. */
export interface Held<I extends Intent = Intent> {
  readonly day: DatasetDay
  readonly manifest: Manifest & { readonly intent: I }
  readonly etag: string
}

/**
 * Whether an intent may be taken over: its lease is over, or it is this execution's own. Of one execution, the state
 * machine lets one function at a time work on a day, so that another writer of its own has died.
 */
export function isFree(ledger: Ledger, { manifest: { intent }, ageSeconds }: StoredManifest): boolean {
  return ageSeconds > ledger.leaseSeconds || intent?.holder === ledger.holder
}

/** Until when nobody else may go on with an intent. */
export interface Lease {
  /** ISO time, by S3's clock. */
  readonly until: string
  /** Whether S3's clock tells an earlier time than when the intent was written. */
  readonly isClockBack: boolean
}

/** How long the intent of a manifest is left to whoever wrote it. */
export function leaseOf({ leaseSeconds }: Ledger, { ageSeconds, answeredAt }: StoredManifest): Lease {
  const until = new Date(answeredAt + (leaseSeconds - ageSeconds) * 1000).toISOString()
  return { until, isClockBack: ageSeconds < -CLOCK_SKEW_SECONDS }
}

/** S3 tells whole seconds, and a home's files bear the time of another clock than its answers. */
const CLOCK_SKEW_SECONDS = 5

/**
 * Whether no query can be about to list a folder any more that nobody was shown since. S3's clock tells whole seconds.
 *
 * @param since milliseconds since 1970
 * @param answeredAt when S3 answered, by its clock
 */
export function isGraceOver({ graceSeconds }: Ledger, since: number, answeredAt: number): boolean {
  return graceSeconds === 0 || answeredAt - since > graceSeconds * 1000
}

/** ISO time at which S3 answered, by its own clock. */
export function timeOf(answer: { readonly answeredAt: number } | undefined): string {
  return new Date(answer!.answeredAt).toISOString()
}
