/** Below it a number of an instant counts seconds, from it on milliseconds: the year 5138, or March 1973. */
const MILLISECONDS_FROM = 1e11
const WITH_ZONE = /(?:Z|[+-]\d{2}:?\d{2})$/

/**
 * The instant that a field holds: ISO 8601, with a space instead of the T as well, UTC where no zone is given, or
 * seconds or milliseconds since 1970. Null for anything else.
 */
export function instant(value: unknown): Date | null {
  if (typeof value === 'number') return valid(value < MILLISECONDS_FROM ? value * 1000 : value)
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}/.test(value)) return null
  const iso = value.trim().replace(' ', 'T')
  // A date alone is UTC to Date.parse, a date and time without a zone is the machine's own zone.
  return valid(Date.parse(iso.length > 10 && !WITH_ZONE.test(iso) ? `${iso}Z` : iso))
}

function valid(milliseconds: number): Date | null {
  const date = new Date(milliseconds)
  return Number.isNaN(date.getTime()) ? null : date
}
