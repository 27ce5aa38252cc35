import type { DatasetDay } from '../../core/dataset-day.ts'
import { OPEN } from '../../core/layout.ts'
import type { Bucket } from '../../aws/objects.ts'
import { headManifest } from '../../aws/day-state.ts'
import { DayfoldError } from '../../core/errors.ts'
import {
  ENTRY,
  listDayEntries,
  putDayEntry,
  readDayEntry,
  removeDayEntry,
  type DayEntry,
  type EntryKind,
} from '../../aws/day-entries.ts'
import type { Ledger } from './ledger.ts'

/** Content of an entry in `state/_open/`: somebody has opened an intent, or is about to. */
interface OpenFacts {
  /** ETag of the manifest that the intent goes over; null for a day without a manifest. */
  readonly over: string | null
  readonly execution: string
}

const OPEN_ENTRY: EntryKind<OpenFacts> = {
  ...ENTRY,
  prefix: OPEN,
  name: 'an entry of an open intent',
  fields: { over: 'string or null', execution: 'string' },
  remedy: 'It goes once the lease of whoever wrote it is over.',
}

/** State of a day that has an entry in `state/_open/`. `none`: no intent is open and the entry is gone. */
export type OpenState =
  /** The day's manifest announces an operation. */
  | { readonly kind: 'open' }
  /** A function is about to announce an operation, or died before it could. */
  | { readonly kind: 'opening' }
  | { readonly kind: 'none' }

/**
 * Writes a day's entry in `state/_open/` just before an operation (an intent) is announced in its manifest, so that it
 * is found even if its function dies.
 *
 * @param over ETag of the manifest that the function has read and will replace; undefined if there is none
 */
export async function putOpenEntry(ledger: Ledger, day: DatasetDay, over: string | undefined): Promise<void> {
  const facts: OpenFacts = { over: over ?? null, execution: ledger.holder }
  await putDayEntry(ledger.data, OPEN, day, facts)
}

/**
 * Returns the meaning of a day's entry in `state/_open/`, the list of operations (intents) announced in manifests.
 * Removes the entry if the manifest announces none and the entry's writer can no longer do so: the lease is over, or
 * the manifest is no longer the one that the writer read. Safe to call at any time: a writer that can still open its
 * intent keeps its entry.
 */
export async function reconcileOpenEntry(ledger: Ledger, day: DatasetDay): Promise<OpenState> {
  // Read the entry before the manifest: an entry written later has another ETag and is not removed.
  const entry = await readDayEntry(ledger.data, OPEN_ENTRY, day)
  const head = await headManifest(ledger.data, day)
  if (head?.metadata.intent === 'yes') return { kind: 'open' }
  if (!entry) return { kind: 'none' }
  // An entry that cannot be read may belong to any writer.
  const mayBeOver = entry.facts instanceof DayfoldError || entry.facts.over === (head?.etag ?? null)
  const canOpen = mayBeOver && entry.ageSeconds <= ledger.leaseSeconds
  if (canOpen) return { kind: 'opening' }
  await removeDayEntry(ledger.data, entry)
  return { kind: 'none' }
}

/**
 * Lists the days that have an entry in `state/_open/`, in the order of their keys.
 *
 * @param table default: all tables
 */
export const listOpenDays = (data: Bucket, table?: string): Promise<DayEntry[]> =>
  listDayEntries(data, OPEN, table)
