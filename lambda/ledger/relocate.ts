import type { DatasetDay } from '../../core/dataset-day.ts'
import type { MoveIntent } from '../../core/manifest.ts'
import { partsIn, recordFolder } from './copies.ts'
import { openIntent } from './intents.ts'
import type { Ledger, StoredManifest } from './ledger.ts'
import { finishIntent } from './operations/finish.ts'

/**
 * Moves the published files of a day to another folder without changing generation or rows. Foreign objects stay
 * behind, with a copy in `quarantine/`.
 *
 * @param location prefix of the other folder
 * @returns false if the move was put off or another writer was first
 */
export async function relocate(
  ledger: Ledger,
  day: DatasetDay,
  stored: StoredManifest,
  location: string,
): Promise<boolean> {
  const published = stored.manifest.published!
  const { parts, copies } = partsIn(location, published.parts)
  const leaves = await recordFolder(ledger, day, stored)
  const held = await openIntent<MoveIntent>(ledger, day, stored, {
    operation: 'move',
    copies,
    next: { ...published, parts, location },
    leaves,
  })
  return held !== undefined && (await finishIntent(ledger, held)).kind === 'finished'
}
