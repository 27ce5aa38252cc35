import { listObjects } from '../../aws/list-objects.ts'
import type { DatasetDay } from '../../core/dataset-day.ts'
import { locationOf, partitionPrefix } from '../../core/layout.ts'
import type { RetireIntent } from '../../core/manifest.ts'
import { findAwayEntry, putAwayEntry, removeAwayEntry } from './away-entries.ts'
import { recordPrefix } from './copies.ts'
import { isCrawled, wasCrawled } from './crawls.ts'
import { commit, openIntent } from './intents.ts'
import { isGraceOver, timeOf, type Ledger, type StoredManifest } from './ledger.ts'
import { readManifest, writeManifest } from './manifest-store.ts'
import { reconcileOpenEntry } from './open-entries.ts'
import { finishIntent } from './operations/finish.ts'
import { setRight } from './operations/point.ts'
import { pointsTo } from './partition.ts'
import { relocate } from './relocate.ts'

/** A step on the way home, in words; `later` and `home` end it. */
type Step =
  'partition set right' | 'replaced files deleted' | 'went home' | 'orphans found at home' | 'later' | 'home'

/** Enough for the whole way (set right, delete, go home, delete) and one more of each for what comes between. */
const MAX_STEPS = 8

/** Returns true if a job may be reading files of the day that have been replaced since its work order was written. */
export type IsRead = () => Promise<boolean>

/**
 * Takes a day as many steps closer to its ordinary folder (its home) as are allowed now: corrects the partition,
 * deletes replaced files that no query can read any more, moves the day home once that folder is empty. Steps that are
 * not due, or not allowed while the table is crawled, wait for a later execution. Takes at most 8 steps.
 *
 * @param isRead called before files are deleted; if it returns true, none are
 * @returns the steps that were taken, in words
 */
export async function tendDay(ledger: Ledger, day: DatasetDay, isRead: IsRead): Promise<string[]> {
  const steps: string[] = []
  while (steps.length < MAX_STEPS) {
    // Read the entry before the manifest: a day that leaves home again meanwhile writes a new entry.
    const entry = await findAwayEntry(ledger.data, day)
    const step = await nextStep(ledger, day, await readManifest(ledger.data, day), isRead)
    if (step === 'home' && entry) await removeAwayEntry(ledger.data, entry)
    if (step === 'home' || step === 'later') break
    steps.push(step)
  }
  return steps
}

async function nextStep(
  ledger: Ledger,
  day: DatasetDay,
  stored: StoredManifest,
  isRead: IsRead,
): Promise<Step> {
  const { published, intent, retired = [] } = stored.manifest
  if (intent) return 'later'
  const home = partitionPrefix(day.dataset, day.date)
  const location = published ? locationOf(published) : home
  if (published && !(await pointsTo(ledger, day, location)))
    return (await setRight(ledger, day)) ? 'partition set right' : 'later'
  if (retired.length > 0 && (await mayRetire(ledger, day, stored)))
    return (await retireAll(ledger, day, stored, isRead)) ? 'replaced files deleted' : 'later'
  if (location === home) return retired.length === 0 ? 'home' : 'later'
  if (retired.some(({ prefix }) => prefix === home)) return 'later'
  return await goHome(ledger, day, stored)
}

async function mayRetire(ledger: Ledger, { dataset }: DatasetDay, stored: StoredManifest): Promise<boolean> {
  const { manifest, answeredAt } = stored
  const since = Date.parse(manifest.retiredSince ?? timeOf(stored))
  return isGraceOver(ledger, since, answeredAt) && !(await wasCrawled(ledger, dataset, answeredAt))
}

async function retireAll(
  ledger: Ledger,
  day: DatasetDay,
  stored: StoredManifest,
  isRead: IsRead,
): Promise<boolean> {
  const held = await openIntent<RetireIntent>(ledger, day, stored, { operation: 'retire' })
  if (!held) return false
  // The intent is open: whoever claims the day from now on reads the manifest afterwards, and plans again.
  if (!(await isRead())) return (await finishIntent(ledger, held)).kind === 'finished'
  await commit(ledger, held, {})
  await reconcileOpenEntry(ledger, day)
  return false
}

async function goHome(ledger: Ledger, day: DatasetDay, stored: StoredManifest): Promise<Step> {
  if (await isCrawled(ledger, day.dataset)) return 'later'
  const home = partitionPrefix(day.dataset, day.date)
  for await (const _ of listObjects(ledger.data, home)) return await clearHome(ledger, day, stored)
  return (await relocate(ledger, day, stored, home)) ? 'went home' : 'later'
}

/**
 * Records the objects that somebody has put into an empty home, so that they are deleted like replaced files. Those
 * that are too large to be copied stay: while nothing else is there, the day waits until somebody removes them.
 */
async function clearHome(
  ledger: Ledger,
  day: DatasetDay,
  { manifest, ...stored }: StoredManifest,
): Promise<Step> {
  const prefix = partitionPrefix(day.dataset, day.date)
  const orphans = await recordPrefix(ledger, day, { prefix, own: [], over: stored.etag })
  if (orphans.keys.length === 0) return 'later'
  await putAwayEntry(ledger.data, day)
  const next = {
    ...manifest,
    retired: [...(manifest.retired ?? []), orphans],
    retiredSince: timeOf(stored),
  }
  const written = await writeManifest(ledger.data, day, next, stored.etag)
  return written === undefined ? 'later' : 'orphans found at home'
}
