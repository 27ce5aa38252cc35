import type { Profile } from '../../../core/profile.ts'
import { mergeShard, newDaySketch, type DaySketch } from '../../../core/sketches/day-sketch.ts'
import { summarize } from '../../../core/sketches/summarize.ts'
import type { Columns } from '../../../processing/dataset.ts'
import { rowEncoder } from '../../../processing/parquet/row-encoder.ts'
import { shardProfiler } from '../../../processing/profile/shard-profiler.ts'

type Row = Readonly<Record<string, unknown>>

/** Returns the sketch that the engine makes of rows, in shards of `shardRows`. */
export function sketchRows(columns: Columns, rows: readonly Row[], shardRows = 2000): DaySketch {
  const specs = Object.entries(columns).map(([name, { spec }]) => ({ name, ...spec }))
  const sketch = newDaySketch(specs)
  const profiler = shardProfiler(specs)
  const encoder = rowEncoder(specs, { compressSeconds: 0 }, profiler.observers)
  for (let start = 0, place = 0; start < rows.length; start += shardRows, place++) {
    profiler.begin(place)
    const shard = rows.slice(start, start + shardRows)
    for (const row of shard) encoder.append(row)
    encoder.finish()
    mergeShard(sketch, { rows: shard.length, columns: structuredClone(profiler.take()), counted: [] })
  }
  return sketch
}

/** Returns the profile of rows. */
export const profileRows = (columns: Columns, rows: readonly Row[], shardRows?: number): Profile =>
  summarize(sketchRows(columns, rows, shardRows))
