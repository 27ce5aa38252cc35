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
/** Registers of the columns, a byte each. */
export const REGISTERS = RISEN + 4 * BLOCK
/** Registers of a column. */
export const REGISTER_BYTES = 1 << 15
