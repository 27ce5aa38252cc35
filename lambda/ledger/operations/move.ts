import { headManifest } from '../../../aws/day-state.ts'
import type { ListedObject } from '../../../aws/list-objects.ts'
import { compareFolder, listPublished } from '../../../aws/published-folder.ts'
import { locationOf, partitionPrefix } from '../../../core/layout.ts'
import type { Manifest, MoveIntent } from '../../../core/manifest.ts'
import { putAwayEntry } from '../away-entries.ts'
import { copyAll, withEtags } from '../copies.ts'
import { isCrawled } from '../crawls.ts'
import { commit, FINISHED, SUPERSEDED, type IntentEnd } from '../intents.ts'
import { timeOf, type Held, type Ledger } from '../ledger.ts'
import { pointPartition, pointsTo } from '../partition.ts'
import { putUnverified } from '../unverified-entries.ts'
import { forget, isNewGeneration } from './forget.ts'
import { setRight } from './point.ts'

/**
 * Carries out the operation MOVE: copies the whole day to a folder that readers do not see, then points the partition
 * there. Until the partition is switched, the move can still be dropped; afterwards it can only be completed.
 */
export async function move(ledger: Ledger, held: Held<MoveIntent>): Promise<IntentEnd> {
  const { day, manifest } = held
  const { next, leaves } = manifest.intent
  const target = locationOf(next)
  if (leaves || !isHome(held)) await putAwayEntry(ledger.data, day)
  const isSwitched = await pointsTo(ledger, day, target)
  const listed = isSwitched ? await listPublished(ledger.data, target) : await fill(ledger, held)
  if (!listed) return await forget(ledger, held)
  await pointPartition(ledger, day, target)
  const head = await headManifest(ledger.data, day)
  if (isNewGeneration(manifest)) await putUnverified(ledger.data, next)
  const isOurs = head?.etag === held.etag
  if (isOurs && (await commit(ledger, held, moved(held, listed, timeOf(head))))) return FINISHED
  await setRight(ledger, day)
  return SUPERSEDED
}

const isHome = ({ day, manifest }: Held<MoveIntent>) =>
  locationOf(manifest.intent.next) === partitionPrefix(day.dataset, day.date)

/** Fills the target and lists it; undefined when files are missing or it holds objects that are not the day's. */
async function fill(ledger: Ledger, held: Held<MoveIntent>): Promise<readonly ListedObject[] | undefined> {
  const { copies, next } = held.manifest.intent
  if (isHome(held) && (await isCrawled(ledger, held.day.dataset))) return undefined
  if (!(await copyAll(ledger, copies, next.attempt))) return undefined
  const listed = await listPublished(ledger.data, locationOf(next))
  const { missing, altered, foreign } = compareFolder(next.parts, listed)
  return missing.length + altered.length + foreign.length === 0 ? listed : undefined
}

/**
 * Returns the manifest's changes once the partition points to the target. The grace of all retired folders restarts.
 */
function moved(
  { manifest }: Held<MoveIntent>,
  listed: readonly ListedObject[],
  retiredSince: string,
): Partial<Manifest> {
  const { next, leaves } = manifest.intent
  const parts = withEtags(next.parts, new Map(listed.map(({ key, etag }) => [key, etag])))
  const others = (manifest.retired ?? []).filter(({ prefix }) => prefix !== locationOf(next))
  return {
    published: { ...next, parts },
    retired: leaves ? [...others, leaves] : others,
    retiredSince,
  }
}
