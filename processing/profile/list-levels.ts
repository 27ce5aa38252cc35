import type { LengthsPart } from '../../core/sketches/column-sketch.ts'
import type { Page } from '../parquet/leaf-encoder.ts'
import { NumbersSum } from './numbers-sum.ts'

/**
 * Measures the lengths of a column's outermost lists, from their Parquet levels.
 * https://parquet.apache.org/docs/file-format/nestedencoding/
 */
export class ListLevels {
  readonly #numbers = new NumbersSum()
  /** Definition level of an empty list; a lower one means that there is no list. */
  readonly #empty: number
  #min = Infinity
  #max = -Infinity
  #lengths = new Float64Array(1024)

  constructor(isNullable: boolean) {
    this.#empty = isNullable ? 1 : 0
  }

  /**
   * Adds the lists of a page and returns the number of rows whose list is null.
   *
   * @param level one of 2^level lengths is sampled for quantiles
   */
  add({ definitions, repetitions, count, rows }: Page, level: number): number {
    if (rows > this.#lengths.length) this.#lengths = new Float64Array(rows * 2)
    const lengths = this.#lengths
    const empty = this.#empty
    // Length of the open list; -1: there is none.
    let length = -1
    let lists = 0
    let nulls = 0
    for (let index = 0; index < count; index++) {
      const repetition = repetitions[index]!
      if (repetition > 0) {
        if (repetition === 1) length++
        continue
      }
      if (length >= 0) lengths[lists++] = length
      const definition = definitions[index]!
      length = definition > empty ? 1 : definition === empty ? 0 : -1
      if (length < 0) nulls++
    }
    if (length >= 0) lengths[lists++] = length
    if (lists > 0) this.#addLengths(lists, level)
    return nulls
  }

  /** Returns the statistics of the shard's lengths and resets them. */
  take(): LengthsPart {
    const part = { ...this.#numbers.take(), min: this.#min, max: this.#max }
    this.#min = Infinity
    this.#max = -Infinity
    return part
  }

  #addLengths(lists: number, level: number): void {
    const lengths = this.#lengths
    let min = lengths[0]!
    let max = min
    let sum = 0
    for (let row = 0; row < lists; row++) {
      const length = lengths[row]!
      if (length < min) min = length
      if (length > max) max = length
      sum += length
    }
    const mean = sum / lists
    let squares = 0
    for (let row = 0; row < lists; row++) squares += (lengths[row]! - mean) ** 2
    this.#min = Math.min(this.#min, min)
    this.#max = Math.max(this.#max, max)
    this.#numbers.add(lengths, { count: lists, mean, squares }, level)
    this.#numbers.endPage()
  }
}
