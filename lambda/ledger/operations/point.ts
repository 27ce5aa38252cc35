import { headManifest } from '../../../aws/day-state.ts'
import type { DatasetDay } from '../../../core/execution-input.ts'
import { locationOf } from '../../../core/layout.ts'
import type { PointIntent } from '../../../core/manifest.ts'
import { commit, FINISHED, openIntent, SUPERSEDED, type IntentEnd } from '../intents.ts'
import { timeOf, type Held, type Ledger } from '../ledger.ts'
import { readManifest } from '../manifest-store.ts'
import { reconcileOpenEntry } from '../open-entries.ts'
import { pointPartition, pointsTo } from '../partition.ts'

/** POINT: the partition shows the published folder again. Whoever was shown another has the grace from now on. */
export async function point(ledger: Ledger, held: Held<PointIntent>): Promise<IntentEnd> {
  const { day, manifest } = held
  if (manifest.published) await pointPartition(ledger, day, locationOf(manifest.published))
  const head = await headManifest(ledger.data, day)
  return (await commit(ledger, held, { retiredSince: timeOf(head) })) ? FINISHED : SUPERSEDED
}

/**
 * Sets a partition right that does not point to what is published, unless somebody works on the day, who will.
 *
 * @returns whether it had to be set right
 */
export async function setRight(ledger: Ledger, day: DatasetDay): Promise<boolean> {
  const stored = await readManifest(ledger.data, day)
  const { published, intent } = stored.manifest
  if (!published || intent || (await pointsTo(ledger, day, locationOf(published)))) return false
  const held = await openIntent<PointIntent>(ledger, day, stored, { operation: 'point' })
  if (!held) return false
  await point(ledger, held)
  await reconcileOpenEntry(ledger, day)
  return true
}
