import { inParallel } from '../../aws/in-parallel.ts'
import type { Bucket } from '../../aws/objects.ts'
import { UNVERIFIED } from '../../core/layout.ts'
import type { Published } from '../../core/manifest.ts'
import { DayfoldError } from '../../core/errors.ts'
import {
  ENTRY,
  listDayEntries,
  putDayEntry,
  readDayEntry,
  removeDayEntry,
  type DayEntry,
  type EntryKind,
} from '../../aws/day-entries.ts'

/** A published day whose rows Athena has not counted yet: an entry in `state/_unverified/`. */
export interface UnverifiedDay extends DayEntry {
  /** Generation to count, or any later one; 0 if the entry cannot be read. */
  readonly generation: number
  /** The CorruptState error of an entry that cannot be read. */
  readonly problem?: DayfoldError
}

const UNVERIFIED_ENTRY: EntryKind<Pick<Published, 'generation' | 'nonce'>> = {
  ...ENTRY,
  prefix: UNVERIFIED,
  name: 'an entry of a day to verify',
  fields: { generation: 'number', nonce: 'string' },
  remedy: 'Whatever is published of the day is counted, and the entry goes.',
}

/**
 * Puts a day on the list `state/_unverified/`, just before a generation is published, so that Verify counts its rows.
 */
export async function putUnverified(data: Bucket, published: Published): Promise<void> {
  const { generation, nonce } = published
  await putDayEntry(data, UNVERIFIED, published, { generation }, nonce)
}

/**
 * Lists the days whose rows Athena has not counted yet, in the order of their keys. Holds one line per day. An entry
 * that cannot be read stands for whatever generation is published.
 */
export async function listUnverified(data: Bucket): Promise<UnverifiedDay[]> {
  const entries = await listDayEntries(data, UNVERIFIED)
  const days = await inParallel(entries, async (entry) => {
    const read = await readDayEntry(data, UNVERIFIED_ENTRY, entry)
    return read ? [{ ...entry, etag: read.etag, ...generationOf(read.facts) }] : []
  })
  return days.flat()
}

function generationOf(facts: { readonly generation: number } | DayfoldError) {
  if (facts instanceof DayfoldError) return { generation: 0, problem: facts }
  return { generation: facts.generation }
}

/** Removes a counted day from the list `state/_unverified/`, unless it was published again since it was listed. */
export const markVerified = removeDayEntry
