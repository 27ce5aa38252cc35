import { isBlank } from './blanks.ts'
import { CLOSE_OBJECT, NEWLINE, OPEN_OBJECT, RETURN } from './bytes.ts'
/** Bytes that are looked at if the first line is not a record. */
const SAMPLE_BYTES = 64 * 1024
/** Maximum number of its lines that are looked at. */
const SAMPLE_LINES = 100
/** Longest text that is parsed to count the elements of an array. */
const MAX_PARSED_BYTES = 32 * 1024 * 1024
const ONE_A_LINE = 'one record a line is expected'

/**
 * Returns the reason, in words, why decoded bytes are not JSON Lines but something else, such as a JSON array or CSV;
 * undefined if they are JSON Lines. Broken lines alone are no reason. If the first line begins and ends like an object,
 * nothing else is examined.
 *
 * @param bytes the object's first decoded bytes, without a byte order mark
 * @param isWhole true if `bytes` is the complete decoded object
 */
export function notJsonLines(bytes: Buffer, isWhole: boolean): string | undefined {
  const start = bytes.subarray(passSpace(bytes))
  if (beginsWithRecord(start)) return undefined
  const lines = sampleLines(start, isWhole)
  const [first = ''] = lines
  const array = first.startsWith('[') ? arrayIn(start, lines, isWhole) : undefined
  if (array !== undefined) return `looks like ${array}: ${ONE_A_LINE}`
  if (isSpread(lines)) return `looks like pretty-printed JSON: ${ONE_A_LINE}`
  if (lines.some((line) => line.startsWith('{')) || mostOf(lines, isJson)) return undefined
  return otherText(lines)
}

function passSpace(bytes: Buffer): number {
  let start = 0
  while (isSpace(bytes[start])) start++
  return start
}

/** True if the first line begins and ends as an object does. */
function beginsWithRecord(bytes: Buffer): boolean {
  if (bytes[0] !== OPEN_OBJECT) return false
  const newline = bytes.indexOf(NEWLINE)
  const lineEnd = newline < 0 ? bytes.indexOf(RETURN) : newline
  if (lineEnd < 0) return true
  let end = lineEnd - 1
  while (isSpace(bytes[end])) end--
  return bytes[end] === CLOSE_OBJECT
}

const isSpace = (byte: number | undefined) => isBlank(byte) || byte === NEWLINE

/**
 * Returns the first lines that are not blank, trimmed. A line that goes beyond the sample is left out, unless it is the
 * only one.
 */
function sampleLines(bytes: Buffer, isWhole: boolean): string[] {
  const sample = bytes.toString('utf8', 0, SAMPLE_BYTES)
  const lines = sample.split(/[\n\r]/, SAMPLE_LINES)
  const isCut = lines.length < SAMPLE_LINES && (bytes.length > SAMPLE_BYTES || !isWhole)
  if (isCut && lines.length > 1) lines.pop()
  return lines.map((line) => line.trim()).filter((line) => line !== '')
}

/**
 * True if an object is spread over the lines: the first opens it, the second goes on within it. If most other lines are
 * records, the first is merely broken.
 */
function isSpread([first = '', second = '', ...others]: readonly string[]): boolean {
  const goesOn = /^["}\],:\d-]/.test(second) || first.endsWith('[')
  return first.startsWith('{') && goesOn && !mostOf([second, ...others], isRecord)
}

const isRecord = (line: string) => line.startsWith('{') && line.endsWith('}')

/** True if at least half of the lines fulfil a condition. */
function mostOf(lines: readonly string[], holds: (line: string) => boolean): boolean {
  return lines.filter(holds).length * 2 >= lines.length
}

/** Describes the array that a text with a bracket in front is; undefined if it is none. */
function arrayIn(bytes: Buffer, lines: readonly string[], isWhole: boolean): string | undefined {
  const [first = '', second = ''] = lines
  const found = isWhole && bytes.length <= MAX_PARSED_BYTES ? parsed(bytes.toString('utf8')) : undefined
  if (Array.isArray(found)) return `a JSON array, a list of ${found.length}`
  const goesOn = lines.length === 1 ? !isWhole || !isJson(first) : second.startsWith(',')
  return goesOn || first === '[' || first.endsWith(',') ? 'a JSON array' : undefined
}

/** Describes text without lines of JSON. Quotes nothing of it: it may be anybody's data. */
function otherText(lines: readonly string[]): string {
  const [first] = lines as [string]
  if (isBinary(lines.join('\n'))) return `unknown content, which is not text: JSON Lines are expected`
  if (first.startsWith('<')) return `looks like XML or HTML: JSON Lines are expected`
  if (isCsv(lines)) return `looks like CSV: JSON Lines are expected`
  return `text that is not JSON: JSON Lines are expected`
}

/**
 * True for binary content: a NUL, or more control characters and invalid UTF-8 than the one in a hundred that text may
 * have.
 */
function isBinary(text: string): boolean {
  // eslint-disable-next-line no-control-regex -- these are what is looked for
  const strange = text.match(/[\0-\x08\x0e-\x1f\ufffd]/g)?.length ?? 0
  return text.includes('\0') || strange * 100 > text.length
}

function isCsv(lines: readonly string[]): boolean {
  return isTable(lines) || isTable(withoutQuoted(lines))
}

/** Removes quoted text, which may hold newlines, from rows. A row whose quote goes beyond the sample is left out. */
function withoutQuoted(lines: readonly string[]): string[] {
  const [whole, cut] = lines
    .join('\n')
    .replace(/"[^"]*"/g, '')
    .split('"', 2) as [string, string?]
  const rows = whole.split('\n')
  return cut === undefined ? rows : rows.slice(0, -1)
}

/** True if each of several lines has the same number of separators. */
function isTable(lines: readonly string[]): boolean {
  if (lines.length < 2) return false
  return [',', ';', '\t', '|'].some((separator) => {
    const counts = new Set(lines.map((line) => fieldsOf(line, separator)))
    return counts.size === 1 && !counts.has(1)
  })
}

/** Counts the fields of a line of CSV: separators between quotes are none. */
function fieldsOf(line: string, separator: string): number {
  return line.replace(/"[^"]*"/g, '').split(separator).length
}

const isJson = (line: string) => parsed(line) !== undefined

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
