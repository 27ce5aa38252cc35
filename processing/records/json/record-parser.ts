import type { KnownTexts } from '../../parquet/known-texts.ts'
import { RecordMemory } from './record-memory.ts'
import { shapeWriter, sharedOperations, spacingOf, type RecordShape } from './record-shape.ts'

/** Maximum number of shapes that are known at a time. */
const MAX_SHAPES = 12
/** Maximum number of lines that are looked at for a shape; when they are used up, nothing more is learnt. */
const MAX_LESSONS = 64
/** Records that are tried before it is decided whether trying pays. */
const TRIAL = 256
/** Records that are skipped if it does not. */
const PAUSE = 4096

/** Parses lines fast whose shape (keys and their order) it has learnt from earlier lines. */
export interface RecordParser {
  /** Sets the bytes that positions refer to. They must not change until the next call. */
  open(bytes: Buffer): void
  /**
   * Returns the record in the line at position `start`, equal to the one that `readJson` returns; undefined if
   * `readJson` has to parse the line, or to say what is wrong with it. Shapes that were learnt only change how long a
   * line takes.
   */
  parse(start: number): unknown
  /** Position of the newline behind the last record that was parsed. */
  readonly end: number
  /** Texts of the records that were parsed last. */
  readonly known: KnownTexts
  /** Learns the shape of a record that `readJson` had to parse, from the line that it stands in. */
  learn(record: unknown, bytes: Buffer, start: number, end: number): void
}

/** Makes a parser that learns the shapes of records. It pauses while few lines have a known shape. */
export function recordParser(memory = new RecordMemory()): RecordParser {
  const writeShape = shapeWriter(memory)
  /** Those that fitted last come first. */
  const shapes: RecordShape[] = []
  const names = new Set<string>()
  let lessons = MAX_LESSONS
  let tried = 0
  let hits = 0
  let end = 0

  return {
    known: memory.known,
    get end() {
      return end
    },
    open(bytes) {
      memory.open(bytes)
    },
    parse(start) {
      if (shapes.length === 0 || (tried >= TRIAL && isPausing())) return undefined
      const distance = memory.distanceAt(start)
      if (distance === 0) return undefined
      tried++
      const newline = parseAt(start + distance)
      if (newline < 0) return undefined
      hits++
      end = newline - distance
      return shapes[0]!.make()
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
      const shape = writeShape(record as object, spacing)
      if (shape) shapes.push(shape)
    },
  }

  /** True while records are skipped. They count as tried, up to the end of the pause. */
  function isPausing(): boolean {
    if (hits * 2 < TRIAL && tried++ < PAUSE) return true
    tried = hits = 0
    return false
  }

  /**
   * Tries one shape after the other, and puts the one that fits in front. Returns the position of the newline behind
   * the record, or -1 if none fits.
   */
  function parseAt(start: number): number {
    let newline = memory.parse(shapes[0]!.position, 0, start)
    for (let index = 1; newline < 0; index++) {
      const failed = shapes[index - 1]!
      const shape = shapes[index]
      const operation = memory.failedOperation
      const goesOn = shape !== undefined && sharedOperations(shape, failed) >= operation
      if (!goesOn) memory.forget(failed.position)
      if (shape === undefined) return newline
      newline = goesOn
        ? memory.parse(shape.position, operation, memory.failedPosition)
        : memory.parse(shape.position, 0, start)
      if (newline >= 0) bringToFront(index)
    }
    return newline
  }

  function bringToFront(index: number): void {
    const [shape] = shapes.splice(index, 1)
    shapes.unshift(shape!)
  }
}

/** Deepest nesting of objects that is worth learning. */
const MAX_DEPTH = 8

/** Returns the keys of a record as text, or undefined if it holds more than is worth learning. */
function describe(value: unknown, depth = 1): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  if (depth > MAX_DEPTH) return undefined
  const keys: string[] = []
  for (const [key, field] of Object.entries(value)) {
    const isObject = typeof field === 'object' && field !== null && !Array.isArray(field)
    const inner = isObject ? describe(field, depth + 1) : ''
    if (inner === undefined) return undefined
    keys.push(`${JSON.stringify(key)}${inner}`)
  }
  return `{${keys.join()}}`
}
