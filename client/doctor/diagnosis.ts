/**
 * Severity of a check's result. `fault`: a deployment or its runs would fail. `warning`: they would be slower, or
 * report less than intended.
 */
export type Verdict = 'ok' | 'warning' | 'fault'

/** Result of one check on one subject, such as one bucket. */
export interface Outcome {
  readonly verdict: Verdict
  /** Finding, as the end of a sentence. */
  readonly found: string
  /** Expectation, as the end of a sentence. Absent if the verdict is `ok`. */
  readonly expected?: string
  /** Advice. Absent if the verdict is `ok`. */
  readonly remedy?: string
}

/** Result of a check, with the name of the check. */
export interface Diagnosis extends Outcome {
  readonly check: string
}

/** Returns the result of a check that found no problem. */
export const ok = (found: string): Outcome => ({ verdict: 'ok', found })
/**
 * Returns the result of a check with the verdict `warning`: runs would be slower, or report less than intended.
 *
 * @param remedy advice
 */
export const warning = (expected: string, found: string, remedy: string): Outcome => ({
  verdict: 'warning',
  expected,
  found,
  remedy,
})
/**
 * Returns the result of a check with the verdict `fault`: the deployment or its runs would fail.
 *
 * @param remedy advice
 */
export const fault = (expected: string, found: string, remedy: string): Outcome => ({
  verdict: 'fault',
  expected,
  found,
  remedy,
})

/** A check of a planned deployment. */
export interface Check<W> {
  readonly name: string
  /**
   * Examines `world` and returns a result for each subject, none if there is nothing to check. If it throws, {@link
   * diagnose} reports a warning.
   */
  run(world: W): Promise<readonly Outcome[]>
}

/**
 * Runs checks one after another and returns their results in order. An error in one becomes a warning and does not stop
 * the others.
 */
export async function diagnose<W>(checks: readonly Check<W>[], world: W): Promise<Diagnosis[]> {
  const diagnoses: Diagnosis[] = []
  for (const check of checks) {
    const outcomes = await check.run(world).catch((error: unknown) => [unchecked(error)])
    diagnoses.push(...outcomes.map((outcome) => ({ check: check.name, ...outcome })))
  }
  return diagnoses
}

/** A person who deploys need not have permission to look at everything. */
function unchecked(error: unknown): Outcome {
  const remedy = 'Look at it by hand, or run this as somebody who may make the call that was refused.'
  return warning('an answer to what was asked', reasonOf(error), remedy)
}

/** Formats name and message of an SDK's error on one line of at most 300 characters. */
export function reasonOf(error: unknown): string {
  const { name, message } = error instanceof Error ? error : new Error(String(error))
  return `${name}: ${message}`.replaceAll(/\s+/g, ' ').slice(0, 300)
}

/** True if an SDK error has one of these names, or one of them followed by `Exception`. */
export function isNamed(error: unknown, ...names: readonly string[]): boolean {
  return (
    error instanceof Error && names.some((name) => error.name === name || error.name === `${name}Exception`)
  )
}
