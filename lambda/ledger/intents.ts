import { setTimeout as sleep } from 'node:timers/promises'
import type { DatasetDay } from '../../core/execution-input.ts'
import type { Intent, Manifest, Published } from '../../core/manifest.ts'
import { pointPartition } from './catalog-switch.ts'
import { areCopied, copyStaged, isStagedWhole, removeOtherStaging, removeStrangers } from './files.ts'
import { isFree, holderOf, type Held, type Ledger, type StoredManifest } from './ledger.ts'
import { readManifest, writeManifest } from './manifest-store.ts'
import { settleOpenEntry } from './open-entries.ts'
import { requeueDay } from './requeue-entries.ts'
import { putUnverified } from './unverified-entries.ts'

/** How work on an intent ended. */
export type IntentEnd =
  | { readonly kind: 'published'; readonly published: Published }
  /** Another function works on it, or has finished it. */
  | { readonly kind: 'superseded' }
  /** Its staged files are gone: the day stands as it was published before. */
  | { readonly kind: 'given-up' }

/**
 * Opens an intent over the manifest that was read. The day has an entry in `state/_open/` already.
 *
 * @returns undefined when another writer was first
 */
export async function openIntent(
  ledger: Ledger,
  day: DatasetDay,
  { manifest, etag }: StoredManifest,
  intent: Intent,
): Promise<Held | undefined> {
  return await hold(ledger, day, { ...manifest, intent: { ...intent, holder: ledger.holder } }, etag)
}

/**
 * Takes over an open intent, so that whoever held it can write the manifest no more.
 *
 * @returns undefined when its lease is not over, or another function was first
 */
export async function takeOver(
  ledger: Ledger,
  day: DatasetDay,
  { manifest, etag, ageSeconds }: StoredManifest,
): Promise<Held | undefined> {
  const { intent } = manifest
  if (!intent || !isFree(ledger, ageSeconds, holderOf(intent))) return undefined
  return await hold(ledger, day, { ...manifest, intent: { ...intent, holder: ledger.holder } }, etag)
}

async function hold(
  ledger: Ledger,
  day: DatasetDay,
  manifest: Manifest & { readonly intent: Intent },
  over: string | undefined,
): Promise<Held | undefined> {
  const etag = await writeManifest(ledger.data, day, manifest, over)
  return etag === undefined ? undefined : { day, manifest, etag }
}

/** Does what an intent says, or what is left of it. Every step may be repeated, by anybody, at any time. */
export async function finishIntent(ledger: Ledger, held: Held): Promise<IntentEnd> {
  const { kind, phase } = held.manifest.intent
  const step = phase === 'undoing' ? undo : kind === 'extend' ? extend : replace
  const end = await step(ledger, held)
  await settleOpenEntry(ledger, held.day)
  return end
}

async function extend(ledger: Ledger, held: Held): Promise<IntentEnd> {
  const { next } = held.manifest.intent
  // First what a publish that was given up may have left, so that no row is ever seen twice.
  await removeStrangers(ledger, held.day, next, next.generation)
  if (!(await copyStaged(ledger, held))) return await giveUp(ledger, held)
  return await publish(ledger, held)
}

async function replace(ledger: Ledger, held: Held): Promise<IntentEnd> {
  const copied = held.manifest.intent.phase === 'copying' ? await copyAside(ledger, held) : held
  if (!('manifest' in copied)) return copied
  const { next } = copied.manifest.intent
  await removeOtherStaging(ledger, copied)
  await removeStrangers(ledger, copied.day, next, next.generation)
  if (!(await pointPartition(ledger, copied, 'published'))) return { kind: 'superseded' }
  return await publish(ledger, copied)
}

/** Up to the point of no return: Athena reads the staged set, and all of it lies under its published names as well. */
async function copyAside(ledger: Ledger, held: Held): Promise<Held | IntentEnd> {
  const { intent } = held.manifest
  if (!(await isStagedWhole(ledger, intent))) {
    // Not to be shown to anybody, nor are parts of it to be added to what is shown now.
    return (await areCopied(ledger, intent)) ? await beginDeleting(ledger, held) : await giveUp(ledger, held)
  }
  if (!(await pointPartition(ledger, held, 'staged'))) return { kind: 'superseded' }
  // A query that was told of the old location just before may be about to list it.
  await sleep(ledger.settleSeconds * 1000)
  if (!(await copyStaged(ledger, held))) return await giveUp(ledger, held)
  return await beginDeleting(ledger, held)
}

async function beginDeleting(ledger: Ledger, held: Held): Promise<Held | IntentEnd> {
  const intent: Intent = { ...held.manifest.intent, phase: 'deleting' }
  const next = await hold(ledger, held.day, { ...held.manifest, intent }, held.etag)
  return next ?? { kind: 'superseded' }
}

async function publish(ledger: Ledger, { day, manifest, etag }: Held): Promise<IntentEnd> {
  const published = manifest.intent.next
  await putUnverified(ledger.data, published)
  const written = await writeManifest(ledger.data, day, { ...manifest, published, intent: null }, etag)
  return written === undefined ? { kind: 'superseded' } : { kind: 'published', published }
}

/**
 * Ends an intent whose staged files are gone. It has deleted nothing yet, since that begins when all is copied: the
 * published generation is whole, and what was copied of the next one goes. The generation's names stay used up.
 */
async function giveUp(ledger: Ledger, held: Held): Promise<IntentEnd> {
  // Held for certain before anything is deleted: a writer that slept finds its files gone because all has been done
  // long ago, and a later generation may have kept some of what it believes to be its own to take back.
  const intent: Intent = { ...held.manifest.intent, phase: 'undoing' }
  const undoing = await hold(ledger, held.day, { ...held.manifest, intent }, held.etag)
  return undoing ? await undo(ledger, undoing) : { kind: 'superseded' }
}

async function undo(ledger: Ledger, held: Held): Promise<IntentEnd> {
  const { published, intent } = held.manifest
  const { generation } = intent.next
  await removeStrangers(ledger, held.day, published, generation)
  if (!(await pointPartition(ledger, held, 'published'))) return { kind: 'superseded' }
  await requeueDay(ledger.data, held.day)
  const manifest: Manifest = { ...held.manifest, intent: null, spentGeneration: generation }
  const written = await writeManifest(ledger.data, held.day, manifest, held.etag)
  return { kind: written === undefined ? 'superseded' : 'given-up' }
}

/** How a look at a day's intent ended. */
export type SettledIntent =
  | IntentEnd
  | { readonly kind: 'none'; readonly stored: StoredManifest }
  | { readonly kind: 'leased'; readonly holder: string }

/** Finishes the intent that is open for a day, if there is one whose lease is over. */
export async function rollForward(ledger: Ledger, day: DatasetDay): Promise<SettledIntent> {
  const stored = await readManifest(ledger.data, day)
  const { intent } = stored.manifest
  if (!intent) return { kind: 'none', stored }
  if (!isFree(ledger, stored.ageSeconds, holderOf(intent)))
    return { kind: 'leased', holder: holderOf(intent) }
  const held = await takeOver(ledger, day, stored)
  return held ? await finishIntent(ledger, held) : { kind: 'superseded' }
}
