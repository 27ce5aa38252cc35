import type { CheckResult } from './checks.ts'
import { stops } from './judge-checks.ts'
import type { CheckCounts } from './messages.ts'

/**
 * Maximum number of checks that an outcome describes, and of characters of each. Step Functions ends an execution whose
 * state has more than 262,144 bytes, and the summary holds the outcomes of up to 1,100 dataset-days.
 * https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
 */
export const MAX_TOLD = 10
const MAX_CHARACTERS = 300

/** Counts check results by state, and describes at most ten that have not passed, in the order of {@link worstFirst}. */
export function countChecks(results: readonly CheckResult[]): CheckCounts {
  const number = (state: CheckResult['state']) => results.filter((result) => result.state === state).length
  const told = worstFirst(results.filter(({ state }) => state !== 'passed'))
    .slice(0, MAX_TOLD)
    .map(tellCheck)
  return { passed: number('passed'), failed: number('failed'), unknown: number('unknown'), told }
}

/**
 * Sorts check results: failed ones that forbid a publish, failed ones that warn, those that could not be judged, those
 * that passed. Equal ones stay in their order.
 */
export const worstFirst = (results: readonly CheckResult[]): CheckResult[] =>
  results.toSorted((one, other) => severityOf(other) - severityOf(one))

/** Returns a number that is the higher the worse a check result is, from 0 for one that passed. */
export function severityOf(result: CheckResult): number {
  if (stops(result)) return 3
  return { failed: 2, unknown: 1, passed: 0 }[result.state]
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
