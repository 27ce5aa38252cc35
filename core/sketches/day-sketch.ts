import { glueType, type ColumnSpec } from '../columns.ts'
import { decodeDocument, encodeDocument, type DocumentKind } from '../documents.ts'
import {
  mergeColumn,
  newColumnSketch,
  valueCounts,
  type ColumnPart,
  type ColumnSketch,
  type Moments,
  type NumbersPart,
  type StoredValue,
} from './column-sketch.ts'
import { entriesIn, registersText } from './distinct.ts'

/** Statistics of the rows that one shard of raw data gave. A worker makes it, the job's main thread merges it. */
export interface ShardPart {
  /** Number of rows. */
  readonly rows: number
  /** Statistics of each column, in the order of the columns. */
  readonly columns: readonly ColumnPart[]
  /** For each counted check, the number of values that it applies to and of those that fail it. */
  readonly counted: readonly Counted[]
}

/** Number of values that a check applies to, and of those that fail it. */
export interface Counted {
  /** Identity of the check, from `identityOf`. */
  readonly id: string
  /** Number of values that the check applies to; nulls do not count. */
  readonly values: number
  /** Number of those values that fail the check. */
  readonly failed: number
}

/** Mergeable statistics of the rows of one or several attempts at a day, from which its profile is made. */
export interface DaySketch {
  /** Number of rows. */
  rows: number
  /** Statistics by column name. */
  readonly columns: Map<string, TypedSketch>
  /** Counts of failing values, by `identityOf` the check. A check that did not count all of the rows is left out. */
  counted: Map<string, Counted>
}

interface TypedSketch {
  /** Type in Athena's DDL. */
  readonly type: string
  readonly sketch: ColumnSketch
}

/** Returns a sketch without rows, to merge the statistics of shards into. */
export const newDaySketch = (columns: readonly ColumnSpec[]): DaySketch => ({
  rows: 0,
  columns: new Map(
    columns.map((column) => [column.name, { type: glueType(column), sketch: newColumnSketch() }]),
  ),
  counted: new Map(),
})

/**
 * Adds the statistics of a shard's rows to a sketch, which it changes in place. The columns of both must be the same.
 */
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

/**
 * A sketch as stored beside the manifest, `state/<table>/day_partition=<date>/profile-….json.gz`. The job stages it,
 * PublishDay copies it there and merges all sketches of the day into the profile.
 */
export interface StoredSketch {
  /** Number of rows. */
  readonly rows: number
  /** Statistics of each column, in the order of the columns. */
  readonly columns: readonly StoredColumn[]
  /** Counts of failing values, one for each check whose values the job counts. */
  readonly counted: readonly Counted[]
}

interface StoredColumn extends Omit<ColumnPart, 'entries' | 'top'> {
  readonly name: string
  readonly type: string
  readonly registers: string
  readonly top: readonly (readonly [StoredValue, number])[]
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

/** Encodes a sketch as the gzipped JSON that is stored beside the manifest. */
export function encodeSketch({ rows, columns, counted }: DaySketch): Buffer {
  const stored = [...columns].map(([name, { type, sketch }]) => storedColumn(name, type, sketch))
  return encodeDocument({ rows, columns: stored, counted: [...counted.values()] }, SKETCH)
}

/**
 * Decodes a sketch that this release or an older one wrote.
 *
 * @param key where the bytes came from, for the message
 * @throws DayfoldError CorruptState if the bytes are no sketch, or a newer release wrote them
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

/**
 * Merges the stored sketches of a day's attempts, in the order of their rows. A column that a sketch lacks counts as
 * null there; one whose type differs between sketches is left out.
 */
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
  const counts = valueCounts(top.map(([value, count]) => [fromJson(value), count]))
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

/** JSON has no bigint; it is stored as a list of one text. */
const toJson = (value: StoredValue) =>
  (typeof value === 'bigint' ? [String(value)] : value) as Exclude<StoredValue, bigint>
const fromJson = (value: StoredValue): StoredValue =>
  Array.isArray(value) ? BigInt((value as readonly string[])[0]!) : value
