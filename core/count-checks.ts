import type { CheckResult } from './checks.ts'
import type { CheckCounts } from './messages.ts'

/**
 * Maximum number of checks that are described, and of characters of each: an outcome passes through the state machine,
 * whose state is bounded.
 */
const MAX_TOLD = 3
const MAX_CHARACTERS = 300

/** Counts check results by state, and describes at most three that failed or could not be judged, failed ones first. */
export function countChecks(results: readonly CheckResult[]): CheckCounts {
  const of = (state: CheckResult['state']) => results.filter((result) => result.state === state)
  const [failed, unknown] = [of('failed'), of('unknown')]
  const told = [...failed, ...unknown].slice(0, MAX_TOLD).map(tellCheck)
  return { passed: of('passed').length, failed: failed.length, unknown: unknown.length, told }
}

/**
 * Describes a check result as `<check>: expected …, found …`, in at most 300 characters. A check that could not be
 * judged gets the prefix `not judged: ` in addition.
 */
export function tellCheck({ check, state, expected, found }: CheckResult): string {
  const text = `${check}: expected ${expected}, found ${found}`
  const shown = text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS - 1).toWellFormed()}…` : text
  return state === 'unknown' ? `not judged: ${shown}` : shown
}
