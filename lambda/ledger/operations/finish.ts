import type { DatasetDay } from '../../../core/dataset-day.ts'
import type { Intent, Published } from '../../../core/manifest.ts'
import { SUPERSEDED, takeOver, type IntentEnd } from '../intents.ts'
import { isFree, leaseOf, type Held, type Lease, type Ledger, type StoredManifest } from '../ledger.ts'
import { readManifest } from '../manifest-store.ts'
import { reconcileOpenEntry } from '../open-entries.ts'
import { add } from './add.ts'
import { finishFormer } from './former.ts'
import { move } from './move.ts'
import { point } from './point.ts'
import { retire } from './retire.ts'

type Finish<I extends Intent> = (ledger: Ledger, held: Held<I>) => Promise<IntentEnd>

/** Function that finishes an intent, by operation. Anybody may repeat every step at any time. */
const FINISH: { readonly [O in Intent['operation']]: Finish<Extract<Intent, { operation: O }>> } = {
  add,
  move,
  retire,
  point,
  former: finishFormer,
}

/**
 * Carries out what is not yet done of the operation (the intent) that a day's manifest announces and that this function
 * holds, and removes the day's entry in `state/_open/`. Any number of functions may do so at any time.
 */
export async function finishIntent(ledger: Ledger, held: Held): Promise<IntentEnd> {
  const finish = FINISH[held.manifest.intent.operation] as Finish<Intent>
  const end = await finish(ledger, held)
  await reconcileOpenEntry(ledger, held.day)
  return end
}

/**
 * State of a day's intent (the operation that its manifest announces) after {@link rollForward}: finished, `none` if
 * there was none, or `leased` if it was left to its holder.
 */
export type ResolvedIntent =
  | IntentEnd
  /** The intent was finished, and that published a new generation. */
  | { readonly kind: 'published'; readonly published: Published }
  | { readonly kind: 'none'; readonly stored: StoredManifest }
  | { readonly kind: 'leased'; readonly intent: Intent; readonly lease: Lease }

/**
 * Finishes the operation (the intent) that a day's manifest announces, if this function may: its lease is over, this
 * execution holds it, or the caller has work for the day and the operation does not change what is published.
 *
 * @param hasWork true if the caller's own work on the day waits for the operation. @default false
 */
export async function rollForward(
  ledger: Ledger,
  day: DatasetDay,
  { hasWork = false }: { readonly hasWork?: boolean } = {},
): Promise<ResolvedIntent> {
  const stored = await readManifest(ledger.data, day)
  const { intent, published: before } = stored.manifest
  if (!intent) return { kind: 'none', stored }
  if (!isFree(ledger, stored) && !(hasWork && changesNothing(intent, before)))
    return { kind: 'leased', intent, lease: leaseOf(ledger, stored) }
  const held = await takeOver(ledger, day, stored)
  if (!held) return SUPERSEDED
  const end = await finishIntent(ledger, held)
  if (end.kind !== 'finished') return end
  const { published } = (await readManifest(ledger.data, day)).manifest
  const isNew = published && published.generation !== before?.generation
  return isNew ? { kind: 'published', published } : end
}

/**
 * True if two functions may finish the intent at once. Not for one that empties a folder: a late delete could meet
 * names that have come back.
 */
function changesNothing(intent: Intent, published: Published | null): boolean {
  if (intent.operation === 'move') return intent.next.generation === published?.generation
  return intent.operation === 'point'
}
