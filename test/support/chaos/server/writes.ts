import type { Call } from '@dayfold/local-aws/faults'

/** Names a change of state, so that the same change has the same name in another run. */
export type WriteNamer = (call: Call) => string

const VARYING: readonly (readonly [RegExp, string])[] = [
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '*'],
  // The token of the attempt in the name of a file.
  [/-[0-9a-f]{12}(?=-\d{5,}\.)/g, '-*'],
  [/^runs\/[^/]+\//, 'runs/*/'],
]

/** Returns a key without the parts that a run makes up. */
export const lastingKey = (key: string): string =>
  VARYING.reduce((text, [pattern, name]) => text.replace(pattern, name), key)

/**
 * Returns a namer for one run. A name is the operation, the lasting key, and the number of such changes so far:
 * `PutObject state/_open/visits/2024-01-10 (2)`.
 */
export function writeNamer(): WriteNamer {
  const counts = new Map<string, number>()
  return ({ operation, key = '' }) => {
    const change = `${operation} ${lastingKey(key)}`.trim()
    const count = (counts.get(change) ?? 0) + 1
    counts.set(change, count)
    return count === 1 ? change : `${change} (${count})`
  }
}
