import type { NumbersPart } from '../../core/sketches/column-sketch.ts'
import { condensed, xorshift, type SampledValues } from '../../core/sketches/quantiles.ts'

const SEED = 0x51ed270b

/** Sums up the numbers of a shard, page by page. */
export class NumbersSum {
  #count = 0
  #mean = 0
  #squares = 0
  #sampled: SampledValues[] = []

  /**
   * @param level of each 2^level numbers one is kept, by a chance that follows from the shard alone
   */
  add(numbers: Float64Array, count: number, level: number): void {
    if (count === 0) return
    let sum = 0
    for (let index = 0; index < count; index++) sum += numbers[index]!
    const mean = sum / count
    let squares = 0
    for (let index = 0; index < count; index++) {
      const distance = numbers[index]! - mean
      squares += distance * distance
    }
    this.#merge(count, mean, squares)
    this.#sampled.push(condensed({ level, values: sample(numbers, count, level) }))
  }

  /** What the numbers were, which are forgotten then. */
  take(): NumbersPart {
    const part = {
      count: this.#count,
      mean: this.#mean,
      squares: this.#squares,
      sampled: this.#sampled,
    }
    this.#count = this.#mean = this.#squares = 0
    this.#sampled = []
    return part
  }

  #merge(count: number, mean: number, squares: number): void {
    const total = this.#count + count
    const distance = mean - this.#mean
    this.#mean += (distance * count) / total
    this.#squares += squares + ((distance * distance * this.#count) / total) * count
    this.#count = total
  }
}

/** One number of each block. The last block, which is shorter, gives one as likely as it is long. */
function sample(numbers: Float64Array, count: number, level: number): Float64Array {
  if (level === 0) return numbers.slice(0, count)
  const block = 1 << level
  const values = new Float64Array(Math.ceil(count / block))
  let [chance, length] = [SEED ^ count, 0]
  for (let start = 0; start < count; start += block) {
    chance = xorshift(chance)
    const index = start + (chance & (block - 1))
    if (index < count) values[length++] = numbers[index]!
  }
  return values.subarray(0, length)
}
