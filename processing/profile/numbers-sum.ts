import type { NumbersPart } from '../../core/sketches/column-sketch.ts'
import { condensed, xorshift, type SampledValues } from '../../core/sketches/quantiles.ts'

const SEED = 0x51ed270b

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
   * Adds the first `count` numbers of a block.
   *
   * @param level one of 2^level numbers is sampled, chosen by a sequence that is the same for every shard; must not
   * change within a page
   */
  add(numbers: Float64Array, count: number, level: number): void {
    const mean = sumOf(numbers, count) / count
    this.#merge(count, mean, squaresOf(numbers, count, mean))
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

// Four sums side by side: each addition waits for the one before it. Destructured from a list, they would be boxed numbers.

function sumOf(numbers: Float64Array, count: number): number {
  let one = 0
  let two = 0
  let three = 0
  let four = 0
  let index = 0
  for (; index + 4 <= count; index += 4) {
    one += numbers[index]!
    two += numbers[index + 1]!
    three += numbers[index + 2]!
    four += numbers[index + 3]!
  }
  for (; index < count; index++) one += numbers[index]!
  return one + two + (three + four)
}

/** Returns the sum of the squares of the distances from the mean. */
function squaresOf(numbers: Float64Array, count: number, mean: number): number {
  let one = 0
  let two = 0
  let three = 0
  let four = 0
  let index = 0
  for (; index + 4 <= count; index += 4) {
    one += (numbers[index]! - mean) ** 2
    two += (numbers[index + 1]! - mean) ** 2
    three += (numbers[index + 2]! - mean) ** 2
    four += (numbers[index + 3]! - mean) ** 2
  }
  for (; index < count; index++) one += (numbers[index]! - mean) ** 2
  return one + two + (three + four)
}
