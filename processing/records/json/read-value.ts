import { QUOTE, COMMA, MINUS, OPEN_LIST, CLOSE_LIST, SPACE } from '../../read/bytes.ts'
import { FAILED, type Cursor } from './cursor.ts'
import { readNumber } from './read-number.ts'
import { readString, stringCache } from './read-string.ts'

/**
 * Reads the value at position `start` for one field of records. Sets the cursor's position to {@link FAILED} if it
 * cannot.
 */
export type ReadValue = (cursor: Cursor, start: number) => unknown

const word = (text: string) => Buffer.from(text).readInt32LE()
const TRUE = word('true')
const NULL = word('null')
const ALSE = word('alse')
const MAX_DEPTH = 8

/**
 * Makes a reader of scalars and of lists of them, up to 8 levels deep, for one field of records. It keeps the strings
 * that it has read.
 *
 * @param depth number of lists around the value
 */
export function valueReader(depth = 0): ReadValue {
  const strings = stringCache()
  let readList: ReadValue | undefined
  return (cursor, start) => {
    const first = cursor.bytes[start]!
    if ((first ^ 48) < 10 || first === MINUS) return readNumber(cursor, start)
    if (first === QUOTE) return readString(cursor, start + 1, strings)
    if (first === OPEN_LIST) {
      readList ??= depth < MAX_DEPTH ? listReader(depth + 1) : fail
      return readList(cursor, start)
    }
    return readWord(cursor, start)
  }
}

function readWord(cursor: Cursor, start: number): boolean | null {
  const four = cursor.view.getInt32(start, true)
  cursor.position = start + 4
  if (four === TRUE) return true
  if (four === NULL) return null
  if (cursor.bytes[start] === 102 && cursor.view.getInt32(start + 1, true) === ALSE) {
    cursor.position = start + 5
    return false
  }
  cursor.position = FAILED
  return null
}

/**
 * Makes a reader of lists for one field of records. Elements are gathered in an array that is used again, and copied
 * out at once.
 *
 * @param depth number of lists around an element
 */
export function listReader(depth = 1): ReadValue {
  const gathered: unknown[] = []
  let readElement: ReadValue | undefined
  return (cursor, start) => {
    const { bytes } = cursor
    let position = start + 1
    if (bytes[position] === CLOSE_LIST) {
      cursor.position = position + 1
      return []
    }
    for (let index = 0; ; index++) {
      const first = bytes[position]!
      if ((first ^ 48) < 10 || first === MINUS) gathered[index] = readNumber(cursor, position)
      else gathered[index] = (readElement ??= valueReader(depth))(cursor, position)
      position = cursor.position
      if (position < 0) return fail(cursor)
      const next = bytes[position++]
      if (next === COMMA) {
        if (bytes[position] === SPACE) position++
        continue
      }
      if (next !== CLOSE_LIST) return fail(cursor)
      cursor.position = position
      return gathered.slice(0, index + 1)
    }
  }
}

function fail(cursor: Cursor): undefined {
  cursor.position = FAILED
  return undefined
}
