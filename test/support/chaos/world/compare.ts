import { isDeepStrictEqual } from 'node:util'
import type { DayContent, EndState } from './end-state.ts'

/**
 * Returns the differences between an end state and the undisturbed one, and the problems within it; empty if there are
 * none.
 */
export function differences(expected: EndState, found: EndState): string[] {
  const names = new Set([...Object.keys(expected.days), ...Object.keys(found.days)])
  const changed = [...names].flatMap((name) => dayDifferences(name, expected.days[name], found.days[name]))
  return [...found.problems, ...changed]
}

function dayDifferences(
  name: string,
  expected: DayContent | undefined,
  found: DayContent | undefined,
): string[] {
  if (!expected || !found)
    return [`${name}: expected ${expected ? 'it' : 'no such day'}, found ${found ? 'it' : 'none'}`]
  const fields = ['rows', 'rejects', 'inputs', 'featureVersion'] as const
  return fields
    .filter((field) => !isDeepStrictEqual(expected[field], found[field]))
    .map((field) => `${name}: ${field}: ${describe(expected[field], found[field])}`)
}

function describe(expected: string | readonly string[], found: string | readonly string[]): string {
  if (typeof expected === 'string' || typeof found === 'string') {
    return `expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`
  }
  const missing = surplusOf(expected, found)
  const surplus = surplusOf(found, expected)
  return (
    `expected ${expected.length}, found ${found.length}: ` +
    `${missing.length} missing (${missing[0] ?? 'none'}), ${surplus.length} too many (${surplus[0] ?? 'none'})`
  )
}

/** Returns the items that one list holds more often than another. */
function surplusOf(list: readonly string[], other: readonly string[]): string[] {
  const counts = new Map<string, number>()
  for (const item of other) counts.set(item, (counts.get(item) ?? 0) + 1)
  return list.filter((item) => {
    const left = counts.get(item) ?? 0
    counts.set(item, left - 1)
    return left <= 0
  })
}
