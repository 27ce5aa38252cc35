import type { ColumnSpec } from '../../core/columns.ts'
import type { Bound } from '../../core/kinds/kind.ts'
import { isLess, type ColumnPart, type StoredValue } from '../../core/sketches/column-sketch.ts'
import type { Page, PageObserver } from '../parquet/leaf-encoder.ts'
import type { Leaf } from '../parquet/leaves.ts'
import { DistinctPart } from './distinct-part.ts'
import { FrequentPart } from './frequent-part.ts'
import { ListLevels } from './list-levels.ts'
import { NumbersSum, type Moments } from './numbers-sum.ts'
import { BLOCK } from './block-layout.ts'
import { pageReader, type BlockValues, type PageBytes, type PageReader } from './page-values.ts'

/**
 * Profiles the values of one column, page by page, from the bytes that the encoder has made of them. Working on one
 * column at a time, its loops see values of a single type.
 */
export class LeafProfiler implements PageObserver {
  readonly #block: BlockValues
  readonly #reader: PageReader
  readonly #distinct: DistinctPart
  readonly #frequent: FrequentPart
  readonly #numbers: NumbersSum | undefined
  readonly #lists: ListLevels | undefined
  #nulls = 0
  #count = 0
  #min: StoredValue | undefined
  #max: StoredValue | undefined
  #samples = Infinity

  /** @param block memory for a block of values, which all profilers of a thread share */
  constructor(column: ColumnSpec, { parquet, maxRepetition }: Leaf, block: BlockValues) {
    this.#block = block
    const memory = block.memory.takeColumn()
    this.#distinct = new DistinctPart(block.memory, memory)
    this.#frequent = new FrequentPart(block.memory, memory)
    this.#reader = pageReader(parquet.type!, parquet.type_length)
    this.#numbers = this.#reader.isText ? undefined : new NumbersSum()
    this.#lists = maxRepetition > 0 ? new ListLevels(column.nullable) : undefined
  }

  /**
   * Begins a shard.
   *
   * @param samples approximate number of values per page to sample for quantiles and frequent values
   */
  begin(samples: number): void {
    this.#samples = samples
  }

  page(page: Page): void {
    const count = page.count - page.nulls
    this.#nulls += this.#lists ? this.#lists.add(page, this.#level(page.rows)) : page.nulls
    if (count === 0) return
    this.#count += count
    if (page.bounds) this.#bound(stored(page.bounds.min), stored(page.bounds.max))
    const present = { bytes: page.bytes, view: page.view, count }
    const level = this.#level(count)
    for (let from = 0; from < count; from += BLOCK) {
      this.#block.moveTo(from, present)
      this.#addBlock(present, level, page.bounds === undefined)
    }
    this.#frequent.endPage(count)
    this.#numbers?.endPage()
  }

  /** Returns the profile of the shard and resets it. Only the registers that count different values are kept. */
  take(): ColumnPart {
    const part = {
      ...{ nulls: this.#nulls, values: this.#count, min: this.#min, max: this.#max },
      ...(this.#numbers && { numbers: this.#numbers.take() }),
      ...(this.#lists && { lengths: this.#lists.take() }),
      entries: [this.#distinct.take()],
      ...this.#frequent.take(),
    }
    this.#nulls = this.#count = 0
    this.#min = this.#max = undefined
    return part
  }

  #addBlock(page: PageBytes, level: number, isUnbounded: boolean): void {
    const [block, reader] = [this.#block, this.#reader]
    reader.read(page, block)
    this.#distinct.add(block.count)
    this.#frequent.add(block.count, level, (index) => reader.value(page, block, index))
    this.#numbers?.add(block.numbers, momentsOf(block), level)
    // The encoder knows the bounds unless there are long texts, or texts that are not ASCII.
    if (!isUnbounded) return
    const [least, greatest] = block.memory.textBounds
    this.#bound(reader.value(page, block, least), reader.value(page, block, greatest))
  }

  /** Returns the level of sampling: one of 2^level values is looked at, all at level 0, at least one per block. */
  #level(count: number): number {
    if (count <= this.#samples) return 0
    return Math.min(Math.floor(Math.log2(count / this.#samples)), Math.log2(BLOCK))
  }

  #bound(min: StoredValue, max: StoredValue): void {
    if (this.#min === undefined || isLess(min, this.#min)) this.#min = min
    if (this.#max === undefined || isLess(this.#max, max)) this.#max = max
  }
}

function momentsOf({ count, memory }: BlockValues): Moments {
  const mean = memory.functions.sum(count) / count
  return { count, mean, squares: memory.functions.squares(count, mean) }
}

/** Returns a bound as it is stored: -0 is 0. */
function stored(bound: Bound): StoredValue {
  return typeof bound === 'boolean' || typeof bound === 'number' ? Number(bound) + 0 : bound
}
