import {
  CLOSE_OBJECT,
  DOUBLE,
  END,
  INT,
  LATIN1,
  MAX_OPERATIONS,
  NULL,
  NUMBERS,
  OPERATION_BYTES,
  READ_OBJECT,
  READ_VALUE,
  SLOTS,
  SLOT_BYTES,
} from './record-layout.ts'
import type { KnownTexts } from '../../parquet/known-texts.ts'
import type { RecordMemory } from './record-memory.ts'
import { slotReader, type SlotReader } from './slot-reader.ts'

/** Bytes that are compared at once. */
const PIECE = 16

/** White space between the keys and values of objects, as writers of JSON put it. */
export interface Spacing {
  /** After a colon. */
  readonly colon: '' | ' '
  /** After a comma. */
  readonly comma: '' | ' '
}

/** Tells the white space of a line from what stands around its first two keys. */
export function spacingOf(sample: object, line: string): Spacing {
  const [first, second] = Object.keys(sample).map((key) => JSON.stringify(key))
  return {
    colon: line.startsWith(`{${first}: `) ? ' ' : '',
    comma: line.includes(`, ${second}:`) ? ' ' : '',
  }
}

/** A shape of records in the parser's memory. */
export interface RecordShape {
  /** Position of its operations. */
  readonly position: number
  readonly operations: readonly Operation[]
  /** Makes a record of the values that were read last. */
  readonly make: () => unknown
  /** Number of shapes that were learnt before. */
  readonly number: number
  /** For each of those, the number of first operations in common. */
  readonly shared: readonly number[]
}

/** Step of the parser: expects a text, and reads what stands behind it. */
interface Operation {
  readonly kind: number
  readonly text: string
  /** Number of the operation behind an object. */
  behind: number
  /**
   * Place among the known and the cached texts, for a field that is a text or a list that may hold some.
   * @default no text is expected
   */
  readonly place?: number | undefined
}

/**
 * Writes a shape to memory for records that look like `sample`: the same keys in the same order, objects or null where
 * it has objects, white space as `spacing` tells. Undefined for a sample with an empty object, a key `__proto__`, or
 * more values or text than there is room for.
 */
export type WriteShape = (sample: object, spacing: Spacing) => RecordShape | undefined

/**
 * Makes a writer of shapes. The values of a record are put together by source text that names each of its slots in an
 * object literal, which is several times as fast as anything that loops over a description of the shape.
 */
export function shapeWriter(memory: RecordMemory): WriteShape {
  const reader = slotReader(memory)
  const shapes: RecordShape[] = []
  return (sample, spacing) => {
    const operations: Operation[] = []
    const literal = emitObject(sample, { spacing, known: memory.known }, [], operations)
    operations.push({ kind: END, text: '}', behind: 0 })
    if (literal === undefined || operations.length > MAX_OPERATIONS) return undefined
    const position = writeOperations(operations, memory)
    if (position === 0) return undefined
    const shape = {
      position,
      operations,
      make: compileLiteral(literal, memory, reader),
      number: shapes.length,
      shared: shapes.map((before) => countShared(operations, before.operations)),
    }
    shapes.push(shape)
    return shape
  }
}

/** Counts the first operations of a shape that it shares with another: where that one fails, it can go on. */
export function sharedOperations(one: RecordShape, other: RecordShape): number {
  return one.shared[other.number] ?? other.shared[one.number]!
}

type MakeMaker = (memory: RecordMemory, reader: SlotReader) => RecordShape['make']

function compileLiteral(literal: string, memory: RecordMemory, reader: SlotReader): RecordShape['make'] {
  const source = `
    const { int32, float64 } = memory
    const { fieldText, numbers, value } = reader
    return () => (${literal})`
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- keys are quoted by JSON.stringify
  const make = new Function('memory', 'reader', source) as MakeMaker
  return make(memory, reader)
}

