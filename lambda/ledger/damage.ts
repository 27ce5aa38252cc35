import { nameOf } from '../../core/layout.ts'
import type { FolderDifference } from '../../aws/published-folder.ts'

/** Maximum number of objects of a kind that are named. */
const MAX_NAMED = 3

/** Difference between the published objects of a day and its manifest. */
export interface Damage {
  /** Reason in words, with the first few file names. */
  readonly why: string
  /** True if published files are missing or altered; false if there are only foreign objects. */
  readonly isLost: boolean
}

/** Describes a difference between a folder and its manifest in words; undefined if they agree. */
export function damageOf({ missing, altered, foreign }: FolderDifference): Damage | undefined {
  const kinds = [
    named(
      'missing',
      missing.map(({ key }) => key),
    ),
    named(
      'altered',
      altered.map(({ part }) => part.key),
    ),
    named(
      'foreign',
      foreign.map(({ key }) => key),
    ),
  ].filter((text) => text !== '')
  if (kinds.length === 0) return undefined
  return { why: `damaged: ${kinds.join(', ')}`, isLost: missing.length + altered.length > 0 }
}

function named(kind: string, keys: readonly string[]): string {
  if (keys.length === 0) return ''
  const more = keys.length > MAX_NAMED ? [`${keys.length - MAX_NAMED} more`] : []
  return `${keys.length} ${kind} (${[...keys.slice(0, MAX_NAMED).map(nameOf), ...more].join(', ')})`
}
