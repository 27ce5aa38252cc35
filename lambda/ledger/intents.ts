import { randomUUID } from 'node:crypto'
import type { DatasetDay } from '../../core/execution-input.ts'
import type { Intent, Manifest } from '../../core/manifest.ts'
import type { Held, Ledger, StoredManifest } from './ledger.ts'
import { writeManifest } from './manifest-store.ts'
import { putOpenEntry, reconcileOpenEntry } from './open-entries.ts'

/** An intent without the fields that opening it fills in. */
export type Wanted<I extends Intent> = Omit<I, 'nonce' | 'holder'>

/** Result of working on an intent, as far as this function knows. */
export type IntentEnd =
  | { readonly kind: 'finished' }
  /** Another function works on it or has finished it. */
  | { readonly kind: 'superseded' }
  /** It could not be finished, and nothing of it was ever shown: the day is as it was before. */
  | { readonly kind: 'forgotten' }

/** End of an intent that is done. */
export const FINISHED: IntentEnd = { kind: 'finished' }
/** End of an intent that another function has taken over. */
export const SUPERSEDED: IntentEnd = { kind: 'superseded' }

/**
 * Opens an intent over the manifest that was read. From then on anybody who finds it can finish it.
 *
 * @returns undefined when another writer was first
 */
export async function openIntent<I extends Intent>(
  ledger: Ledger,
  day: DatasetDay,
  { manifest, etag }: StoredManifest,
  wanted: Wanted<I>,
): Promise<Held<I> | undefined> {
  await putOpenEntry(ledger, day, etag)
  const intent = { ...wanted, nonce: randomUUID(), holder: ledger.holder } as unknown as I
  const held = await hold(ledger, day, { ...manifest, intent }, etag)
  if (!held) await reconcileOpenEntry(ledger, day)
  return held
}

/**
 * Takes over an open intent, so that its former holder can no longer write the manifest.
 *
 * @returns undefined when another function was first
 */
export async function takeOver(
  ledger: Ledger,
  day: DatasetDay,
  { manifest, etag }: StoredManifest,
): Promise<Held | undefined> {
  return await hold(
    ledger,
    day,
    { ...manifest, intent: { ...manifest.intent!, holder: ledger.holder } },
    etag,
  )
}

/**
 * Replaces a held intent by another one.
 *
 * @returns undefined when the intent is no longer held
 */
export async function replaceIntent<I extends Intent>(
  ledger: Ledger,
  { day, manifest, etag }: Held,
  wanted: Wanted<I>,
): Promise<Held<I> | undefined> {
  const intent = { ...wanted, nonce: randomUUID(), holder: ledger.holder } as unknown as I
  return await hold(ledger, day, { ...manifest, intent }, etag)
}

async function hold<I extends Intent>(
  ledger: Ledger,
  day: DatasetDay,
  manifest: Manifest & { readonly intent: I },
  over: string | undefined,
): Promise<Held<I> | undefined> {
  const etag = await writeManifest(ledger.data, day, manifest, over)
  return etag === undefined ? undefined : { day, manifest, etag }
}

/** Ends an intent and writes its result into the manifest. Returns false when the intent is no longer held. */
export async function commit(
  ledger: Ledger,
  { day, manifest, etag }: Held,
  changes: Partial<Manifest>,
): Promise<boolean> {
  const written = await writeManifest(ledger.data, day, { ...manifest, ...changes, intent: null }, etag)
  return written !== undefined
}
