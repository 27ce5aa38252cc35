import { randomUUID } from 'node:crypto'
import { headObject } from '../../aws/objects.ts'
import { deleteUnmoved, putObject } from '../../aws/write-objects.ts'
import { crawlingKey } from '../../core/layout.ts'
import type { Ledger } from './ledger.ts'

/** A flag that stands while a table's crawler is being started, once this function has raised it. */
export interface CrawlingFlag {
  lower(): Promise<void>
}

/** Raises a table's flag; undefined while another function's stands. */
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

/** The ETag of a flag that is there although S3 refused it: an SDK sends again what was done but not answered. */
async function ownEtag({ data }: Ledger, key: string, nonce: string): Promise<string | undefined> {
  const head = await headObject(data, key)
  return head?.metadata['nonce'] === nonce ? head.etag : undefined
}

/** Whether a function is starting the table's crawler at this moment. */
export async function isCrawlingFlagRaised(ledger: Ledger, table: string): Promise<boolean> {
  const flag = await headObject(ledger.data, crawlingKey(table))
  return flag !== undefined && isAlive(ledger, flag)
}

/** A flag whose writer has died says nothing any more. */
function isAlive({ leaseSeconds }: Ledger, { ageSeconds }: { readonly ageSeconds: number }): boolean {
  return ageSeconds <= leaseSeconds
}
