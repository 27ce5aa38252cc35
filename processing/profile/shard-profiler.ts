import type { ColumnSpec } from '../../core/columns.ts'
import type { ColumnPart } from '../../core/sketches/column-sketch.ts'
import type { PageObserver } from '../parquet/leaf-encoder.ts'
import { leavesOf } from '../parquet/leaves.ts'
import { LeafProfiler } from './leaf-profiler.ts'
import { PageValues } from './page-values.ts'

/** Values of the first shard that tell its quantiles; of each one after it fewer, since all of them together do. */
const MOST_SAMPLES = 16_384
const LEAST_SAMPLES = 256

/** Tells of the values that encoders put into pages, shard by shard. */
export interface ShardProfiler {
  /** Told of the pages of each column, in their order. */
  readonly observers: readonly PageObserver[]
  /** Begins a shard: what is told of it follows from its rows and its place, from 0, alone. */
  begin(place: number): void
  /** What is told of each column of the shard, which is forgotten then. */
  take(): ColumnPart[]
}

/** Holds 100 KiB a column. */
export function shardProfiler(columns: readonly ColumnSpec[]): ShardProfiler {
  const values = new PageValues()
  const leaves = leavesOf(columns).map((leaf, index) => new LeafProfiler(columns[index]!, leaf, values))
  return {
    observers: leaves,
    begin(place) {
      const samples = Math.max(LEAST_SAMPLES, Math.floor(MOST_SAMPLES / (place + 1)))
      for (const leaf of leaves) leaf.begin(samples)
    },
    take: () => leaves.map((leaf) => leaf.take()),
  }
}
