import type { HandlerEnvironment } from '../../core/environment.ts'
import type { Bucket } from '../../aws/objects.ts'
import type { Catalog } from '../../aws/partitions.ts'
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
   * How long a query may take from asking the catalog for a partition to listing its files: files are not replaced
   * sooner after the partition was pointed elsewhere.
   */
  readonly settleSeconds: number
  /** ARN of the execution that the function works for. */
  readonly holder: string
}

/** The part of the environment that tells how a function publishes. */
export type PublisherEnvironment = Pick<HandlerEnvironment<'publish-day'>, 'LEASE_SECONDS' | 'SETTLE_SECONDS'>

/** The ledger as a function whose execution is `holder` works with it. */
export function ledgerOf(
  clients: Pick<Ledger, 'data' | 'catalog'>,
  environment: PublisherEnvironment,
  holder: string,
): Ledger {
  const leaseSeconds = Number(environment.LEASE_SECONDS)
  const settleSeconds = Number(environment.SETTLE_SECONDS)
  return { ...clients, leaseSeconds, settleSeconds, holder }
}

/** A manifest as it was read. */
export interface StoredManifest {
  readonly manifest: Manifest
  /** Undefined where no manifest has been written yet. */
  readonly etag: string | undefined
  /** Seconds since it was written, by S3's clock. */
  readonly ageSeconds: number
}

/** An open intent that this function works on: what it writes goes over exactly this manifest, or nowhere. */
export interface Held {
  readonly day: DatasetDay
  readonly manifest: Manifest & { readonly intent: Intent }
  readonly etag: string
}

/** The execution on whose behalf an intent was last written. */
export const holderOf = (intent: Intent): string => intent.holder ?? intent.next.execution

/**
 * Whether an intent may be taken over: its lease is over, or it is this execution's own. Of one execution, the state
 * machine lets one function at a time work on a day, so that another writer of its own has died.
 */
export function isFree(ledger: Ledger, ageSeconds: number, holder: string): boolean {
  return ageSeconds > ledger.leaseSeconds || holder === ledger.holder
}
