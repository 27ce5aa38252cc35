/** `fault`: a deployment or its runs would fail. `warning`: they would be slower or tell less than meant. */
export type Verdict = 'ok' | 'warning' | 'fault'

/** What a check came to. */
export interface Outcome {
  readonly verdict: Verdict
  readonly found: string
  /** Absent where all is well. */
  readonly expected?: string
  /** What to do. Absent where all is well. */
  readonly remedy?: string
}

/** A check by its name, and what it came to. */
export interface Diagnosis extends Outcome {
  readonly check: string
}

export const ok = (found: string): Outcome => ({ verdict: 'ok', found })
export const warning = (expected: string, found: string, remedy: string): Outcome => ({
  verdict: 'warning',
  expected,
  found,
  remedy,
})
export const fault = (expected: string, found: string, remedy: string): Outcome => ({
  verdict: 'fault',
  expected,
  found,
  remedy,
})

/** Something that is looked at, for which a world `W` is needed. */
export interface Check<W> {
  readonly name: string
  /** One outcome or more, none where there is nothing to look at. What it throws could not be checked: a warning. */
  run(world: W): Promise<readonly Outcome[]>
}

/** Runs checks one after another; none of them keeps the others from being run. */
export async function diagnose<W>(checks: readonly Check<W>[], world: W): Promise<Diagnosis[]> {
  const diagnoses: Diagnosis[] = []
  for (const check of checks) {
    const outcomes = await check.run(world).catch((error: unknown) => [unchecked(error)])
    diagnoses.push(...outcomes.map((outcome) => ({ check: check.name, ...outcome })))
  }
  return diagnoses
}

/** Whoever deploys need not be allowed to look at everything. */
function unchecked(error: unknown): Outcome {
  const remedy = 'Look at it by hand, or run this as somebody who may make the call that was refused.'
  return warning('an answer to what was asked', reasonOf(error), remedy)
}

/** Name and message of what an SDK threw, on one line of at most 300 characters. */
export function reasonOf(error: unknown): string {
  const { name, message } = error instanceof Error ? error : new Error(String(error))
  return `${name}: ${message}`.replaceAll(/\s+/g, ' ').slice(0, 300)
}

/** Whether an SDK threw an error of one of these names. */
export function isNamed(error: unknown, ...names: readonly string[]): boolean {
  return (
    error instanceof Error && names.some((name) => error.name === name || error.name === `${name}Exception`)
  )
}
