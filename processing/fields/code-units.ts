import { compiledModule, wasmMemory } from '../web-assembly.ts'
import compiled from './code-units.json' with { type: 'json' }
import {
  CLASSES_AT,
  MARKUP,
  MAX_UNITS,
  MEMORY_END,
  TEXT_AT,
  UNITS_AT,
  WHITE,
  WRITTEN_AT,
} from './units-layout.ts'

interface Exports {
  readonly countSpaces: (length: number) => number
  readonly addUntilMarkup: (start: number, end: number, written: number, isDue: number) => number
}

const memory = wasmMemory(MEMORY_END)
const functions = compiledModule<Exports>(compiled)(memory)

/**
 * The code units of the text that was loaded last, and a zero. They are read from here in a fraction of the time of
 * `charCodeAt`. What no text has reached yet takes no memory.
 *
 * Loops over them are closures that get this array, and others, as arguments: it is a constant for the compiler then.
 * As a constant of a module it is not, once modules are bundled, and each access takes half as long again.
 */
export const UNITS = new Uint16Array(memory.buffer, UNITS_AT, MAX_UNITS + 1)
const BYTES = Buffer.from(memory.buffer, UNITS_AT, 2 * (MAX_UNITS + 1))
/** Counts the spaces among the first `length` units. */
export const countSpaces = functions.countSpaces

/** Units of a text that is collected from those of {@link UNITS}. */
export const COLLECTED = new Uint16Array(memory.buffer, TEXT_AT, MAX_UNITS + 1)
/** Results of {@link addUntilMarkup}: the number of units collected, and 1 if a space belongs before the next word. */
export const WRITTEN = new Int32Array(memory.buffer, WRITTEN_AT, 2)
/**
 * Appends the units from `start` to the next `<` or `&`, or to `end`, to the first `written` of {@link COLLECTED}, with
 * white space collapsed. Returns the position of that. `isDue` is 1 if a space belongs before the next word.
 */
export const addUntilMarkup = functions.addUntilMarkup

/** All UTF-16 code units, in their order. */
export const ALL_UNITS = Buffer.from(
  Uint16Array.from({ length: 0x10000 }, (_, unit) => unit).buffer,
).toString('utf16le')
/** Class of each code unit, as units-layout.ts names it. */
export const CLASSES = new Uint8Array(memory.buffer, CLASSES_AT, 0x10000)
for (const { index } of ALL_UNITS.matchAll(/\s/g)) CLASSES[index] = WHITE
for (const { index } of ALL_UNITS.matchAll(/[<&]/g)) CLASSES[index] = MARKUP
/** Lower case of each code unit. The capital letter that becomes two becomes the first of them. */
export const LOWER_CASE = new Uint16Array(0x10000)
Buffer.from(LOWER_CASE.buffer).write(ALL_UNITS.replace('\u0130', 'i').toLowerCase(), 'utf16le')

/** Loads the first {@link MAX_UNITS} code units of a text into {@link UNITS}. Returns their number. */
export function loadUnits(text: string): number {
  const count = BYTES.write(text, 0, 2 * MAX_UNITS, 'utf16le') >> 1
  UNITS[count] = 0
  return count
}
