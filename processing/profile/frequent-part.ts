import type { ColumnPart, StoredValue } from '../../core/sketches/column-sketch.ts'
import { xorshift } from '../../core/sketches/quantiles.ts'
import type { BlockValues } from './page-values.ts'

/** Up to this many different values of a shard are all handed over. */
const FEW = 64
/** Maximum number of different values that are counted at a time. */
const MOST = 512
const SLOTS = 2048
/** Minimum share of a page that a value must have to be kept, once there are more than {@link FEW}. */
const LEAST_SHARE = 1 / 128
const SEED = 0x9e3779b9

/** Returns the value at an index of the block that was last read. */
export type ValueAt = (index: number) => StoredValue

/**
 * Finds the most frequent values of a shard, counting them by their hashes. If there are too many different ones, it
 * drops the rare ones; from then on it looks at only one value per group, which counts for the whole group. Holds at
 * most 512 values.
 */
export class FrequentPart {
  readonly #slots = new Int16Array(SLOTS)
  readonly #hashes = new Int32Array(MOST)
  readonly #counts = new Float64Array(MOST)
  /** Index of each value in the block that is read; -1 if it was found in an earlier one. */
  readonly #found = new Int32Array(MOST)
  readonly #values: (StoredValue | undefined)[] = []
  #size = 0
  #missed = 0
  #hasMany = false
  /** True if some of them were found in the block that is read. */
  #isNew = false
  #chance = SEED

  /**
   * Counts the values of a block.
   *
   * @param level one of 2^level values is looked at once there are many different ones
   */
  add({ hashes, count }: BlockValues, level: number, valueAt: ValueAt): void {
    let index = 0
    while (index < count && !this.#hasMany) this.#count(hashes, index++, 1)
    if (index < count) this.#addSampled(hashes, { from: index, to: count, level })
    if (!this.#isNew) return
    for (let entry = 0; entry < this.#size; entry++) {
      if (this.#found[entry] === -1) continue
      this.#values[entry] = valueAt(this.#found[entry]!)
      this.#found[entry] = -1
    }
    this.#isNew = false
  }

  /** Ends a page of `count` values: drops values that are rare in it, if there are many different ones. */
  endPage(count: number): void {
    if (this.#size > FEW) this.#drop(Math.floor(count * LEAST_SHARE))
  }

  /**
   * Returns the values with their counts and the largest count that a dropped value may have had; resets all for the
   * next shard.
   */
  take(): Pick<ColumnPart, 'top' | 'missed'> {
    const top = this.#values
      .slice(0, this.#size)
      .map((value, entry) => [value!, this.#counts[entry]!] as const)
    const missed = this.#missed
    if (this.#size > 0) this.#slots.fill(0)
    this.#size = this.#missed = 0
    this.#hasMany = false
    this.#chance = SEED
    return { top, missed }
  }

  #addSampled(hashes: Int32Array, { from, to, level }: { from: number; to: number; level: number }): void {
    const block = 1 << level
    let chance = this.#chance
    for (let start = from; start < to; start += block) {
      chance = xorshift(chance)
      const index = start + (chance & (block - 1))
      if (index < to) this.#count(hashes, index, block)
    }
    this.#chance = chance
  }

  #count(hashes: Int32Array, index: number, weight: number): void {
    const hash = hashes[index]!
    const slots = this.#slots
    let slot = hash & (SLOTS - 1)
    for (let entry = slots[slot]!; entry !== 0; entry = slots[slot]!) {
      if (this.#hashes[entry - 1] === hash) {
        this.#counts[entry - 1]! += weight
        return
      }
      slot = (slot + 1) & (SLOTS - 1)
    }
    if (this.#size === MOST) {
      this.#hasMany = true
      this.#dropHalf()
      this.#count(hashes, index, weight)
      return
    }
    const entry = this.#size++
    slots[slot] = entry + 1
    this.#hashes[entry] = hash
    this.#counts[entry] = weight
    this.#found[entry] = index
    this.#isNew = true
  }

  /** Drops about half of the values. Usually nearly all were found once. */
  #dropHalf(): void {
    let once = 0
    for (let entry = 0; entry < this.#size; entry++) if (this.#counts[entry] === 1) once++
    if (once > this.#size / 2) return this.#drop(1)
    const sorted = this.#counts.slice(0, this.#size).sort()
    this.#drop(sorted[this.#size >> 1]!)
  }

  /** Drops the values that were found at most `most` times. */
  #drop(most: number): void {
    if (most === 0) return
    this.#missed += most
    this.#slots.fill(0)
    let kept = 0
    for (let entry = 0; entry < this.#size; entry++) {
      if (this.#counts[entry]! <= most) continue
      this.#hashes[kept] = this.#hashes[entry]!
      this.#counts[kept] = this.#counts[entry]!
      this.#found[kept] = this.#found[entry]!
      this.#values[kept] = this.#values[entry]
      let slot = this.#hashes[kept]! & (SLOTS - 1)
      while (this.#slots[slot] !== 0) slot = (slot + 1) & (SLOTS - 1)
      this.#slots[slot] = ++kept
    }
    this.#size = kept
  }
}
