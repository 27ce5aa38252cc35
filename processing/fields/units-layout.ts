/**
 * Layout of the memory of code units. This file is compiled twice: as TypeScript, and as AssemblyScript by `npm run
 * assembly`.
 */

/** Position of the first code unit, in bytes. */
export const UNITS_AT = 1024
/** Maximum number of UTF-16 code units of a text that can be loaded at a time. */
export const MAX_UNITS = 1 << 20
