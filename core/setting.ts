/** What a setting may be. */
export interface Setting {
  /** Ends the sentence "expected …". */
  readonly expected: string
  readonly isAllowed: (value: unknown) => boolean
}

/**
 * What is wrong with the first setting that is given and not allowed, as `name: expected …, found …`; undefined: nothing.
 */
export function settingProblem<N extends string>(
  settings: Readonly<Record<N, Setting>>,
  given: Readonly<Partial<Record<N, unknown>>>,
): string | undefined {
  const names = Object.keys(settings) as N[]
  const name = names.find((each) => given[each] !== undefined && !settings[each].isAllowed(given[each]))
  return name && `${name}: expected ${settings[name].expected}, found ${shown(given[name])}`
}

/** JSON knows no NaN, Infinity and functions. */
function shown(value: unknown): string {
  return typeof value === 'number' || typeof value === 'function' ? String(value) : JSON.stringify(value)
}
