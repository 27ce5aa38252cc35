import {
  BIGINT,
  DIGITS,
  DOUBLE,
  FALSE,
  INT,
  LATIN1,
  LIST,
  LISTS,
  NUMBERS,
  SLOT_BYTES,
  TEXTS,
  TRUE,
  UNCACHED,
  UTF16,
} from './record-layout.ts'
import type { RecordMemory } from './record-memory.ts'

/** Longest text that is made character by character: the runtime is faster at longer ones. */
const SHORT = 24
/** Numbers of 32 bits in a slot. */
const WORDS = SLOT_BYTES / 4
const INTEGER = /^-?\d+$/

/** Makes values of the slots that a record was parsed to. A slot is given by its index among numbers of 32 bits. */
export interface SlotReader {
  /** Reads a text of Latin-1 that is a field of the record, and notes it at a place among the known ones. */
  readonly fieldText: (slot: number, place: number) => string
  /** Reads a list of numbers. */
  readonly numbers: (slot: number) => number[]
  /** Reads any value but an object. */
  readonly value: (slot: number) => unknown
}

/** Makes a reader of slots. It keeps the strings of the texts that the parser has cached. */
export function slotReader(memory: RecordMemory): SlotReader {
  const { bytes, int32, float64, bigInt64, known } = memory
  const strings: string[] = []
  /** Used again for each list, which is copied out at once. Begins with a fraction, so that it holds doubles. */
  const gathered = [0.5]
  /** Slot of the next element of a list. */
  let next = 0
  return { fieldText, numbers, value }

  function fieldText(slot: number, place: number): string {
    const made = text(slot)
    const start = int32[slot + 2]!
    // Other texts had to be decoded.
    if (start < TEXTS) known.put(place, made, start)
    return made
  }

  function text(slot: number): string {
    const place = int32[slot + 1]!
    if (place >= 0) return strings[place] ?? ''
    const start = int32[slot + 2]!
    const length = int32[slot + 3]!
    const made =
      length > SHORT ? bytes.toString('latin1', start, start + length) : makeText(bytes, start, length)
    if (place < UNCACHED) strings[UNCACHED - 1 - place] = made
    return made
  }

  function numbers(slot: number): number[] {
    return numbersAt(LISTS / 4 + int32[slot + 2]! * WORDS, int32[slot + 1]!)
  }

  function numbersAt(first: number, length: number): number[] {
    for (let index = 0, at = first / 2 + 1; index < length; index++, at += WORDS / 2) {
      gathered[index] = float64[at]!
    }
    return gathered.slice(0, length)
  }

  function value(slot: number): unknown {
    switch (int32[slot]) {
      case FALSE:
        return false
      case TRUE:
        return true
      case INT:
        return int32[slot + 1]
      case DOUBLE:
        return float64[slot / 2 + 1]
      case BIGINT:
        return bigInt64[slot / 2 + 1]
      case DIGITS:
        return digits(int32[slot + 2]!, int32[slot + 3]!)
      case LATIN1:
        return text(slot)
      case UTF16:
        return bytes.toString('utf16le', int32[slot + 2], int32[slot + 2]! + 2 * int32[slot + 3]!)
      case NUMBERS:
        return numbers(slot)
      case LIST:
        next = LISTS / 4 + int32[slot + 2]! * WORDS
        return elements(int32[slot + 1]!)
      default:
        return null
    }
  }

  /** Reads the elements of a list. Those of a list within it follow its slot. */
  function elements(length: number): unknown[] {
    const list: unknown[] = []
    while (list.length < length) {
      const slot = next
      next += WORDS
      const kind = int32[slot]
      if (kind === LIST) list.push(elements(int32[slot + 1]!))
      else if (kind === NUMBERS) {
        list.push(numbersAt(next, int32[slot + 1]!))
        next += WORDS * int32[slot + 1]!
      } else list.push(value(slot))
    }
    return list
  }

  function digits(start: number, length: number): number | bigint {
    const text = bytes.toString('latin1', start, start + length)
    return INTEGER.test(text) ? BigInt(text) : Number(text)
  }
}

/**
 * Makes a string of ASCII bytes. The runtime's own functions cost a call out of JavaScript, which is dear for a few
 * characters.
 */
function makeText(bytes: Uint8Array, start: number, length: number): string {
  let text = ''
  let at = start
  const end = start + length
  for (; at + 8 <= end; at += 8) {
    text += String.fromCharCode(
      bytes[at]!,
      bytes[at + 1]!,
      bytes[at + 2]!,
      bytes[at + 3]!,
      bytes[at + 4]!,
      bytes[at + 5]!,
      bytes[at + 6]!,
      bytes[at + 7]!,
    )
  }
  switch (end - at) {
    case 0:
      return text
    case 1:
      return text + String.fromCharCode(bytes[at]!)
    case 2:
      return text + String.fromCharCode(bytes[at]!, bytes[at + 1]!)
    case 3:
      return text + String.fromCharCode(bytes[at]!, bytes[at + 1]!, bytes[at + 2]!)
    case 4:
      return text + String.fromCharCode(bytes[at]!, bytes[at + 1]!, bytes[at + 2]!, bytes[at + 3]!)
    case 5:
      return (
        text + String.fromCharCode(bytes[at]!, bytes[at + 1]!, bytes[at + 2]!, bytes[at + 3]!, bytes[at + 4]!)
      )
    case 6:
      return (
        text +
        String.fromCharCode(
          bytes[at]!,
          bytes[at + 1]!,
          bytes[at + 2]!,
          bytes[at + 3]!,
          bytes[at + 4]!,
          bytes[at + 5]!,
        )
      )
    default:
      return (
        text +
        String.fromCharCode(
          bytes[at]!,
          bytes[at + 1]!,
          bytes[at + 2]!,
          bytes[at + 3]!,
          bytes[at + 4]!,
          bytes[at + 5]!,
          bytes[at + 6]!,
        )
      )
  }
}
