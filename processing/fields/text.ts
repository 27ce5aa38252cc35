/** Trimmed text, or null for anything that is not text or holds nothing but white space. */
export function text(value: unknown): string | null {
  if (typeof value !== 'string') return null
  const trimmed = value.trim()
  return trimmed === '' ? null : trimmed
}

/**
 * An identifier as text; numbers are written out.
 *
 * @throws Error when there is none, which rejects the record
 */
export function requiredId(value: unknown, field: string): string {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value)
  const found = text(value)
  if (found !== null) return found
  throw new Error(`${field}: expected text or a whole number, found ${describe(value)}`)
}

/** The texts of a list, trimmed, lower-cased, each once, in their first order. Accepts `a, b; c` as well. */
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

/** A value for an error message, cut short. */
export function describe(value: unknown): string {
  if (value === undefined) return 'nothing'
  const json = JSON.stringify(value) ?? typeof value
  return json.length > 60 ? `${json.slice(0, 60)}…` : json
}
