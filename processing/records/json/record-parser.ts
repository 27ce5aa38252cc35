import { NEWLINE, RETURN } from '../../read/bytes.ts'
import { compileParser, spacingOf, type ParseRecord } from './compile-parser.ts'
import { FAILED, type Cursor } from './cursor.ts'
import { MAX_LENGTH } from './read-string.ts'

/** Maximum number of shapes that are known at a time. */
const MAX_SHAPES = 4
/** Maximum number of lines that are looked at for a shape; when they are used up, nothing more is learnt. */
const MAX_LESSONS = 16
/** Records that are tried before it is decided whether trying pays. */
const TRIAL = 256
/** Records that are skipped if it does not. */
const PAUSE = 4096
/** Bytes that a parser may look at after a newline. */
const OVERLOOK = 3

/** Parses lines fast whose shape (keys and their order) it has learnt from earlier lines. */
export interface RecordParser {
  /** Sets the bytes that positions refer to. They must not change until the next call. */
  open(bytes: Buffer): void
  /**
   * Returns the record in the line at position `start`, equal to the one that `readJson` returns; undefined if
   * `readJson` has to parse the line. Shapes that were learnt only change how long a line takes.
   */
  parse(start: number): unknown
  /** Position of the newline behind the last record that was parsed. */
  readonly end: number
  /** Learns the shape of a record that `readJson` had to parse, from the line that it stands in. */
  learn(record: unknown, bytes: Buffer, start: number, end: number): void
}

/**
 * Makes a parser that learns the shapes of short records of printable ASCII, where `JSON.parse` spends most of its time
 * on keys. It pauses while few lines have a known shape.
 */
export function recordParser(): RecordParser {
  const shapes: ParseRecord[] = []
  const names = new Set<string>()
  const cursor: Cursor = { bytes: new Uint8Array(), view: new DataView(new ArrayBuffer(0)), position: FAILED }
  let base = 0
  let lastStart = -1
  let lessons = MAX_LESSONS
  let tried = 0
  let hits = 0
  let end = 0

  return {
    get end() {
      return end
    },
    open(bytes) {
      base = bytes.byteOffset
      if (bytes.buffer !== cursor.bytes.buffer) {
        cursor.bytes = new Uint8Array(bytes.buffer)
        cursor.view = new DataView(bytes.buffer)
      }
      const last = Math.min(bytes.length, bytes.buffer.byteLength - base - OVERLOOK) - 1
      lastStart = last < 0 ? -1 : bytes.lastIndexOf(NEWLINE, last)
    },
    parse(start) {
      if (start > lastStart || shapes.length === 0) return undefined
      if (tried >= TRIAL && isPausing()) return undefined
      tried++
      for (let index = 0; index < shapes.length; index++) {
        const record = shapes[index]!(cursor, base + start)
        const found = lineEnd(cursor)
        if (found < 0) continue
        if (index > 0) bringToFront(index)
        hits++
        end = found - base
        return record
      }
      return undefined
    },
    learn(record, bytes, start, stop) {
      if (lessons === 0 || shapes.length === MAX_SHAPES) return
      lessons--
      const keys = describe(record)
      if (keys === undefined) return
      const spacing = spacingOf(record as object, bytes.toString('utf8', start, stop))
      const name = JSON.stringify([spacing, keys])
      if (names.has(name)) return
      names.add(name)
      const shape = compileParser(record as object, spacing)
      if (shape) shapes.push(shape)
    },
  }

  /** True while records are skipped. They count as tried, up to the end of the pause. */
  function isPausing(): boolean {
    if (hits * 2 < TRIAL && tried++ < PAUSE) return true
    tried = hits = 0
    return false
  }

  function bringToFront(index: number): void {
    const [shape] = shapes.splice(index, 1)
    shapes.unshift(shape!)
  }
}

/** Returns the position of the newline after the record, or {@link FAILED} if there is more in the line. */
function lineEnd({ bytes, position }: Cursor): number {
  if (position < 0) return FAILED
  const next = bytes[position]
  if (next === NEWLINE) return position
  return next === RETURN && bytes[position + 1] === NEWLINE ? position + 1 : FAILED
}

/** Deepest nesting of objects that is worth learning. */
const MAX_DEPTH = 8

/** Returns the keys of a record as text, or undefined if it holds long text or more than is worth learning. */
function describe(value: unknown, depth = 1): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  if (depth > MAX_DEPTH) return undefined
  const keys: string[] = []
  for (const [key, field] of Object.entries(value)) {
    if (typeof field === 'string' && field.length > MAX_LENGTH) return undefined
    const isObject = typeof field === 'object' && field !== null && !Array.isArray(field)
    const inner = isObject ? describe(field, depth + 1) : ''
    if (inner === undefined) return undefined
    keys.push(`${JSON.stringify(key)}${inner}`)
  }
  return `{${keys.join()}}`
}
