type Scalar = string | number | boolean | Date | Uint8Array

/** A shape as the SDK types it, but for its required members, which are there: the SDK lets them be undefined. */
export type Complete<T> = [T] extends [Scalar | undefined]
  ? T
  : T extends readonly (infer E)[]
    ? Complete<E>[]
    : T extends object
      ? { [K in keyof T]: object extends Pick<T, K> ? Complete<T[K]> : Complete<Exclude<T[K], undefined>> }
      : T

/** Says what a value was expected to be; undefined for a good one. */
export type Limit<T> = (value: T) => string | undefined

/** Fewest and most, both included. */
export type Range = readonly [number, number]

/**
 * The part of a shape that is served here: `true` is all of it, a structure names its members, a list or a map says what
 * each of its items may hold. Limits are those that AWS documents beside its schemas.
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

/** {@link Served}, whatever the shape. */
export type AnyServed = true | Limit<never> | Readonly<Record<string, unknown>>

/** A text of so many characters. */
export const characters =
  (least: number, most: number): Limit<string> =>
  ({ length }) =>
    length >= least && length <= most ? undefined : `expected ${least} to ${most} characters`

/** A text of a pattern. @param expected the pattern in words */
export const matching =
  (pattern: RegExp, expected: string): Limit<string> =>
  (text) =>
    pattern.test(text) ? undefined : `expected ${expected}`

/** A whole number within bounds that are both included. */
export const whole =
  (least: number, most: number): Limit<number> =>
  (value) =>
    Number.isInteger(value) && value >= least && value <= most
      ? undefined
      : `expected a whole number from ${least} to ${most}`
