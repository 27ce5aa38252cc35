/** Formats a number for people with thousands separators, such as `1,288`. */
export function count(value: number): string {
  return value.toLocaleString('en-US')
}

/**
 * Formats a number with its noun, such as `1 day` or `208 days`.
 *
 * @param many plural of the noun; by default `one` with an s
 */
export function counted(value: number, one: string, many: string = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`
}

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB']

/** Formats a number of bytes in decimal units, such as `512 B` or `1.4 MB`. */
export function bytes(value: number): string {
  let [size, unit] = [value, 0]
  while (size >= 999.5 && unit < UNITS.length - 1) [size, unit] = [size / 1000, unit + 1]
  return `${unit === 0 || size >= 99.5 ? Math.round(size) : size.toFixed(1)} ${UNITS[unit]}`
}

/** Formats a duration, given in seconds, such as `8.4 s`, `3 min 20 s` or `2 h 5 min`. */
export function duration(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  const minutes = Math.floor(whole / 60)
  return minutes < 60 ? `${minutes} min ${whole % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** Formats an ISO time in UTC to the minute, such as `2024-01-31 09:10`. */
export function minute(isoTime: string): string {
  return isoTime.slice(0, 16).replace('T', ' ')
}

/** Formats US dollars, with two significant digits below one dollar, such as `$0.0042` or `$12.30`. */
export function dollars(value: number): string {
  return value >= 1 || value === 0 ? `$${value.toFixed(2)}` : `$${Number(value.toPrecision(2))}`
}
