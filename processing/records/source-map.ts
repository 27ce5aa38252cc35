/** The fields of a source map that are needed to find origins. https://tc39.es/ecma426/ */
export interface SourceMapData {
  /** Paths of the source files. */
  readonly sources: readonly string[]
  /** Ranges of the bundle with their origins, encoded as text. */
  readonly mappings: string
}

/** A place in a source file. Line and column count from 1. */
export interface Place {
  readonly file: string
  readonly line: number
  readonly column: number
}

/**
 * A range of a bundle and its origin. All numbers count from 0: line and column in the bundle; if it has an origin,
 * index of the source file and line and column in it.
 */
export type Segment = readonly [
  line: number,
  column: number,
  source?: number,
  ofLine?: number,
  ofColumn?: number,
]

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const VALUES = new Uint8Array(128)
for (let value = 0; value < DIGITS.length; value++) VALUES[DIGITS.charCodeAt(value)] = value
const [SEMICOLON, COMMA] = [';'.charCodeAt(0), ','.charCodeAt(0)]

/** Decodes the mappings of a source map, range by range, in their order. */
export function* segmentsOf(mappings: string): Generator<Segment> {
  // Column in the bundle, then source, line and column in it, and a name: each is encoded as the difference to the one
  // before.
  const fields: [number, number, number, number, number] = [0, 0, 0, 0, 0]
  let [at, line] = [0, 0]
  while (at < mappings.length) {
    const code = mappings.charCodeAt(at)
    if (code === SEMICOLON) {
      line++
      fields[0] = 0
    }
    if (isEnd(code)) {
      at++
      continue
    }
    let count = 0
    for (; at < mappings.length && !isEnd(mappings.charCodeAt(at)); count++) at = readField(at, count)
    const [column, source, ofLine, ofColumn] = fields
    yield count === 1 ? [line, column] : [line, column, source, ofLine, ofColumn]
  }

  /** Adds a difference to a field. Returns the start of the next one. */
  function readField(start: number, field: number): number {
    let [value, shift, next, more] = [0, 0, start, true]
    for (; more; shift += 5) {
      const digit = VALUES[mappings.charCodeAt(next++)]!
      value |= (digit & 31) << shift
      more = digit >= 32
    }
    fields[field]! += value & 1 ? -(value >>> 1) : value >>> 1
    return next
  }
}

const isEnd = (code: number) => code === SEMICOLON || code === COMMA

/**
 * Encodes ranges as mappings of a source map, which {@link segmentsOf} decodes.
 *
 * @param segments in the order of lines and columns in the bundle
 */
export function mappingsOf(segments: Iterable<Segment>): string {
  const before = [0, 0, 0, 0]
  let [text, row] = ['', 0]
  for (const [line, ...fields] of segments) {
    if (line > row) {
      text += ';'.repeat(line - row)
      row = line
      before[0] = 0
    } else if (text !== '') text += ','
    for (const [index, value] of fields.entries()) {
      text += written(value! - before[index]!)
      before[index] = value!
    }
  }
  return text
}

function written(difference: number): string {
  let [left, text] = [difference < 0 ? (-difference << 1) | 1 : difference << 1, '']
  do {
    text += DIGITS[left > 31 ? (left & 31) | 32 : left]!
    left >>>= 5
  } while (left > 0)
  return text
}

/**
 * Returns the place in the sources that a place in a bundle was made from; undefined if the map does not tell. Decodes
 * the map from its start each time and holds nothing: a table of all places would take more memory than the feature
 * code itself.
 *
 * @param line from 1
 * @param column from 1
 */
export function originOf(
  { sources, mappings }: SourceMapData,
  line: number,
  column: number,
): Place | undefined {
  let found: Segment | undefined
  for (const segment of segmentsOf(mappings)) {
    if (segment[0] > line - 1 || (segment[0] === line - 1 && segment[1] > column - 1)) break
    found = segment
  }
  if (found?.[0] !== line - 1 || found[2] === undefined) return undefined
  return { file: sources[found[2]]!, line: found[3]! + 1, column: found[4]! + 1 }
}
