// Bytes that mean something in a line. This file is compiled twice: as TypeScript, and as AssemblyScript.

/** Tab: white space within a line. */
export const TAB = 9
/** LF: ends a line. */
export const NEWLINE = 10
/** CR: white space in front of an LF. In an object without LF, it ends lines. */
export const RETURN = 13
/** Space: white space within a line. */
export const SPACE = 32
/** `"`: begins and ends a string. */
export const QUOTE = 34
/** `,`: separates elements and properties. */
export const COMMA = 44
/** `-`: begins a negative number. */
export const MINUS = 45
/** `0`: a digit XOR this byte is its value. */
export const ZERO = 48
/** `:`: separates a key from its value. */
export const COLON = 58
/** `[`: begins a list. */
export const OPEN_LIST = 91
/** `\`: escapes the next character of a string. */
export const BACKSLASH = 92
/** `]`: ends a list. */
export const CLOSE_LIST = 93
/** `{`: begins an object. */
export const OPEN_OBJECT = 123
/** `}`: ends an object. */
export const CLOSE_OBJECT = 125
