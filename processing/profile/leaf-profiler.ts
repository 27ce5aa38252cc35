import type { ColumnSpec } from '../../core/columns.ts'
import type { Bound } from '../../core/kinds/kind.ts'
import { isLess, type ColumnPart, type StoredValue } from '../../core/sketches/column-sketch.ts'
import type { Page, PageObserver } from '../parquet/leaf-encoder.ts'
import type { Leaf } from '../parquet/leaves.ts'
import { FrequentPart } from './frequent-part.ts'
import { ListLevels } from './list-levels.ts'
import { NumbersSum } from './numbers-sum.ts'
import { pageReader, type PageBytes, type PageReader, type PageValues } from './page-values.ts'
import { textBounds } from './text-bounds.ts'

/**
 * Tells of the values of one leaf, page by page, from the bytes that the encoder has made of them: columns are seen one
 * after the other, in loops that know their type.
 */
export class LeafProfiler implements PageObserver {
  readonly #values: PageValues
  readonly #reader: PageReader
  readonly #frequent = new FrequentPart()
  readonly #numbers: NumbersSum | undefined
  readonly #lists: ListLevels | undefined
  #nulls = 0
  #count = 0
  #entries: Int32Array[] = []
  #min: StoredValue | undefined
  #max: StoredValue | undefined
  #samples = Infinity

  /** @param values memory for a page, which the profilers of a thread share */
  constructor(column: ColumnSpec, { parquet, maxRepetition }: Leaf, values: PageValues) {
    this.#values = values
    this.#reader = pageReader(parquet.type!, parquet.type_length)
    this.#numbers = this.#reader.isText ? undefined : new NumbersSum()
    this.#lists = maxRepetition > 0 ? new ListLevels(column.nullable) : undefined
  }

  /** Begins a shard. @param samples about how many of a page's values tell its quantiles */
  begin(samples: number): void {
    this.#samples = samples
  }

  page(page: Page): void {
    const count = page.count - page.nulls
    this.#nulls += this.#lists ? this.#lists.add(page, this.#level(page.rows)) : page.nulls
    if (count === 0) return
    const [values, reader] = [this.#values, this.#reader]
    const present = { bytes: page.bytes, view: page.view, count }
    values.fit(count)
    reader.read(present, values)
    this.#count += count
    this.#entries.push(values.distinct.entriesOf(values.hashes, count))
    const level = this.#level(count)
    this.#frequent.add(values.hashes, count, level, (index) => reader.value(present, values, index))
    this.#numbers?.add(values.numbers, count, level)
    this.#bound(page.bounds, present)
  }

  /** What is told of the shard, which is forgotten then. */
  take(): ColumnPart {
    const part = {
      ...{ nulls: this.#nulls, values: this.#count, min: this.#min, max: this.#max },
      ...(this.#numbers && { numbers: this.#numbers.take() }),
      ...(this.#lists && { lengths: this.#lists.take() }),
      entries: this.#entries,
      ...this.#frequent.take(),
    }
    this.#nulls = this.#count = 0
    this.#min = this.#max = undefined
    this.#entries = []
    return part
  }

  /** Of 2^level values one is looked at, where not all need be. */
  #level(count: number): number {
    return count > this.#samples ? Math.floor(Math.log2(count / this.#samples)) : 0
  }

  /** The encoder knows them of all but long texts, and such as are not ASCII. */
  #bound(bounds: Page['bounds'], page: PageBytes): void {
    const [min, max] = bounds
      ? [stored(bounds.min), stored(bounds.max)]
      : textBounds(page, this.#values).map((index) => this.#reader.value(page, this.#values, index))
    if (this.#min === undefined || isLess(min!, this.#min)) this.#min = min
    if (this.#max === undefined || isLess(this.#max, max!)) this.#max = max
  }
}

/** Both zeros are one value. */
function stored(bound: Bound): StoredValue {
  return typeof bound === 'boolean' || typeof bound === 'number' ? Number(bound) + 0 : bound
}
