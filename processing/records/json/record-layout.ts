/**
 * Layout of the memory that the parser of records works in, in bytes, and what it writes there. This file is compiled
 * twice: as TypeScript, and as AssemblyScript by `npm run assembly`.
 */

/** Tables of the compiled code begin here. */
export const TABLES = 1024
/** Operation at which the last record failed, counted from the first, and position of that operation's bytes. */
export const FAILURE = 8192
/** Window of raw bytes: whole lines. */
export const WINDOW = FAILURE + 64
/** Length of the longest line that is parsed here, with its newline. */
export const WINDOW_BYTES = 1 << 18
/** Text that had to be decoded: at most two bytes for each of a line. */
export const TEXTS = WINDOW + WINDOW_BYTES + 64
/** Room for them, and for what is written beyond their end: up to 32 bytes at a time. */
export const TEXT_BYTES = 2 * WINDOW_BYTES + 64
/** Elements of lists, a slot each. */
export const LISTS = TEXTS + TEXT_BYTES
/** Room for 65,536 elements. */
export const LIST_BYTES = 1 << 20
/** Values of a record, a slot for each operation of its shape. */
export const SLOTS = LISTS + LIST_BYTES
/** Bytes of a slot. */
export const SLOT_BYTES = 16
/** Most operations of a shape. */
export const MAX_OPERATIONS = 400
/** Shapes: operations, and the bytes that they expect. */
export const SHAPES = SLOTS + MAX_OPERATIONS * SLOT_BYTES
/** Room for them. */
export const SHAPE_BYTES = 1 << 17
/** Bytes of an operation. */
export const OPERATION_BYTES = 16
/**
 * Short texts that were read last, 256 for a place, in 64 bytes each. Behind a text of at most 31 bytes, the 32nd is
 * their number.
 */
export const CACHES = SHAPES + SHAPE_BYTES
/** Bytes of a place's cached texts. */
export const CACHE_BYTES = 16384
/** Places that texts are cached for. */
export const MAX_CACHES = 64
/** For each of these places, a number that tells if its texts are worth caching. */
export const CREDITS = CACHES + MAX_CACHES * CACHE_BYTES
/** End of the memory. */
export const MEMORY_BYTES = CREDITS + MAX_CACHES * 4

// Kinds of values. A slot is a kind, a number of 32 bits, and 64 bits.

/** Null, alone or for an object. */
export const NULL = 0
/** False. */
export const FALSE = 1
/** True. */
export const TRUE = 2
/** An integer of 32 bits, which the 64 bits hold as a double. */
export const INT = 3
/** A double, in the 64 bits. */
export const DOUBLE = 4
/** A text of a byte a character: place among the cached ones, position, length. A place that is negative is none. */
export const LATIN1 = 5
/** A text of two bytes a character: position, length. */
export const UTF16 = 6
/** A list of nothing but {@link INT} and {@link DOUBLE}: length, index of the first slot. */
export const NUMBERS = 7
/** Any other list. The elements of a list within it follow the slot of that list. */
export const LIST = 8
/** An integer beyond 2^53 - 1, in the 64 bits. */
export const BIGINT = 9
/** A number that is left to the runtime: position, length. */
export const DIGITS = 10
/** An object, whose values have slots of their own. */
export const OBJECT = 11

/** Place of a text that is not cached. */
export const UNCACHED = -1

// Operations: each expects bytes, and does this behind them. An operation is its kind, the number of the bytes, their
// position, and what its kind needs; its slot is the one of its number. The bytes stand in pieces of 16, each with a mask behind it.

/** Reads a value. Needs the position of the place's cached texts, or 0. */
export const READ_VALUE = 0
/** Tells null from an object. Needs the operation behind that object. */
export const READ_OBJECT = 1
/** Does nothing: the end of an object within a record. */
export const CLOSE_OBJECT = 2
/** Ends the record. */
export const END = 3
