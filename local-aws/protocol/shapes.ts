type Scalar = string | number | boolean | Date | Uint8Array

/** A shape of the SDK whose required members are certain to be there; the SDK's own types let them be undefined. */
export type Complete<T> = [T] extends [Scalar | undefined]
  ? T
  : T extends readonly (infer E)[]
    ? Complete<E>[]
    : T extends object
      ? { [K in keyof T]: object extends Pick<T, K> ? Complete<T[K]> : Complete<Exclude<T[K], undefined>> }
      : T

/** Returns what was expected of a value; undefined if it is good. */
export type Limit<T> = (value: T) => string | undefined

/** Least and most, both included. */
export type Range = readonly [number, number]

/**
 * The part of a shape that is served here: `true` is all of it, a structure names its members, a list or a map says
 * what each item may hold. Limits are those that AWS documents beside its schemas.
 */
export type Served<T> = [T] extends [Scalar]
  ? true | Limit<T>
  : T extends readonly (infer E)[]
    ? true | ServedItems<E>
    : string extends keyof T
      ? true | (ServedItems<T[string & keyof T]> & { readonly key?: Limit<string> })
      : true | { readonly [K in keyof T]: Served<NonNullable<T[K]>> }

interface ServedItems<E> {
  readonly each: Served<E>
  readonly count?: Range
}

/** {@link Served} of any shape. */
export type AnyServed = true | Limit<never> | Readonly<Record<string, unknown>>

/** Limits a text to a number of characters, both bounds included. */
export const characters =
  (least: number, most: number): Limit<string> =>
  ({ length }) =>
    length >= least && length <= most ? undefined : `expected ${least} to ${most} characters`

/**
 * Limits a text to a pattern.
 *
 * @param expected the pattern in words
 */
export const matching =
  (pattern: RegExp, expected: string): Limit<string> =>
  (text) =>
    pattern.test(text) ? undefined : `expected ${expected}`

/** Limits a number to whole ones within bounds, both included. */
export const whole =
  (least: number, most: number): Limit<number> =>
  (value) =>
    Number.isInteger(value) && value >= least && value <= most
      ? undefined
      : `expected a whole number from ${least} to ${most}`
