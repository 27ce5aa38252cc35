import { randomUUID } from 'node:crypto'
import type { DatasetDay } from '../../core/dataset-day.ts'
import type { Intent, Manifest } from '../../core/manifest.ts'
import type { Held, Ledger, StoredManifest } from './ledger.ts'
import { writeManifest } from './manifest-store.ts'
import { putOpenEntry, reconcileOpenEntry } from './open-entries.ts'

/** An intent (an operation on a day, noted in its manifest) before it is opened, which adds `nonce` and `holder`. */
export type Wanted<I extends Intent> = Omit<I, 'nonce' | 'holder'>

/** Result of finishing an intent (an operation that a day's manifest announces), as far as this function knows. */
export type IntentEnd =
  | { readonly kind: 'finished' }
  /** Another function has taken the intent over, and works on it or has finished it. */
  | { readonly kind: 'superseded' }
  /** The intent could not be finished and was dropped. Nothing of it was ever visible: the day is as it was before. */
  | { readonly kind: 'forgotten' }

/** Result of an intent (an operation that a day's manifest announces) that was carried out. */
export const FINISHED: IntentEnd = { kind: 'finished' }
/** Result of an intent (an operation that a day's manifest announces) that another function has taken over. */
export const SUPERSEDED: IntentEnd = { kind: 'superseded' }

/**
 * Opens an intent: announces an operation in the day's manifest before anything is done. From then on any function that
 * finds it can finish it.
 *
 * @param wanted the operation, with everything that is needed to finish it
 * @returns undefined if the manifest has changed since it was read
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
 * Makes this execution the holder of the intent (operation) that a day's manifest announces, so that the former holder
 * can no longer write the manifest.
 *
 * @returns undefined if the manifest has changed since it was read
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
 * Replaces the intent (operation) that this function has announced in a day's manifest by another one, in one
 * conditional write.
 *
 * @returns undefined if another function has taken the intent over
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

/**
 * Writes the result of an operation into the manifest and removes its intent, in one conditional write. Returns false
 * if another function has taken the intent over.
 *
 * @param changes fields of the manifest to replace
 */
export async function commit(
  ledger: Ledger,
  { day, manifest, etag }: Held,
  changes: Partial<Manifest>,
): Promise<boolean> {
  const written = await writeManifest(ledger.data, day, { ...manifest, ...changes, intent: null }, etag)
  return written !== undefined
}
