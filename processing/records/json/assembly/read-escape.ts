import { LETTER_U } from './bytes'

/** Returns the code unit of an escape, or -1 for none. `at` is the position behind the backslash. */
export function readEscape(at: usize): i32 {
  const letter = load<u8>(at) as i32
  switch (letter) {
    case 34: // "
    case 47: // /
    case 92: // \
      return letter
    case 98: // b
      return 8
    case 102: // f
      return 12
    case 110: // n
      return 10
    case 114: // r
      return 13
    case 116: // t
      return 9
    case LETTER_U:
      return readHex(at + 1)
    default:
      return -1
  }
}

/** Returns the number of four hexadecimal digits, or a negative one for anything else. */
function readHex(at: usize): i32 {
  const high = (digit(load<u8>(at)) << 12) | (digit(load<u8>(at, 1)) << 8)
  return high | (digit(load<u8>(at, 2)) << 4) | digit(load<u8>(at, 3))
}

/** Returns the value of a hexadecimal digit, or -2^16 for none: shifted as far as any digit is, it is still negative. */
function digit(byte: u8): i32 {
  const decimal: u8 = byte ^ 48
  if (decimal < 10) return decimal
  const letter: u8 = (byte | 32) - 97
  return letter < 6 ? 10 + letter : -0x10000
}
