import type { NumbersPart } from '../../core/sketches/column-sketch.ts'
import { condensed, xorshift, type SampledValues } from '../../core/sketches/quantiles.ts'

const SEED = 0x51ed270b

/** Mean of numbers, and sum of the squares of their distances from it. */
export interface Moments {
  readonly count: number
  readonly mean: number
  readonly squares: number
}

/** Computes mean, variance and samples of the numbers of a shard, page by page. */
export class NumbersSum {
  #count = 0
  #mean = 0
  #squares = 0
  #sampled: SampledValues[] = []
  /** Sample of the page's numbers, one of 2^level. */
  #values = new Float64Array(1024)
  #kept = 0
  #level = 0
  #chance = SEED

  /**
   * Adds the first `count` numbers, whose moments are given.
   *
   * @param level one of 2^level numbers is sampled, chosen by a sequence that is the same for every shard; must not
   * change within a page
   */
  add(numbers: Float64Array, { count, mean, squares }: Moments, level: number): void {
    this.#merge(count, mean, squares)
    this.#level = level
    this.#keep(numbers, count)
  }

  /** Ends a page: its samples are stored with their level. */
  endPage(): void {
    if (this.#kept === 0) return
    this.#sampled.push(condensed({ level: this.#level, values: this.#values.slice(0, this.#kept) }))
    this.#kept = 0
  }

  /** Returns the sums and samples of the shard and resets them. */
  take(): NumbersPart {
    const part = {
      count: this.#count,
      mean: this.#mean,
      squares: this.#squares,
      sampled: this.#sampled,
    }
    this.#count = this.#mean = this.#squares = 0
    this.#sampled = []
    this.#chance = SEED
    return part
  }

  /** Keeps one of each 2^level numbers. If the last ones are fewer, they give one with a proportionally lower chance. */
  #keep(numbers: Float64Array, count: number): void {
    const step = 1 << this.#level
    const most = this.#kept + Math.ceil(count / step)
    if (most > this.#values.length) this.#grow(most)
    if (step === 1) {
      this.#values.set(numbers.subarray(0, count), this.#kept)
      this.#kept = most
      return
    }
    const values = this.#values
    let chance = this.#chance
    let kept = this.#kept
    for (let start = 0; start < count; start += step) {
      chance = xorshift(chance)
      const index = start + (chance & (step - 1))
      if (index < count) values[kept++] = numbers[index]!
    }
    this.#chance = chance
    this.#kept = kept
  }

  #grow(least: number): void {
    const grown = new Float64Array(Math.max(least, 2 * this.#values.length))
    grown.set(this.#values.subarray(0, this.#kept))
    this.#values = grown
  }

  #merge(count: number, mean: number, squares: number): void {
    const total = this.#count + count
    const distance = mean - this.#mean
    this.#mean += (distance * count) / total
    this.#squares += squares + ((distance * distance * this.#count) / total) * count
    this.#count = total
  }
}
