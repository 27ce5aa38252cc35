type Scalar = string | number | boolean | Date | Uint8Array

/**
 * A type of the SDK in which required members are never undefined, at any depth. The SDK's own types allow undefined
 * even there.
 */
export type Complete<T> = [T] extends [Scalar | undefined]
  ? T
  : T extends readonly (infer E)[]
    ? Complete<E>[]
    : T extends object
      ? { [K in keyof T]: object extends Pick<T, K> ? Complete<T[K]> : Complete<Exclude<T[K], undefined>> }
      : T

/**
 * Checks a value of a request: returns a message of the form "expected …" for a bad value, undefined for a good one.
 */
export type Limit<T> = (value: T) => string | undefined

/** Minimum and maximum of a number of items, both included. */
export type Range = readonly [number, number]

/**
 * Description of the part of a request's type that the local AWS accepts. `true` accepts everything, a function checks
 * a single value, an object names the accepted members of a structure, and `each` describes every item of a list or a
 * map. Limits are those in AWS's documentation.
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

/** A {@link Served} of an unknown type, for code that works on all types. */
export type AnyServed = true | Limit<never> | Readonly<Record<string, unknown>>

/** Returns a check that a text has from `least` to `most` UTF-16 characters. */
export const characters =
  (least: number, most: number): Limit<string> =>
  ({ length }) =>
    length >= least && length <= most ? undefined : `expected ${least} to ${most} characters`

/**
 * Returns a check that a text matches a pattern.
 *
 * @param expected the pattern in words, for the message after "expected"
 */
export const matching =
  (pattern: RegExp, expected: string): Limit<string> =>
  (text) =>
    pattern.test(text) ? undefined : `expected ${expected}`

/** Returns a check that a number is whole and from `least` to `most`, both included. */
export const whole =
  (least: number, most: number): Limit<number> =>
  (value) =>
    Number.isInteger(value) && value >= least && value <= most
      ? undefined
      : `expected a whole number from ${least} to ${most}`
