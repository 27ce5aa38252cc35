import { compareKeys } from '../layout.ts'
import { mergeEntries, newRegisters, type Registers } from './distinct.ts'
import { QuantileSketch, type SampledValues } from './quantiles.ts'

/**
 * A value as Parquet stores it: text cut at {@link SKETCH_TEXT_BYTES}, else a number (1 for true, milliseconds of a
 * timestamp, days of a date, units of a decimal) or, for integers beyond 2^53 - 1 either way, a bigint.
 */
export type StoredValue = number | bigint | string

/** Maximum number of bytes of a text that sketches keep. The order of texts that agree that far is unknown. */
export const SKETCH_TEXT_BYTES = 256
/**
 * Maximum number of distinct values of a column that are counted one by one. Beyond that, only frequent values are
 * counted.
 */
export const COUNTED_VALUES = 256

/** Mergeable statistics of some numbers. */
export interface NumbersPart {
  /** How many numbers there are. */
  readonly count: number
  readonly mean: number
  /** Sum of the squared distances from the mean. */
  readonly squares: number
  /** Samples from which quantiles are estimated. */
  readonly sampled: readonly SampledValues[]
}

/** Mergeable statistics of the lengths of some lists. */
export interface LengthsPart extends NumbersPart {
  /** Length of the shortest list. */
  readonly min: number
  /** Length of the longest list. */
  readonly max: number
}

/** Values with their counts, each value once. In arrays, as pairs would cost more to send than to count. */
export interface ValueCounts {
  readonly values: ArrayLike<StoredValue>
  /** One per value. */
  readonly counts: ArrayLike<number>
}

/** Returns pairs of a value and its count as {@link ValueCounts}. */
export const valueCounts = (pairs: Iterable<readonly [StoredValue, number]>): ValueCounts => ({
  values: Array.from(pairs, ([value]) => value),
  counts: Array.from(pairs, ([, count]) => count),
})

/** Mergeable statistics of some of a column's values: of one shard, or of all that an attempt has read. */
export interface ColumnPart {
  /** Rows that hold null. */
  readonly nulls: number
  /** Values that are not null; for a list column, elements. */
  readonly values: number
  /** Least value. @default there is no value */
  readonly min?: StoredValue | undefined
  /** Greatest value. @default there is no value */
  readonly max?: StoredValue | undefined
  /** Moments and samples of the values. @default the values are text */
  readonly numbers?: NumbersPart | undefined
  /** Statistics of the list lengths. @default the column has no lists */
  readonly lengths?: LengthsPart | undefined
  /** Hashes of the values, from `entryOf`, for the number of distinct ones. */
  readonly entries: readonly ArrayLike<number>[]
  readonly top: ValueCounts
  /** Upper limit of how much any count in `top` is too low; 0 if all values are listed with exact counts. */
  readonly missed: number
}

/**
 * Statistics of a column's values to which {@link mergeColumn} adds those of further values. Members are as in {@link
 * ColumnPart}.
 */
export interface ColumnSketch {
  nulls: number
  values: number
  min: StoredValue | undefined
  max: StoredValue | undefined
  numbers: Moments | undefined
  lengths: (Moments & { min: number; max: number }) | undefined
  /** Registers from which the number of distinct values is estimated. */
  readonly registers: Registers
  /** Values with their counts, at most {@link COUNTED_VALUES} of them. */
  top: Map<StoredValue, number>
  missed: number
}

/** Statistics of numbers that grow as parts are merged. */
export interface Moments {
  /** How many numbers there are. */
  count: number
  mean: number
  /** Sum of the squared distances from the mean. */
  squares: number
  /** Sketch from which quantiles are estimated. */
  readonly quantiles: QuantileSketch
}

/** Returns a sketch of a column without values, to merge parts into. */
export const newColumnSketch = (): ColumnSketch => ({
  nulls: 0,
  values: 0,
  min: undefined,
  max: undefined,
  numbers: undefined,
  lengths: undefined,
  registers: newRegisters(),
  top: new Map(),
  missed: 0,
})

/**
 * Adds the statistics of further values to a sketch, which it changes in place. The same parts in the same order give
 * the same sketch.
 */
export function mergeColumn(sketch: ColumnSketch, part: ColumnPart): void {
  sketch.nulls += part.nulls
  sketch.values += part.values
  if (part.min !== undefined && (sketch.min === undefined || isLess(part.min, sketch.min)))
    sketch.min = part.min
  if (part.max !== undefined && (sketch.max === undefined || isLess(sketch.max, part.max)))
    sketch.max = part.max
  if (part.numbers && part.numbers.count > 0) mergeMoments((sketch.numbers ??= newMoments()), part.numbers)
  const { lengths } = part
  if (lengths && lengths.count > 0) {
    sketch.lengths ??= { ...newMoments(), min: Infinity, max: -Infinity }
    mergeMoments(sketch.lengths, lengths)
    sketch.lengths.min = Math.min(sketch.lengths.min, lengths.min)
    sketch.lengths.max = Math.max(sketch.lengths.max, lengths.max)
  }
  for (const entries of part.entries) mergeEntries(sketch.registers, entries)
  mergeTop(sketch, part)
}

const newMoments = (): Moments => ({ count: 0, mean: 0, squares: 0, quantiles: new QuantileSketch() })

/** https://en.wikipedia.org/wiki/Algorithms_for_calculating_variance#Parallel_algorithm */
function mergeMoments(moments: Moments, { count, mean, squares, sampled }: NumbersPart): void {
  const total = moments.count + count
  const distance = mean - moments.mean
  moments.mean = moments.count === 0 ? mean : moments.mean + (distance * count) / total
  moments.squares += squares + ((distance * distance * moments.count) / total) * count
  moments.count = total
  for (const values of sampled) moments.quantiles.add(values)
}

/**
 * Adds counts. If there are too many distinct values, drops those that are no more frequent than the median, and adds
 * that frequency to `missed`. New values are put in last, so that the map does not grow for those that are dropped.
 */
function mergeTop(sketch: ColumnSketch, { top: { values, counts }, missed }: ColumnPart): void {
  const { top } = sketch
  sketch.missed += missed
  const added: number[] = []
  for (let index = 0; index < values.length; index++) {
    const before = top.get(values[index]!)
    if (before === undefined) added.push(index)
    else top.set(values[index]!, before + counts[index]!)
  }
  let most = 0
  if (top.size + added.length > COUNTED_VALUES) {
    const all = Float64Array.from([...top.values(), ...added.map((index) => counts[index]!)]).sort()
    most = all[all.length >> 1]!
    sketch.missed += most
    for (const [value, count] of top) if (count <= most) top.delete(value)
  }
  for (const index of added) if (counts[index]! > most) top.set(values[index]!, counts[index]!)
}

/** Sorts values by their counts: the most frequent first, equally frequent ones by value. */
export function mostFrequent(counts: ReadonlyMap<StoredValue, number>): [StoredValue, number][] {
  return [...counts].sort(
    ([one, count], [other, otherCount]) => otherCount - count || (isLess(one, other) ? -1 : 1),
  )
}

/** True if `one` is less than `other`; text is in UTF-8 order. */
export const isLess = (one: StoredValue, other: StoredValue) =>
  typeof one === 'string' && typeof other === 'string' ? compareKeys(one, other) < 0 : one < other
