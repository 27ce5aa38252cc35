import { randomUUID } from 'node:crypto'
import { listObjects } from '../../aws/list-objects.ts'
import { headObject } from '../../aws/objects.ts'
import { deleteUnmoved, putObject } from '../../aws/write-objects.ts'
import { CRAWLING, crawlingKey } from '../../core/layout.ts'
import type { Ledger } from './ledger.ts'

/**
 * The flag `state/_crawling/<table>` that this function has written. While it exists, nobody fills a day's ordinary
 * folder or empties a folder of the table, so that the table's crawler can be started.
 */
export interface CrawlingFlag {
  /** Deletes the flag, unless another function has replaced it after the lease. */
  lower(): Promise<void>
}

/**
 * Writes the flag `state/_crawling/<table>`, which keeps days' ordinary folders from being filled and folders from
 * being emptied while the table's crawler is started. Returns undefined if another function's flag exists that is not
 * older than the lease.
 */
export async function raiseCrawlingFlag(ledger: Ledger, table: string): Promise<CrawlingFlag | undefined> {
  const { data } = ledger
  const key = crawlingKey(table)
  const flag = await headObject(data, key)
  if (flag && isAlive(ledger, flag)) return undefined
  const nonce = randomUUID()
  const only = { onlyOver: flag?.etag ?? 'absent', metadata: { nonce } }
  const etag =
    (await putObject(data, key, JSON.stringify({ nonce }), only)) ?? (await ownEtag(ledger, key, nonce))
  return etag === undefined ? undefined : { lower: async () => void (await deleteUnmoved(data, key, etag)) }
}

/**
 * Returns the ETag of our own flag where S3 has refused the write: the SDK sends it again if only the answer got lost.
 */
async function ownEtag({ data }: Ledger, key: string, nonce: string): Promise<string | undefined> {
  const head = await headObject(data, key)
  return head?.metadata['nonce'] === nonce ? head.etag : undefined
}

/**
 * True while a function is starting the table's crawler. A flag older than the lease does not count: its function has
 * died.
 */
export async function isCrawlingFlagRaised(ledger: Ledger, table: string): Promise<boolean> {
  const flag = await headObject(ledger.data, crawlingKey(table))
  return flag !== undefined && isAlive(ledger, flag)
}

/** Deletes the flags of all tables that are left over from functions that have died. */
export async function removeLeftFlags(ledger: Ledger): Promise<void> {
  const { data } = ledger
  for await (const { key } of listObjects(data, CRAWLING)) {
    const flag = await headObject(data, key)
    if (flag && !isAlive(ledger, flag)) await deleteUnmoved(data, key, flag.etag)
  }
}

/** True until the lease is over: an older flag is left over from a function that has died. */
function isAlive({ leaseSeconds }: Ledger, { ageSeconds }: { readonly ageSeconds: number }): boolean {
  return ageSeconds <= leaseSeconds
}
