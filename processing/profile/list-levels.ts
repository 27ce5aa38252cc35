import type { LengthsPart } from '../../core/sketches/column-sketch.ts'
import type { Page } from '../parquet/leaf-encoder.ts'
import { NumbersSum } from './numbers-sum.ts'

/** Tells how long the outermost lists of a column are: https://parquet.apache.org/docs/file-format/nestedencoding/ */
export class ListLevels {
  readonly #numbers = new NumbersSum()
  /** Definition level of an empty list; below it there is no list. */
  readonly #empty: number
  #min = Infinity
  #max = -Infinity
  #lengths = new Float64Array(1024)

  constructor(isNullable: boolean) {
    this.#empty = isNullable ? 1 : 0
  }

  /** Adds the lists of a page; gives the rows that have none. */
  add({ definitions, repetitions, count, rows }: Page, level: number): number {
    if (rows > this.#lengths.length) this.#lengths = new Float64Array(rows * 2)
    const lengths = this.#lengths
    let [last, nulls] = [-1, 0]
    for (let index = 0; index < count; index++) {
      const repetition = repetitions[index]!
      if (repetition > 1) continue
      if (repetition === 1) lengths[last]!++
      else if (definitions[index]! < this.#empty) nulls++
      else lengths[++last] = definitions[index]! > this.#empty ? 1 : 0
    }
    for (let row = 0; row <= last; row++) {
      this.#min = Math.min(this.#min, lengths[row]!)
      this.#max = Math.max(this.#max, lengths[row]!)
    }
    this.#numbers.add(lengths, last + 1, level)
    return nulls
  }

  take(): LengthsPart {
    const part = { ...this.#numbers.take(), min: this.#min, max: this.#max }
    this.#min = Infinity
    this.#max = -Infinity
    return part
  }
}
