import { MINUS, OPEN_LIST, QUOTE } from '../../read/bytes.ts'
import { FAILED, type Cursor } from './cursor.ts'
import { readNumber } from './read-number.ts'
import { readString, stringCache, type StringCache } from './read-string.ts'
import { listReader, valueReader, type ReadValue } from './read-value.ts'

/**
 * Parses the record that begins at position `start`. If the text has another shape, sets the cursor's position to
 * {@link FAILED}.
 */
export type ParseRecord = (cursor: Cursor, start: number) => unknown

const MAX_KEYS = 200

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

/**
 * Compiles a fast parser for records that look like `sample`: the same keys in the same order, objects where it has
 * objects, white space as `spacing` tells. The parser returns what `readJson` returns for the text. Undefined for a
 * sample with an empty object, a key `__proto__` or more than 200 values.
 *
 * The parser is source text that compares keys four bytes at a time and makes the object with a literal, which is
 * several times as fast as anything that loops over a description of the shape.
 */
export function compileParser(sample: object, spacing: Spacing): ParseRecord | undefined {
  const places: Place[] = []
  const body: string[] = []
  const literal = emitObject(sample, spacing, body, places)
  if (literal === undefined || places.length > MAX_KEYS) return undefined
  const names = places.map((_, index) => `place${index}`)
  const source = `
    const [${names.join(', ')}] = places
    return (cursor, at) => {
      const { bytes, view } = cursor
      let first
      ${body.join('\n')}
      cursor.position = at
      return ${literal}
    }`
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- keys are quoted by JSON.stringify
  const make = new Function('places', 'readNumber', 'readString', source) as MakeParser
  return make(places, readNumber, readString)
}

/** State of the place of a value in records. */
interface Place {
  readonly strings: StringCache
  readonly readList: ReadValue
  /** Reads values of another kind than the sample's. */
  readonly readOther: ReadValue
}

type MakeParser = (
  places: readonly Place[],
  number: typeof readNumber,
  string: typeof readString,
) => ParseRecord

/**
 * Emits statements that read an object at `at`; returns the expression that makes it, or undefined if it cannot be
 * compiled.
 */
function emitObject(sample: object, spacing: Spacing, body: string[], places: Place[]): string | undefined {
  const entries = Object.entries(sample)
  if (entries.length === 0) return undefined
  const fields: string[] = []
  for (const [index, [key, value]] of entries.entries()) {
    // In a literal it would set the prototype.
    if (key === '__proto__') return undefined
    body.push(expect(`${index === 0 ? '{' : `,${spacing.comma}`}${JSON.stringify(key)}:${spacing.colon}`))
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    const expression = isObject
      ? emitObject(value as object, spacing, body, places)
      : emitValue(value, body, places.push(newPlace()) - 1)
    if (expression === undefined) return undefined
    fields.push(`${JSON.stringify(key)}: ${expression}`)
  }
  body.push(expect('}'))
  return `{ ${fields.join(', ')} }`
}

function newPlace(): Place {
  return { strings: stringCache(), readList: listReader(), readOther: valueReader() }
}

/**
 * Emits statements that read the value of a place. They try the kind of the sample's value first: a function for any
 * kind would have to be called, and compiled, for each place.
 */
function emitValue(sample: unknown, body: string[], index: number): string {
  const [value, place] = [`value${index}`, `place${index}`]
  const other = `${place}.readOther(cursor, at)`
  const [test, read] = expected(sample, place)
  body.push(
    'first = bytes[at]',
    `const ${value} = ${test} ? ${read} : ${other}`,
    'at = cursor.position',
    'if (at < 0) return',
  )
  return value
}

/** Returns an expression that recognises a value of the sample's kind by its first byte, and one that reads it. */
function expected(sample: unknown, place: string): [test: string, read: string] {
  if (typeof sample === 'number' || typeof sample === 'bigint')
    return [`(first ^ 48) < 10 || first === ${MINUS}`, 'readNumber(cursor, at)']
  if (typeof sample === 'string')
    return [`first === ${QUOTE}`, `readString(cursor, at + 1, ${place}.strings)`]
  if (Array.isArray(sample)) return [`first === ${OPEN_LIST}`, `${place}.readList(cursor, at)`]
  return ['false', 'undefined']
}

/**
 * Returns a statement that skips these bytes, or fails on others. A load goes at most three bytes past the first that
 * differs.
 */
function expect(text: string): string {
  const bytes = Buffer.from(text)
  const tests: string[] = []
  let offset = 0
  for (; offset + 4 <= bytes.length; offset += 4) {
    tests.push(`view.getInt32(at + ${offset}, true) !== ${bytes.readInt32LE(offset)}`)
  }
  for (; offset < bytes.length; offset++) tests.push(`bytes[at + ${offset}] !== ${bytes[offset]}`)
  return `if (${tests.join(' || ')}) { cursor.position = ${FAILED}; return }\nat += ${bytes.length}`
}
