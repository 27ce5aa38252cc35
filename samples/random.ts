/** Random numbers from a seed, the same on every machine (mulberry32). */
export interface Random {
  /** Returns a number from 0 to below 1. */
  next(): number
  /** Returns a whole number from `low` to `high`, both included. */
  between(low: number, high: number): number
  /** Returns true in `share` of the calls. */
  chance(share: number): boolean
  pick<T>(values: readonly T[]): T
  /** Returns `count` different values, in their order. */
  some<T>(values: readonly T[], count: number): T[]
  /** Returns hexadecimal digits. */
  hex(digits: number): string
}

/** Makes a generator of the numbers that follow from `seed`. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const between = (low: number, high: number) => low + Math.floor(next() * (high - low + 1))
  const pick = <T>(values: readonly T[]): T => values[between(0, values.length - 1)]!
  return {
    next,
    between,
    pick,
    chance: (share) => next() < share,
    some: (values, count) => {
      const left = values.map((_, index) => index)
      while (left.length > count) left.splice(between(0, left.length - 1), 1)
      return left.map((index) => values[index]!)
    },
    hex: (digits) => Array.from({ length: digits }, () => between(0, 15).toString(16)).join(''),
  }
}
