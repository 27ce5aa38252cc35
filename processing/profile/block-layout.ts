/**
 * Layout of the memory in which blocks of values are profiled, in bytes. This file is compiled twice: as TypeScript, and
 * as AssemblyScript by `npm run assembly`.
 */

/** Number of values that are profiled together: few enough that they and their hashes stay in the processor's cache. */
export const BLOCK = 2048
/** PLAIN bytes of the block. */
export const PLAIN = 1024
/** The values as doubles. */
export const NUMBERS = PLAIN + 8 * BLOCK
/** A hash of 32 bits for each value. */
export const HASHES = NUMBERS + 8 * BLOCK
/** Registers that the block has raised, with their new ranks, 32 bits each. */
export const RISEN = HASHES + 4 * BLOCK
/** PLAIN texts, as many as fit. */
export const TEXT = RISEN + 4 * BLOCK
/** Room for them. */
export const TEXT_BYTES = 1 << 15
/** Number of bytes of the texts that were read last. */
export const TEXT_READ = TEXT + TEXT_BYTES + 64
/** Bytes of a text that is a bound which are kept and compared: as many as a sketch holds. */
export const BOUND_BYTES = 256
/** Least text of the block: its index, its length, its first bytes. */
export const LEAST = TEXT_READ + 64
/** Greatest text of the block. */
export const GREATEST = LEAST + 8 + BOUND_BYTES + 64
/** Memory of the columns. */
export const COLUMNS = GREATEST + 8 + BOUND_BYTES + 64

// Memory of a column: registers, a byte each, then its frequent values.

/** Registers of a column. */
export const REGISTER_BYTES = 1 << 15
/** Most different values of a column that are counted at a time. */
export const MOST = 512
/** Slots of the hash table that finds them, 16 bits each: 0, or the number of a value from 1 on. */
export const SLOTS = 2048
/** Number of values that are counted: 32 bits. */
export const SIZE = REGISTER_BYTES
/** State of the sequence that chooses which values are looked at: 32 bits. */
export const CHANCE = SIZE + 4
/** 1 once there were more different values than are counted: 32 bits. */
export const HAS_MANY = CHANCE + 4
/** 1 if values came, went or moved since this was 0: 32 bits. */
export const HAS_CHANGED = HAS_MANY + 4
/** Greatest count that a dropped value may have had: a double. */
export const MISSED = HAS_CHANGED + 4
/** Hash table. */
export const TABLE = MISSED + 8
/** Hashes of the values, 32 bits each. */
export const VALUE_HASHES = TABLE + 2 * SLOTS
/** Index of each value in the block, 32 bits; -1 if it was found in an earlier one. */
export const FOUND = VALUE_HASHES + 4 * MOST
/** Place of each value among the values when {@link HAS_CHANGED} was 0, 32 bits. */
export const PLACES = FOUND + 4 * MOST
/** Counts of the values, doubles. */
export const COUNTS = PLACES + 4 * MOST
/** Bytes of a column. */
export const COLUMN_BYTES = COUNTS + 8 * MOST
