import { compiledModule, wasmMemory } from '../web-assembly.ts'
import compiled from './count-spaces.json' with { type: 'json' }
import { MAX_UNITS, UNITS_AT } from './units-layout.ts'

const memory = wasmMemory(UNITS_AT + 2 * (MAX_UNITS + 1))
const functions = compiledModule<{ readonly countSpaces: (length: number) => number }>(compiled)(memory)

/**
 * The code units of the text that was loaded last, and a zero. They are read from here in a fraction of the time of
 * `charCodeAt`. What no text has reached yet takes no memory.
 *
 * Loops over them are closures that get this array, and others, as arguments: it is a constant for the compiler then.
 * As a constant of a module it is not, once modules are bundled, and each access takes half as long again.
 */
export const UNITS = new Uint16Array(memory.buffer, UNITS_AT, MAX_UNITS + 1)
const BYTES = Buffer.from(memory.buffer, UNITS_AT)
/** Counts the spaces among the first `length` units. */
export const countSpaces = functions.countSpaces

/** All UTF-16 code units, in their order. */
export const ALL_UNITS = Buffer.from(
  Uint16Array.from({ length: 0x10000 }, (_, unit) => unit).buffer,
).toString('utf16le')
/** Lower case of each code unit. The capital letter that becomes two becomes the first of them. */
export const LOWER_CASE = new Uint16Array(0x10000)
Buffer.from(LOWER_CASE.buffer).write(ALL_UNITS.replace('\u0130', 'i').toLowerCase(), 'utf16le')

/** Loads the first {@link MAX_UNITS} code units of a text into {@link UNITS}. Returns their number. */
export function loadUnits(text: string): number {
  const count = BYTES.write(text, 0, 2 * MAX_UNITS, 'utf16le') >> 1
  UNITS[count] = 0
  return count
}
