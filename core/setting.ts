/** Allowed values of one setting of a dataset, for validation and its messages. */
export interface Setting {
  /** Description of the allowed values. Ends the sentence "expected …". */
  readonly expected: string
  /** Returns true for an allowed value, of any type. */
  readonly isAllowed: (value: unknown) => boolean
}

/**
 * Describes the first given setting whose value is not allowed, as `name: expected …, found …`; undefined if all are
 * allowed.
 *
 * @param given values by name; undefined ones are not checked
 */
export function settingProblem<N extends string>(
  settings: Readonly<Record<N, Setting>>,
  given: Readonly<Partial<Record<N, unknown>>>,
): string | undefined {
  const names = Object.keys(settings) as N[]
  const name = names.find((each) => given[each] !== undefined && !settings[each].isAllowed(given[each]))
  return name && `${name}: expected ${settings[name].expected}, found ${shown(given[name])}`
}

/** NaN, Infinity and functions have no JSON. */
function shown(value: unknown): string {
  return typeof value === 'number' || typeof value === 'function' ? String(value) : JSON.stringify(value)
}
