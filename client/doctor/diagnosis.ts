/** `fault`: a deployment or its runs would fail. `warning`: they would be slower, or report less than intended. */
export type Verdict = 'ok' | 'warning' | 'fault'

/** Result of one check on one subject. */
export interface Outcome {
  readonly verdict: Verdict
  readonly found: string
  /** Absent if the verdict is `ok`. */
  readonly expected?: string
  /** Advice. Absent if the verdict is `ok`. */
  readonly remedy?: string
}

/** An outcome with the name of its check. */
export interface Diagnosis extends Outcome {
  readonly check: string
}

/** Makes an outcome without a problem. */
export const ok = (found: string): Outcome => ({ verdict: 'ok', found })
/** Makes an outcome with the verdict `warning`. */
export const warning = (expected: string, found: string, remedy: string): Outcome => ({
  verdict: 'warning',
  expected,
  found,
  remedy,
})
/** Makes an outcome with the verdict `fault`. */
export const fault = (expected: string, found: string, remedy: string): Outcome => ({
  verdict: 'fault',
  expected,
  found,
  remedy,
})

/** A check that looks at a world of type `W`. */
export interface Check<W> {
  readonly name: string
  /** Returns the outcomes, none if there is nothing to check. An error that it throws becomes a warning. */
  run(world: W): Promise<readonly Outcome[]>
}

/** Runs checks one after another. An error in one does not stop the others. */
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

/** True for an SDK error with one of these names, or one of them followed by `Exception`. */
export function isNamed(error: unknown, ...names: readonly string[]): boolean {
  return (
    error instanceof Error && names.some((name) => error.name === name || error.name === `${name}Exception`)
  )
}
