import stringWidth from 'string-width'
import type { ProfileValue } from '../../core/profile.ts'
import { printable } from '../../core/printable.ts'

/** An instant to the minute, and the rest of it. */
const INSTANT = /^(\d{4}-\d\d-\d\dT\d\d:\d\d)(:\d\d)\.\d{3}Z$/
const DAY = /^\d{4}-\d\d-\d\d$/
/** From here on, a number is written with an exponent. */
const LARGE = 1e9

/**
 * Formats a value in at most `most` columns, 17 or more: instants to the minute, numbers to four digits unless they are
 * whole.
 */
export function shortValue(value: ProfileValue, most: number): string {
  if (typeof value === 'number') return shortNumber(value)
  if (typeof value === 'boolean') return String(value)
  const [, minute] = INSTANT.exec(value) ?? []
  if (minute !== undefined) return `${minute}Z`
  return DAY.test(value) ? value : clipped(printable(JSON.stringify(value)), most)
}

/** Cuts a text that takes more than `most` columns. */
export function clipped(text: string, most: number): string {
  if (stringWidth(text) <= most) return text
  let [kept, left] = ['', most - 1]
  for (const character of text) {
    left -= stringWidth(character)
    if (left < 0) break
    kept += character
  }
  return `${kept}…`
}

function shortNumber(value: number): string {
  if (Math.abs(value) >= LARGE) return value.toExponential(3).replace('+', '')
  return String(Number.isInteger(value) ? value : Number(value.toPrecision(4)))
}
