import { generationOf } from '../../core/layout.ts'
import type { StoredFile } from '../../core/manifest.ts'
import type { FileLimits } from '../../core/file-limits.ts'

/** A part with less of both limits than this is small. */
export const FULL_SHARE = 0.9

/**
 * The parts that a consolidation would merge: the small ones, if they come from more than one generation. One job
 * packs its parts as well as it can, so that merging those of one generation would give the same again, for ever.
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
