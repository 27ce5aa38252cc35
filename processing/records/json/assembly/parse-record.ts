import { NEWLINE, RETURN } from '../../../read/bytes'
import {
  CLOSE_OBJECT,
  FAILURE,
  NULL,
  OBJECT,
  OPERATION_BYTES,
  READ_OBJECT,
  READ_VALUE,
  SLOTS,
  SLOT_BYTES,
} from '../record-layout'
import { WORD_NULL } from './bytes'
import { clearTexts, forgetText } from './read-text'
import { clearLists, forgetLists, readValue } from './read-value'

/** Bytes that are compared at once; a mask of as many follows them. */
const PIECE = 16

/**
 * Parses the record at position `start` by a shape, from one of its operations on: `first` is 0, or the operation at
 * which another shape failed whose operations before it are the same. Returns the position of the newline behind the
 * record, or -1 for a record of another shape.
 */
export function parse(shape: usize, first: i32, start: usize): i32 {
  if (first == 0) {
    clearLists()
    clearTexts()
  }
  let at = start
  let index = first
  while (true) {
    const operation = shape + index * OPERATION_BYTES
    const slot: usize = SLOTS + index * SLOT_BYTES
    store<i32>(FAILURE, index)
    store<i32>(FAILURE + 4, at as i32)
    const length = load<i32>(operation, 4)
    const expected: usize = load<u32>(operation, 8)
    if (differs(at, expected) || (length > PIECE && !holdsRest(at, expected, length))) return -1
    at += length
    const kind = load<i32>(operation)
    index++
    if (kind == READ_VALUE) {
      at = readValue(at, slot, load<u32>(operation, 12), 0)
      if (at == 0) return -1
    } else if (kind == READ_OBJECT) {
      const isNull = load<u32>(at) == WORD_NULL
      store<i32>(slot, isNull ? NULL : OBJECT)
      if (isNull) {
        at += 4
        index = load<i32>(operation, 12)
      }
    } else if (kind != CLOSE_OBJECT) return lineEnd(at)
  }
}

/** Forgets texts that were cached for the last record. It was none, so that nobody has made strings of them. */
export function forget(shape: usize): void {
  const failed = load<i32>(FAILURE)
  for (let index = 0; index < failed; index++) {
    if (load<i32>(shape + index * OPERATION_BYTES) == READ_VALUE) forgetText(SLOTS + index * SLOT_BYTES)
  }
  forgetLists()
}

/** True if the bytes at a position are not those of an expected piece. */
function differs(at: usize, expected: usize): bool {
  const bytes = v128.xor(v128.load(at), v128.load(expected))
  return v128.any_true(v128.and(bytes, v128.load(expected, PIECE)))
}

/** True if the bytes at a position are the expected ones, of which the first piece has been compared. */
function holdsRest(at: usize, expected: usize, length: i32): bool {
  for (let piece = PIECE; piece < length; piece += PIECE) {
    if (differs(at + piece, expected + 2 * piece)) return false
  }
  return true
}

/** Returns the position of the newline if the line ends here, else -1. */
function lineEnd(at: usize): i32 {
  const byte = load<u8>(at)
  if (byte == NEWLINE) return at as i32
  return byte == RETURN && load<u8>(at, 1) == NEWLINE ? (at as i32) + 1 : -1
}
