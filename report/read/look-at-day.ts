import { readObjectUpTo, type Bucket } from '../../aws/objects.ts'
import type { CheckResult } from '../../core/checks.ts'
import { orCorrupt } from '../../core/documents.ts'
import { DayfoldError } from '../../core/errors.ts'
import type { DatasetDay } from '../../core/dataset-day.ts'
import { generationOf, manifestKey } from '../../core/layout.ts'
import { decodeManifest, type Totals } from '../../core/manifest.ts'
import { decodeManifestMetadata } from '../../core/manifest-metadata.ts'
import type { DayOutcome } from '../../core/messages.ts'
import { profileOf, type Profile } from '../../core/profile.ts'
import type { Present } from '../run-report.ts'

/** Bytes above which a manifest is not read: it has some 100,000 raw files and takes hundreds of MB. */
const MAX_MANIFEST_BYTES = 4e6

/** Facts that the page shows of a day's manifest. */
export interface LookedAt {
  /** Number of the published generation; 0 if nothing is published. */
  readonly generation: number
  /** Number of published rows. */
  readonly rows: number
  /** Totals of the generation. @default the manifest was too large to read */
  readonly totals?: Totals
  /** @default the generation has none, or the manifest was too large to read */
  readonly profile?: Profile
  readonly checks?: readonly CheckResult[]
  /** Keys of the reject files that the newest generation added, or of all if it added none. */
  readonly rejectKeys?: readonly string[]
}

/**
 * Reads the facts that the page shows from the manifest of a day. Returns undefined if nothing is published, and the
 * CorruptState error if the manifest cannot be read. Of a manifest above 4 MB only generation and rows are read, from
 * its metadata.
 */
export async function lookAtDay(
  data: Bucket,
  { dataset, date }: DatasetDay,
): Promise<LookedAt | DayfoldError | undefined> {
  const key = manifestKey(dataset, date)
  const object = await readObjectUpTo(data, key, MAX_MANIFEST_BYTES)
  if (!object) return undefined
  const { body, metadata } = object
  if (!body) {
    const { generation, rows } = decodeManifestMetadata(metadata)
    return { generation: Number(generation), rows: Number(rows) }
  }
  const manifest = await orCorrupt(() => decodeManifest(body, key))
  if (manifest instanceof DayfoldError) return manifest
  const { published } = manifest
  if (!published) return undefined
  const { generation, totals, checks, rejects } = published
  const profile = profileOf(published)
  const keys = rejects.map((file) => file.key)
  const own = keys.filter((file) => generationOf(file) === generation)
  return {
    generation,
    rows: totals.rows,
    totals,
    ...(profile && { profile }),
    ...(checks && { checks }),
    rejectKeys: own.length > 0 ? own : keys,
  }
}

/**
 * Compares what the ledger says of a day now with the outcome that an execution reported.
 *
 * @param found result of {@link lookAtDay}
 */
export function presentOf(
  { generation: told, totals }: DayOutcome,
  found: LookedAt | DayfoldError | undefined,
): Present {
  if (found instanceof DayfoldError) return { state: 'unreadable', problem: found.message }
  if (!found || found.generation === 0) return { state: told === undefined ? 'none' : 'gone' }
  const { generation, rows } = found
  const isSame = generation === told && (totals === undefined || totals.rows === rows)
  return isSame ? { state: 'same' } : { state: 'other', generation, rows }
}
