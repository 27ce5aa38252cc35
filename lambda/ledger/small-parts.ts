import { generationOf } from '../../core/layout.ts'
import type { StoredFile } from '../../core/manifest.ts'
import type { FileLimits } from '../../core/file-limits.ts'

/** Share of the limits for rows and bytes of a part. A part that is below it in both is small, and worth merging. */
export const FULL_SHARE = 0.9

/**
 * Returns the parts that a consolidation would merge: the small ones, if they come from more than one generation. A job
 * packs its own parts as well as it can: merging parts of a single generation would give the same parts again, for
 * ever.
 */
export function mergeableParts(
  parts: readonly StoredFile[],
  limits: Pick<FileLimits, 'partRows' | 'partBytes'>,
): StoredFile[] {
  const small = parts.filter(
    (part) => part.rows < FULL_SHARE * limits.partRows && part.bytes < FULL_SHARE * limits.partBytes,
  )
  const generations = new Set(small.map((part) => generationOf(part.key)))
  return generations.size > 1 ? small : []
}
