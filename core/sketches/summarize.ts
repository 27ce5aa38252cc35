import { columnFromGlue, type ElementSpec, type ScalarSpec } from '../columns.ts'
import { decimalText } from '../kinds/decimal.ts'
import {
  newProfile,
  PROFILE_TEXT_CHARACTERS,
  QUANTILES,
  TOP_VALUES,
  type ColumnProfile,
  type Profile,
  type ProfileValue,
} from '../profile.ts'
import { mostFrequent, type ColumnSketch, type StoredValue } from './column-sketch.ts'
import type { DaySketch } from './day-sketch.ts'
import { countDistinct } from './distinct.ts'

const MILLISECONDS_PER_DAY = 86_400_000

/** Makes the profile of a day, the statistics that its manifest keeps, from the merged sketches of its attempts. */
export function summarize({ rows, columns }: DaySketch): Profile {
  const summaries = [...columns].map(
    ([name, { type, sketch }]) => [name, summarizeColumn(type, sketch)] as const,
  )
  return newProfile(rows, Object.fromEntries(summaries))
}

function summarizeColumn(type: string, sketch: ColumnSketch): ColumnProfile {
  const spec = leafOf(columnFromGlue('column', type))
  const { nulls, values, min, max, lengths, missed } = sketch
  const show = (value: StoredValue) => profileValue(spec, value)
  return {
    ...{ type, nulls, values, distinct: distinctOf(sketch) },
    ...(min !== undefined && { min: show(min), max: show(max!) }),
    ...numbersOf(spec, sketch),
    top: mostFrequent(sketch.top)
      .slice(0, TOP_VALUES)
      .map(([value, count]) => ({ value: show(value), count })),
    ...(missed === 0 && { isTopExact: true }),
    ...(lengths && {
      lengths: {
        ...{ min: lengths.min, max: lengths.max, mean: lengths.mean },
        quantiles: pairs(lengths.quantiles.quantiles(QUANTILES)),
      },
    }),
  }
}

/** While few distinct values are counted one by one, their number is exact. */
function distinctOf({ missed, top, registers, values }: ColumnSketch): number {
  return missed === 0 ? top.size : Math.min(values, Math.round(countDistinct(registers)))
}

function numbersOf(spec: ScalarSpec, { numbers, min, max }: ColumnSketch): Partial<ColumnProfile> {
  if (!numbers) return {}
  const unit = unitOf(spec)
  const moments = finiteMoments(numbers.mean * unit, Math.sqrt(numbers.squares / numbers.count) * unit)
  if (spec.kind === 'boolean') return moments
  const within = (value: number): StoredValue =>
    value <= Number(min) ? min! : value >= Number(max) ? max! : value
  const quantiles = numbers.quantiles.quantiles(QUANTILES).map((value) => profileValue(spec, within(value)))
  return { ...moments, quantiles: pairs(quantiles) }
}

/** The sums of large numbers exceed a double. JSON has no infinity. */
const finiteMoments = (mean: number, deviation: number): Pick<ColumnProfile, 'mean' | 'deviation'> =>
  Number.isFinite(mean) && Number.isFinite(deviation) ? { mean, deviation } : {}

const pairs = <T>(values: readonly T[]) => values.map((value, index) => [QUANTILES[index]!, value] as const)

/** Factor from a stored number to the profile's unit. */
function unitOf({ kind, parameters }: ScalarSpec): number {
  if (kind === 'date') return MILLISECONDS_PER_DAY
  return kind === 'decimal' ? 10 ** -parameters![1]! : 1
}

function leafOf(spec: ElementSpec): ScalarSpec {
  return spec.kind === 'list' ? leafOf(spec.element) : spec
}

function profileValue({ kind, parameters }: ScalarSpec, value: StoredValue): ProfileValue {
  if (typeof value === 'string') return shortened(value)
  switch (kind) {
    case 'boolean':
      return value === 1
    case 'timestamp':
      return new Date(Number(value)).toISOString()
    case 'date':
      return new Date(Number(value) * MILLISECONDS_PER_DAY).toISOString().slice(0, 10)
    case 'decimal':
      return decimalText(BigInt(value), { scale: parameters![1]! })
    case 'int64':
      return Number.isSafeInteger(value) ? (value as number) : String(BigInt(value))
    default:
      return Number(value)
  }
}

function shortened(text: string): string {
  return text.length <= PROFILE_TEXT_CHARACTERS
    ? text
    : `${text.slice(0, PROFILE_TEXT_CHARACTERS - 1).toWellFormed()}…`
}