/** Counts the first operations that two shapes have in common: up to there, one can go on where the other fails. */
function countShared(one: readonly Operation[], other: readonly Operation[]): number {
  const differ = one.findIndex(
    ({ kind, text }, index) => other[index]?.kind !== kind || other[index].text !== text,
  )
  return differ < 0 ? one.length : differ
}

/**
 * Emits the operations that read an object; returns the expression that makes it, or undefined if it cannot be read.
 */
function emitObject(
  sample: object,
  writing: { readonly spacing: Spacing; readonly known: KnownTexts },
  path: readonly string[],
  operations: Operation[],
): string | undefined {
  const { spacing, known } = writing
  const fields: string[] = []
  for (const [key, value] of Object.entries(sample)) {
    // In a literal it would set the prototype.
    if (key === '__proto__') return undefined
    const name = JSON.stringify(key)
    const before = fields.length === 0 ? '{' : `,${spacing.comma}`
    const text = `${before}${name}:${spacing.colon}`
    const operation = { text, behind: 0 }
    const slot = (SLOTS + SLOT_BYTES * operations.length) / 4
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      const start: Operation = { ...operation, kind: READ_OBJECT }
      operations.push(start)
      const object = emitObject(value as object, writing, [...path, key], operations)
      if (object === undefined) return undefined
      operations.push({ ...operation, kind: CLOSE_OBJECT, text: '}' })
      start.behind = operations.length
      fields.push(`${name}: int32[${slot}] === ${NULL} ? null : ${object}`)
    } else {
      const place = mayHoldText(value) ? known.placeOf(JSON.stringify([...path, key])) : undefined
      operations.push({ ...operation, kind: READ_VALUE, place })
      fields.push(`${name}: ${expressionOf(value, slot, place)}`)
    }
  }
  return fields.length === 0 ? undefined : `{ ${fields.join(', ')} }`
}

/** True for a text, and for a list that is not of numbers alone. */
function mayHoldText(sample: unknown): boolean {
  if (!Array.isArray(sample)) return typeof sample === 'string'
  return sample.length === 0 || sample.some((element) => typeof element !== 'number')
}

/** Returns the expression that makes the value of a slot. It tries the kind of the sample's value first. */
function expressionOf(sample: unknown, slot: number, place: number | undefined): string {
  const [kind, made] = expectedOf(sample, slot, place)
  return `int32[${slot}] === ${kind} ? ${made} : value(${slot})`
}

function expectedOf(sample: unknown, slot: number, place: number | undefined): [kind: number, made: string] {
  if (typeof sample === 'string') return [LATIN1, `fieldText(${slot}, ${place})`]
  if (Array.isArray(sample)) return [NUMBERS, `numbers(${slot})`]
  const isInt = typeof sample === 'number' && (sample | 0) === sample && !Object.is(sample, -0)
  if (isInt) return [INT, `int32[${slot + 1}]`]
  return typeof sample === 'number' ? [DOUBLE, `float64[${slot / 2 + 1}]`] : [NULL, 'null']
}

/** Writes operations and their texts to memory. Returns their position, or 0 if there is no room. */
function writeOperations(operations: readonly Operation[], memory: RecordMemory): number {
  const texts = operations.map(({ text }) => Buffer.from(text))
  const pieces = texts.reduce((sum, text) => sum + Math.ceil(text.length / PIECE), 0)
  const position = memory.takeShape(operations.length * OPERATION_BYTES + pieces * 2 * PIECE)
  if (position === 0) return 0
  let end = position + operations.length * OPERATION_BYTES
  for (const [index, { kind, behind, place }] of operations.entries()) {
    const text = texts[index]!
    const extra = place === undefined ? behind : memory.cacheOf(place)
    memory.int32.set([kind, text.length, end, extra], (position + index * OPERATION_BYTES) / 4)
    for (let at = 0; at < text.length; at += PIECE, end += 2 * PIECE) {
      const piece = text.subarray(at, at + PIECE)
      memory.bytes.set(piece, end)
      memory.bytes.fill(255, end + PIECE, end + PIECE + piece.length)
    }
  }
  return position
}
