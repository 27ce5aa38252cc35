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

/** Returns a value of any type as messages show it: as JSON, and as text where JSON has no such value. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value, (_, each: unknown) => withoutJson(each) ?? each)
  return withoutJson(value) ?? text ?? 'none'
}

/** Returns the text of a value that JSON lacks or changes to null; undefined for others. */
function withoutJson(value: unknown): string | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : String(value)
  return typeof value === 'bigint' || typeof value === 'function' || typeof value === 'symbol'
    ? String(value)
    : undefined
}
