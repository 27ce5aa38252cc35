import type { ColumnSpec } from '../../core/columns.ts'
import type { ColumnPart } from '../../core/sketches/column-sketch.ts'
import type { PageObserver } from '../parquet/leaf-encoder.ts'
import { leavesOf } from '../parquet/leaves.ts'
import { LeafProfiler } from './leaf-profiler.ts'
import { BlockValues } from './page-values.ts'

/** Values of the first shard that tell its quantiles; of each one after it fewer, since all of them together do. */
const MOST_SAMPLES = 8192
const LEAST_SAMPLES = 64

/** Tells of the values that encoders put into pages, shard by shard. */
export interface ShardProfiler {
  /** Told of the pages of each column, in their order. */
  readonly observers: readonly PageObserver[]
  /**
   * Begins a shard. What is told of it follows from its rows and its place, from 0, alone; but of which values it has, only
   * what is new to this profiler is told.
   */
  begin(place: number): void
  /** What is told of each column of the shard, which is forgotten then. */
  take(): ColumnPart[]
}

/** Holds 100 KiB a column. */
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
