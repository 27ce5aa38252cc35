const LENGTH = 1 << 14

/** Code units of a part of a text: they are read several times as fast from here as by `charCodeAt`. */
export const CODE_UNITS = new Uint16Array(LENGTH)
const BYTES = Buffer.from(CODE_UNITS.buffer)

/** Copies a text's code units from position `start` on to {@link CODE_UNITS}. Returns their number, at most 16,384. */
export function copyCodeUnits(text: string, start: number): number {
  return BYTES.write(start === 0 ? text : text.slice(start, start + LENGTH), 'utf16le') >> 1
}
