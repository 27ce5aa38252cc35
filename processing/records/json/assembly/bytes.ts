import { MINUS, ZERO } from '../../../read/bytes'

export const PLUS: u8 = 43
export const DOT: u8 = 46
/** The letter that begins an exponent, and false. */
export const LETTER_E: u8 = 101
export const LETTER_F: u8 = 102
/** The letter of an escape by its number. */
export const LETTER_U: u8 = 117

// Words as numbers, the first byte lowest.

export const WORD_NULL: u32 = 0x6c6c756e
export const WORD_TRUE: u32 = 0x65757274
export const WORD_ALSE: u32 = 0x65736c61

/** True if a byte begins a number. */
export function beginsNumber(byte: u8): bool {
  return (byte ^ ZERO) < 10 || byte == MINUS
}
