const MAX_SHOWN = 60
/** Least bigint that is not written out, which would take more than linear time. */
const TOO_LONG = 10n ** 100n

/** Returns trimmed text; null for anything that is no text or only white space. */
export function text(value: unknown): string | null {
  if (typeof value !== 'string') return null
  const trimmed = value.trim()
  return trimmed === '' ? null : trimmed
}

/**
 * Returns the texts of a list, trimmed, in lower case, without duplicates, in their order. Also splits text such as `a,
 * b; c`. Empty for anything else.
 */
export function tags(value: unknown): string[] {
  const parts: unknown[] =
    typeof value === 'string' ? value.split(/[,;|]/) : Array.isArray(value) ? value : []
  const found = new Set<string>()
  for (const part of parts) {
    const tag = text(part)
    if (tag !== null) found.add(tag.toLowerCase())
  }
  return [...found]
}

/**
 * Returns an identifier as text. Reads trimmed text, a whole number, or a bigint of up to 100 digits. Null for anything
 * else, such as a number beyond 2^53 - 1, whose digits may be rounded.
 */
export function id(value: unknown): string | null {
  if (typeof value === 'bigint') return digitsOf(value)
  return typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : text(value)
}

/**
 * Returns an identifier as {@link id} reads it.
 *
 * @param field name of the field, for the error message
 * @throws Error if the value is not text or a whole number; the record is then rejected
 */
export function requiredId(value: unknown, field: string): string {
  const found = id(value)
  if (found !== null) return found
  throw new Error(`${field}: expected text or a whole number, found ${describe(value)}`)
}

/**
 * Formats a value for an error message as JSON, cut to 60 characters. Never throws, and takes no time for the part that
 * is cut off.
 */
export function describe(value: unknown): string {
  if (value === undefined) return 'nothing'
  const json = beginning(value, MAX_SHOWN)
  return json.length > MAX_SHOWN ? `${json.slice(0, MAX_SHOWN)}…`.toWellFormed() : json
}

/**
 * Returns the JSON of a value, or at least `room` characters of it. JSON.stringify would refuse bigints and deep
 * nesting, for which it also takes quadratic time.
 */
function beginning(value: unknown, room: number): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, room + 1))
  if (typeof value === 'bigint') return digitsOf(value) ?? 'a whole number of more than 100 digits'
  if (typeof value !== 'object' || value === null) return String(value)
  if (value instanceof Date) return String(JSON.stringify(value))
  const isList = Array.isArray(value)
  let json = isList ? '[' : '{'
  for (const key of isList ? value.keys() : Object.keys(value)) {
    if (json.length > room) break
    if (json.length > 1) json += ','
    if (!isList) json += `${beginning(key, room)}:`
    json += beginning((value as Record<string | number, unknown>)[key], room - json.length)
  }
  return json + (isList ? ']' : '}')
}

/** Returns the decimal digits of a bigint; null if there are more than 100. */
function digitsOf(value: bigint): string | null {
  return value > -TOO_LONG && value < TOO_LONG ? String(value) : null
}
