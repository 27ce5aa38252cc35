import { headManifest } from '../../../aws/day-state.ts'
import type { DatasetDay } from '../../../core/dataset-day.ts'
import { locationOf } from '../../../core/layout.ts'
import type { PointIntent } from '../../../core/manifest.ts'
import { commit, FINISHED, openIntent, SUPERSEDED, type IntentEnd } from '../intents.ts'
import { timeOf, type Held, type Ledger } from '../ledger.ts'
import { readManifest } from '../manifest-store.ts'
import { reconcileOpenEntry } from '../open-entries.ts'
import { pointPartition, pointsTo } from '../partition.ts'

/**
 * Carries out the operation POINT: points the partition to the published folder again. The grace of replaced files
 * starts again, for queries that read the folder it pointed to meanwhile.
 */
export async function point(ledger: Ledger, held: Held<PointIntent>): Promise<IntentEnd> {
  const { day, manifest } = held
  if (manifest.published) await pointPartition(ledger, day, locationOf(manifest.published))
  const head = await headManifest(ledger.data, day)
  return (await commit(ledger, held, { retiredSince: timeOf(head) })) ? FINISHED : SUPERSEDED
}

/**
 * Points a day's partition to the published folder if it points elsewhere, with an intent of its own. Does nothing
 * while an intent is open: whoever finishes that one will do it.
 *
 * @returns true if the partition was pointed elsewhere and this function has corrected it
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
