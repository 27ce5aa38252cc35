import { CLOSE_LIST, COMMA, OPEN_LIST, QUOTE, SPACE } from '../../../read/bytes'
import {
  DOUBLE,
  FALSE,
  INT,
  LIST,
  LISTS,
  LIST_BYTES,
  NULL,
  NUMBERS,
  SLOT_BYTES,
  TRUE,
} from '../record-layout'
import { beginsNumber, LETTER_F, WORD_ALSE, WORD_NULL, WORD_TRUE } from './bytes'
import { readNumber } from './read-number'
import { forgetText, readText } from './read-text'

/** Deepest nesting of lists. */
const MAX_DEPTH: u32 = 8

/** Position behind the slots of the record's lists. */
let end: usize = LISTS

/** Begins a record. */
export function clearLists(): void {
  end = LISTS
}

/** Forgets texts of the record's lists that were put among the cached ones now. */
export function forgetLists(): void {
  for (let slot: usize = LISTS; slot < end; slot += SLOT_BYTES) forgetText(slot)
}

/**
 * Reads a scalar or a list into a slot. Returns the position behind it, or 0 for anything else.
 *
 * @param cache position of the place's cached texts; 0 for none
 * @param depth number of lists around the value
 */
export function readValue(at: usize, slot: usize, cache: usize, depth: u32): usize {
  const first = load<u8>(at)
  if (first == QUOTE) return readText(at + 1, slot, cache)
  if (beginsNumber(first)) return readNumber(at, slot)
  if (first == OPEN_LIST) return depth < MAX_DEPTH ? readList(at + 1, slot, cache, depth + 1) : 0
  const word = load<u32>(at)
  if (word == WORD_TRUE) return readWord(at + 4, slot, TRUE)
  if (word == WORD_NULL) return readWord(at + 4, slot, NULL)
  return first == LETTER_F && load<u32>(at, 1) == WORD_ALSE ? readWord(at + 5, slot, FALSE) : 0
}

function readWord(end: usize, slot: usize, kind: i32): usize {
  store<i32>(slot, kind)
  return end
}

/**
 * Reads a list into a slot, and its elements into slots of their own. Returns the position behind it, or 0 for none or
 * more elements than there is room for.
 *
 * @param start position behind the bracket
 * @param cache position of the place's cached texts; 0 for none
 * @param depth number of lists around an element
 */
function readList(start: usize, slot: usize, cache: usize, depth: u32): usize {
  const first = (end - LISTS) / SLOT_BYTES
  let at = start
  let length = 0
  let isNumbers = true
  if (load<u8>(at) == CLOSE_LIST) at++
  else
    while (true) {
      const element = end
      if (element == LISTS + LIST_BYTES) return 0
      end += SLOT_BYTES
      // Most lists are of numbers.
      at = beginsNumber(load<u8>(at)) ? readNumber(at, element) : readValue(at, element, cache, depth)
      if (at == 0) return 0
      length++
      const kind = load<i32>(element)
      isNumbers = isNumbers && (kind == INT || kind == DOUBLE)
      const next = load<u8>(at++)
      if (next == CLOSE_LIST) break
      if (next != COMMA) return 0
      if (load<u8>(at) == SPACE) at++
    }
  store<i32>(slot, isNumbers ? NUMBERS : LIST)
  store<i32>(slot, length, 4)
  store<u32>(slot, first as u32, 8)
  return at
}
