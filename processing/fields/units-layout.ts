/**
 * Layout of the memory of code units. This file is compiled twice: as TypeScript, and as AssemblyScript by `npm run
 * assembly`.
 */

/** Position of what `addUntilMarkup` returns beside the position: the units written, and if a space is due. */
export const WRITTEN_AT = 16
/** Position of the class of each code unit, a byte for each: 0, {@link WHITE} or {@link MARKUP}. */
export const CLASSES_AT = 1024
/** Position of the first code unit, in bytes. */
export const UNITS_AT = CLASSES_AT + 0x10000
/** Maximum number of UTF-16 code units of a text that can be loaded at a time. */
export const MAX_UNITS = 1 << 20
/** Position of the collected text. */
export const TEXT_AT = UNITS_AT + 2 * (MAX_UNITS + 8)
/** End of the memory: a vector may be written beyond the end of the text. */
export const MEMORY_END = TEXT_AT + 2 * (MAX_UNITS + 16)

// Classes of code units; those of words have 0.

/** White space, as regular expressions take it. */
export const WHITE = 1
/** First units of markup: `<` and `&`. */
export const MARKUP = 2

// Code units.

/** Space: what white space becomes. */
export const SPACE = 32
/** `&`: begins an entity. */
export const AMPERSAND = 38
/** `/`: closes an element. */
export const SLASH = 47
/** `<`: begins a tag. */
export const LESS = 60
/** `>`: ends a tag. */
export const MORE = 62
