import { nameOf } from '../../core/layout.ts'
import type { FolderDifference } from '../../aws/published-folder.ts'

/** How many objects of a kind are named. */
const MAX_NAMED = 3

/** What is wrong with the published objects of a day. */
export interface Damage {
  /** In words, with the first names. */
  readonly why: string
  /** Whether rows are lost; otherwise there are objects that are not the day's. */
  readonly isLost: boolean
}

/** What a difference between a folder and its manifest means; undefined where there is none. */
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
