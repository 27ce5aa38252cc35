import type { ColumnPart, StoredValue } from '../../core/sketches/column-sketch.ts'
import {
  CHANCE,
  COUNTS,
  FOUND,
  HAS_CHANGED,
  HAS_MANY,
  MISSED,
  MOST,
  PLACES,
  SIZE,
  SLOTS,
  TABLE,
} from './block-layout.ts'
import type { BlockMemory, ColumnMemory } from './block-memory.ts'

/** Up to this many different values of a shard are all handed over. */
const FEW = 64
/** Minimum share of a page that a value must have to be kept, once there are more than {@link FEW}. */
const LEAST_SHARE = 1 / 128
const SEED = 0x9e3779b9

// Indexes of the state of a column.

const AT_SIZE = 0
const AT_CHANCE = (CHANCE - SIZE) / 4
const AT_MANY = (HAS_MANY - SIZE) / 4
const AT_CHANGED = (HAS_CHANGED - SIZE) / 4

/** Returns the value at an index of the block that was last read. */
export type ValueAt = (index: number) => StoredValue

/**
 * Finds the most frequent values of a shard, counting them by their hashes. If there are too many different ones, it
 * drops the rare ones; from then on it looks at only one value per group, which counts for the whole group. Holds at
 * most 512 values, and their counts in the memory of the column.
 */
export class FrequentPart {
  readonly #memory: BlockMemory
  readonly #column: number
  /** Size, chance, if there are many, if values have changed. */
  readonly #state: Int32Array
  readonly #missed: Float64Array
  readonly #table: Uint16Array
  readonly #found: Int32Array
  readonly #places: Int32Array
  readonly #counts: Float64Array
  #values: StoredValue[] = []

  constructor(memory: BlockMemory, { position, buffer }: ColumnMemory) {
    this.#memory = memory
    this.#column = position
    this.#state = new Int32Array(buffer, position + SIZE, 4)
    this.#missed = new Float64Array(buffer, position + MISSED, 1)
    this.#table = new Uint16Array(buffer, position + TABLE, SLOTS)
    this.#found = new Int32Array(buffer, position + FOUND, MOST)
    this.#places = new Int32Array(buffer, position + PLACES, MOST)
    this.#counts = new Float64Array(buffer, position + COUNTS, MOST)
    this.#reset()
  }

  /**
   * Counts the first `count` values of the block.
   *
   * @param level one of 2^level values is looked at once there are many different ones
   */
  add(count: number, level: number, valueAt: ValueAt): void {
    this.#memory.functions.countFrequent(this.#column, count, level)
    this.#follow(valueAt)
  }

  /** Ends a page of `count` values: drops values that are rare in it, if there are many different ones. */
  endPage(count: number): void {
    if (this.#state[AT_SIZE]! <= FEW) return
    this.#memory.functions.dropRare(this.#column, Math.floor(count * LEAST_SHARE))
    this.#follow()
  }

  /**
   * Returns the values with their counts and the largest count that a dropped value may have had; resets all for the
   * next shard.
   */
  take(): Pick<ColumnPart, 'top' | 'missed'> {
    const top = { values: packed(this.#values), counts: this.#counts.slice(0, this.#values.length) }
    const missed = this.#missed[0]!
    this.#reset()
    return { top, missed }
  }

  #reset(): void {
    this.#state[AT_SIZE] = this.#state[AT_MANY] = this.#state[AT_CHANGED] = 0
    this.#state[AT_CHANCE] = SEED
    this.#missed[0] = 0
    this.#table.fill(0)
    this.#found.fill(-1)
    this.#values = []
  }

  /** Brings the values to where their counts are now, and reads those that are new in the block. */
  #follow(valueAt?: ValueAt): void {
    if (this.#state[AT_CHANGED] === 0) return
    this.#state[AT_CHANGED] = 0
    const [before, found, places] = [this.#values, this.#found, this.#places]
    const values: StoredValue[] = []
    for (let entry = 0; entry < this.#state[AT_SIZE]!; entry++) {
      const index = found[entry]!
      values.push(index < 0 ? before[places[entry]!]! : valueAt!(index))
      found[entry] = -1
      places[entry] = entry
    }
    this.#values = values
  }
}

/** Numbers in an array of numbers, which is sent in one piece. */
const packed = (values: StoredValue[]): ArrayLike<StoredValue> =>
  values.every((value) => typeof value === 'number') ? Float64Array.from(values) : values
