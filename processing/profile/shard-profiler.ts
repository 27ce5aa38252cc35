import type { ColumnSpec } from '../../core/columns.ts'
import type { ColumnPart } from '../../core/sketches/column-sketch.ts'
import type { PageObserver } from '../parquet/leaf-encoder.ts'
import { leavesOf } from '../parquet/leaves.ts'
import { BlockMemory } from './block-memory.ts'
import { LeafProfiler } from './leaf-profiler.ts'
import { BlockValues } from './page-values.ts'

/** Values of the first shard that tell its quantiles; of each one after it fewer, since all of them together do. */
const MOST_SAMPLES = 8192
const LEAST_SAMPLES = 64

/** Profiles the values of all columns, shard by shard, from the pages that encoders make. */
export interface ShardProfiler {
  /** One per column, in the order of the columns: pass them to the row encoder. */
  readonly observers: readonly PageObserver[]
  /**
   * Begins a shard. Its profile depends only on its rows and its index. An exception are the entries of different
   * values, which leave out what this profiler has returned for earlier shards.
   *
   * @param place index of the shard in the job, from 0: later shards are sampled less
   */
  begin(place: number): void
  /** Returns the profile of the shard, one entry per column, and resets it. */
  take(): ColumnPart[]
}

/** Makes a profiler of the values of these columns, for one worker. Holds 130 KiB per column. */
export function shardProfiler(columns: readonly ColumnSpec[]): ShardProfiler {
  const leafColumns = leavesOf(columns)
  const block = new BlockValues(new BlockMemory(leafColumns.length))
  const leaves = leafColumns.map((leaf, index) => new LeafProfiler(columns[index]!, leaf, block))
  return {
    observers: leaves,
    begin(place) {
      const samples = Math.max(LEAST_SAMPLES, Math.floor(MOST_SAMPLES / (place + 1)))
      for (const leaf of leaves) leaf.begin(samples)
    },
    take: () => leaves.map((leaf) => leaf.take()),
  }
}
