import { randomUUID } from 'node:crypto'
import type { DatasetDay } from '../../core/execution-input.ts'
import { OPEN, openKey } from '../../core/layout.ts'
import { listObjects } from '../../aws/list-objects.ts'
import { readObject, type Bucket } from '../../aws/objects.ts'
import { deleteUnmoved, putObject } from '../../aws/write-objects.ts'
import { headManifest } from '../../aws/day-state.ts'
import type { Ledger } from './ledger.ts'

/** An entry of `state/_open/`: somebody has opened an intent, or is about to. */
interface OpenEntry {
  /** ETag of the manifest that the intent goes over; null for a day without a manifest. */
  readonly over: string | null
  readonly execution: string
  readonly nonce: string
}

/** What an entry of `state/_open/` stands for. */
export type OpenState =
  /** An intent is open. */
  | { readonly kind: 'open' }
  /** A writer is about to open one, or has died before it could. */
  | { readonly kind: 'opening' }
  | { readonly kind: 'none' }

/** Says that an intent over the manifest with that ETag is about to be opened. */
export async function putOpenEntry(ledger: Ledger, day: DatasetDay, over: string | undefined): Promise<void> {
  const entry: OpenEntry = { over: over ?? null, execution: ledger.holder, nonce: randomUUID() }
  await putObject(ledger.data, openKey(day.dataset, day.date), JSON.stringify(entry))
}

/**
 * Tells what a day's entry stands for, and deletes it when it stands for nothing: there is no intent, and the manifest
 * is no longer the one that the entry's writer read, so that its conditional write cannot succeed any more. Whoever
 * finishes, loses or sweeps may call it at any time: no living writer loses its entry.
 */
export async function settleOpenEntry(ledger: Ledger, day: DatasetDay): Promise<OpenState> {
  const key = openKey(day.dataset, day.date)
  // First the entry, then the manifest: an entry written after this one has another ETag and is not deleted.
  const object = await readObject(ledger.data, key)
  const head = await headManifest(ledger.data, day)
  if (head?.metadata.intent === 'yes') return { kind: 'open' }
  if (!object) return { kind: 'none' }
  const entry = JSON.parse(Buffer.from(object.body).toString('utf8')) as OpenEntry
  const canOpen = entry.over === (head?.etag ?? null) && object.ageSeconds <= ledger.leaseSeconds
  if (canOpen) return { kind: 'opening' }
  await deleteUnmoved(ledger.data, key, object.etag)
  return { kind: 'none' }
}

/** The days that have an entry in `state/_open/`, of all tables or of one. */
export async function listOpenDays(data: Bucket, table?: string): Promise<DatasetDay[]> {
  const days: DatasetDay[] = []
  for await (const { key } of listObjects(data, table === undefined ? OPEN : `${OPEN}${table}/`)) {
    const [dataset, date] = key.slice(OPEN.length).split('/')
    if (dataset && date) days.push({ dataset, date })
  }
  return days
}
