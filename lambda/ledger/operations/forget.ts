import { headManifest } from '../../../aws/day-state.ts'
import { inParallel } from '../../../aws/in-parallel.ts'
import { headObject } from '../../../aws/objects.ts'
import { locationOf } from '../../../core/layout.ts'
import type { AddIntent, Manifest, MoveIntent } from '../../../core/manifest.ts'
import { putAwayEntry } from '../away-entries.ts'
import { commit, SUPERSEDED, type IntentEnd } from '../intents.ts'
import { timeOf, type Held, type Ledger } from '../ledger.ts'
import { requeueDay } from '../requeue-entries.ts'

/**
 * Drops an operation (an intent) of which readers have seen nothing from a day's manifest. Objects that it has copied
 * are noted for deletion, like those of a replaced folder. If it was to publish a new generation, the day is requeued.
 */
export async function forget(ledger: Ledger, held: Held<AddIntent | MoveIntent>): Promise<IntentEnd> {
  const { day, manifest } = held
  const { next } = manifest.intent
  if (isNewGeneration(manifest)) await requeueDay(ledger.data, day)
  const forgotten = await commit(ledger, held, {
    ...(await withLitter(ledger, held)),
    ...(isNewGeneration(manifest) && {
      spentGeneration: Math.max(manifest.spentGeneration ?? 0, next.generation),
    }),
  })
  if (!forgotten) return SUPERSEDED
  if (isNewGeneration(manifest)) ledger.onGivenUp?.(day)
  return { kind: 'forgotten' }
}

/**
 * True if the operation (the intent) that a manifest announces publishes a new generation; false if it only moves the
 * published one to another folder.
 */
export function isNewGeneration({
  published,
  intent: { next },
}: Held<AddIntent | MoveIntent>['manifest']): boolean {
  return next.generation !== published?.generation
}

async function withLitter(ledger: Ledger, held: Held<AddIntent | MoveIntent>): Promise<Partial<Manifest>> {
  const { operation, copies, next } = held.manifest.intent
  const made = await inParallel(copies, async ({ to }) => ((await headObject(ledger.data, to)) ? [to] : []))
  const keys = made.flat()
  if (keys.length === 0) return {}
  await putAwayEntry(ledger.data, held.day)
  const head = await headManifest(ledger.data, held.day)
  const litter = { prefix: locationOf(next), keys, ...(operation === 'move' && { isPartial: true }) }
  return { retired: [...(held.manifest.retired ?? []), litter], retiredSince: timeOf(head) }
}
