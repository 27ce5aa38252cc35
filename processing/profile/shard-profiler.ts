import type { ColumnSpec } from '../../core/columns.ts'
import type { ColumnPart } from '../../core/sketches/column-sketch.ts'
import type { PageObserver } from '../parquet/leaf-encoder.ts'
import { leavesOf } from '../parquet/leaves.ts'
import { LeafProfiler } from './leaf-profiler.ts'
import { BlockValues } from './page-values.ts'

/** Values of the first shard that tell its quantiles; of each one after it fewer, since all of them together do. */
const MOST_SAMPLES = 8192
const LEAST_SAMPLES = 64

/** Profiles the values that encoders put into pages, shard by shard. */
export interface ShardProfiler {
  /** Observers of the columns' pages, in the order of the columns. */
  readonly observers: readonly PageObserver[]
  /**
   * Begins a shard. Its profile depends on its rows and on its place alone, but for its entries of different values:
   * they leave out what this profiler has already returned for an earlier shard.
   *
   * @param place index of the shard in the job, from 0
   */
  begin(place: number): void
  /** Returns the profile of each column of the shard and resets it. */
  take(): ColumnPart[]
}

/** Opens a profiler of these columns. Holds 130 KiB per column. */
export function shardProfiler(columns: readonly ColumnSpec[]): ShardProfiler {
  const block = new BlockValues()
  const leaves = leavesOf(columns).map((leaf, index) => new LeafProfiler(columns[index]!, leaf, block))
  return {
    observers: leaves,
    begin(place) {
      const samples = Math.max(LEAST_SAMPLES, Math.floor(MOST_SAMPLES / (place + 1)))
      for (const leaf of leaves) leaf.begin(samples)
    },
    take: () => leaves.map((leaf) => leaf.take()),
  }
}
