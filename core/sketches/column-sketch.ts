import { compareKeys } from '../layout.ts'
import { mergeEntries, newRegisters, type Registers } from './distinct.ts'
import { QuantileSketch, type SampledValues } from './quantiles.ts'

/**
 * A value as Parquet has it: text, cut at {@link SKETCH_TEXT_BYTES}; a number for all else, 1 for true, of instants their
 * milliseconds, of days their number, of decimals their units; a bigint for integers beyond 2^53 - 1 either way.
 */
export type StoredValue = number | bigint | string

/** Bytes of a text that are kept: of texts that begin alike so far, nobody tells which is less. */
export const SKETCH_TEXT_BYTES = 256
/** Different values of a day that are counted one by one; with more, only the frequent ones are. */
export const COUNTED_VALUES = 256

/** What is told of numbers. */
export interface NumbersPart {
  readonly count: number
  readonly mean: number
  /** Sum of the squares of the distances from the mean. */
  readonly squares: number
  readonly sampled: readonly SampledValues[]
}

/** Numbers with their bounds. */
export interface LengthsPart extends NumbersPart {
  readonly min: number
  readonly max: number
}

/** What is told of some of a column's values: of a shard, or of all that an attempt has read. */
export interface ColumnPart {
  readonly nulls: number
  readonly values: number
  readonly min?: StoredValue | undefined
  readonly max?: StoredValue | undefined
  /** @default the values are text */
  readonly numbers?: NumbersPart | undefined
  /** @default the column has no lists */
  readonly lengths?: LengthsPart | undefined
  /** Of registers that are not 0. */
  readonly entries: readonly ArrayLike<number>[]
  /** Values with their counts, each once. */
  readonly top: readonly (readonly [StoredValue, number])[]
  /** By how much a count may be too low; 0: every value is there with its exact count. */
  readonly missed: number
}

/** A column's values, summed up as they come. */
export interface ColumnSketch {
  nulls: number
  values: number
  min: StoredValue | undefined
  max: StoredValue | undefined
  numbers: Moments | undefined
  lengths: (Moments & { min: number; max: number }) | undefined
  readonly registers: Registers
  top: Map<StoredValue, number>
  missed: number
}

/** What is told of numbers, summed up as they come. */
export interface Moments {
  count: number
  mean: number
  squares: number
  readonly quantiles: QuantileSketch
}

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

/** Takes in what is told of further values. The same parts in the same order give the same sketch. */
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
 * Adds counts. When there are too many different values, those that are no more frequent than half of them are left out,
 * and what they may have had is noted.
 */
function mergeTop(sketch: ColumnSketch, { top, missed }: ColumnPart): void {
  for (const [value, count] of top) sketch.top.set(value, (sketch.top.get(value) ?? 0) + count)
  sketch.missed += missed
  if (sketch.top.size <= COUNTED_VALUES) return
  const counts = Float64Array.from(sketch.top.values()).sort()
  const most = counts[counts.length >> 1]!
  sketch.missed += most
  for (const [value, count] of sketch.top) if (count <= most) sketch.top.delete(value)
}

/** Values with their counts, the most frequent first, those of one count in the order of values. */
export function mostFrequent(counts: ReadonlyMap<StoredValue, number>): [StoredValue, number][] {
  return [...counts].sort(
    ([one, count], [other, otherCount]) => otherCount - count || (isLess(one, other) ? -1 : 1),
  )
}

/** Text is in the order of UTF-8 bytes. */
export const isLess = (one: StoredValue, other: StoredValue) =>
  typeof one === 'string' && typeof other === 'string' ? compareKeys(one, other) < 0 : one < other
