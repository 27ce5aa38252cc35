import { glueType, type ColumnSpec } from '../columns.ts'
import { decodeDocument, encodeDocument, type DocumentKind } from '../documents.ts'
import {
  mergeColumn,
  newColumnSketch,
  type ColumnPart,
  type ColumnSketch,
  type Moments,
  type NumbersPart,
  type StoredValue,
} from './column-sketch.ts'
import { entriesIn, registersText } from './distinct.ts'

/** What is told of the rows of a shard. */
export interface ShardPart {
  readonly rows: number
  /** In the order of the columns. */
  readonly columns: readonly ColumnPart[]
  /** Of each check that counts, the values that it was about and those that fail it. */
  readonly counted: readonly Counted[]
}

/** How many values a check that counts them has seen, and how many of these fail it. */
export interface Counted {
  readonly id: string
  readonly values: number
  readonly failed: number
}

/** The values of an attempt's rows, or of several. */
export interface DaySketch {
  rows: number
  /** By name. */
  readonly columns: Map<string, TypedSketch>
  /** By the identity of the check. One that did not count all of the rows is not there. */
  counted: Map<string, Counted>
}

interface TypedSketch {
  /** As Athena's DDL has it. */
  readonly type: string
  readonly sketch: ColumnSketch
}

/** A sketch of no rows. */
export const newDaySketch = (columns: readonly ColumnSpec[]): DaySketch => ({
  rows: 0,
  columns: new Map(
    columns.map((column) => [column.name, { type: glueType(column), sketch: newColumnSketch() }]),
  ),
  counted: new Map(),
})

/** Takes in what is told of a shard's rows. */
export function mergeShard(day: DaySketch, { rows, columns, counted }: ShardPart): void {
  day.rows += rows
  let index = 0
  for (const { sketch } of day.columns.values()) mergeColumn(sketch, columns[index++]!)
  for (const counts of counted) day.counted.set(counts.id, plus(counts, day.counted.get(counts.id)))
}

const plus = ({ id, values, failed }: Counted, other: Counted | undefined): Counted => ({
  id,
  values: values + (other?.values ?? 0),
  failed: failed + (other?.failed ?? 0),
})

/** The sketch of an attempt's rows, as it is stored beside the manifest. */
export interface StoredSketch {
  readonly rows: number
  readonly columns: readonly StoredColumn[]
  readonly counted: readonly Counted[]
}

interface StoredColumn extends Omit<ColumnPart, 'entries'> {
  readonly name: string
  readonly type: string
  readonly registers: string
}

const SKETCH: DocumentKind<StoredSketch> = {
  name: 'a sketch of a profile',
  version: 1,
  saysVersion: true,
  isGzipped: true,
  fields: { rows: 'number', columns: 'list', counted: 'list' },
  remedy: 'The day has no profile until it is rebuilt.',
  mendedBy: 'rebuild',
}

/** The bytes of a sketch. */
export function encodeSketch({ rows, columns, counted }: DaySketch): Buffer {
  const stored = [...columns].map(([name, { type, sketch }]) => storedColumn(name, type, sketch))
  return encodeDocument({ rows, columns: stored, counted: [...counted.values()] }, SKETCH)
}

/**
 * The sketch that `encodeSketch` wrote.
 *
 * @param key where the bytes came from, for the message
 * @throws DayfoldError CorruptState for bytes that are something else, or were written by a newer release
 */
export const decodeSketch = (bytes: Uint8Array, key: string) => decodeDocument(bytes, key, SKETCH)

function storedColumn(name: string, type: string, sketch: ColumnSketch): StoredColumn {
  const { nulls, values, min, max, numbers, lengths, registers, top, missed } = sketch
  return {
    ...{ name, type, nulls, values, missed },
    ...(min !== undefined && { min: toJson(min), max: toJson(max!) }),
    ...(numbers && { numbers: stored(numbers) }),
    ...(lengths && { lengths: { ...stored(lengths), min: lengths.min, max: lengths.max } }),
    registers: registersText(registers),
    top: [...top].map(([value, count]) => [toJson(value), count] as const),
  }
}

const stored = ({ count, mean, squares, quantiles }: Moments): NumbersPart => ({
  ...{ count, mean, squares },
  sampled: quantiles.sampled(),
})

/** Merges stored sketches, given in the order of their rows. A column that one of them does not have was null there. */
export function mergeStored(sketches: readonly StoredSketch[]): DaySketch {
  const day: DaySketch = { rows: 0, columns: new Map(), counted: new Map() }
  const types = new Map<string, Set<string>>()
  for (const { columns } of sketches)
    for (const { name, type } of columns) types.set(name, (types.get(name) ?? new Set()).add(type))
  for (const [name, [type, ...others]] of types)
    if (others.length === 0) day.columns.set(name, { type: type!, sketch: newColumnSketch() })
  for (const { rows, columns } of sketches) {
    day.rows += rows
    const byName = new Map(columns.map((column) => [column.name, column]))
    for (const [name, { sketch }] of day.columns) {
      const column = byName.get(name)
      if (column) mergeColumn(sketch, partOf(column))
      else sketch.nulls += rows
    }
  }
  day.counted = countedByAll(sketches)
  return day
}

function partOf({ registers, min, max, top, ...column }: StoredColumn): ColumnPart {
  const counts = top.map(([value, count]) => [fromJson(value), count] as const)
  const bounds = min === undefined ? {} : { min: fromJson(min), max: fromJson(max!) }
  return { ...column, ...bounds, top: counts, entries: [entriesIn(registers)] }
}

function countedByAll(sketches: readonly StoredSketch[]): Map<string, Counted> {
  const filled = sketches.filter(({ rows }) => rows > 0)
  const sums = new Map<string, Counted>()
  for (const { counted } of filled)
    for (const counts of counted) sums.set(counts.id, plus(counts, sums.get(counts.id)))
  const isWhole = (id: string) => filled.every(({ counted }) => counted.some((counts) => counts.id === id))
  return new Map([...sums].filter(([id]) => isWhole(id)))
}

/** JSON has no bigint: a list of its digits stands for it. */
const toJson = (value: StoredValue) =>
  (typeof value === 'bigint' ? [String(value)] : value) as Exclude<StoredValue, bigint>
const fromJson = (value: StoredValue): StoredValue =>
  Array.isArray(value) ? BigInt((value as readonly string[])[0]!) : value
