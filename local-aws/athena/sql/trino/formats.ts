import { notHere } from './rules.ts'

/** DuckDB's specifiers by MySQL's. https://trino.io/docs/current/functions/datetime.html#mysql-date-functions */
const MYSQL: Readonly<Record<string, string>> = {
  a: '%a',
  b: '%b',
  c: '%-m',
  d: '%d',
  e: '%-d',
  f: '%f',
  H: '%H',
  h: '%I',
  I: '%I',
  i: '%M',
  j: '%j',
  k: '%-H',
  l: '%-I',
  M: '%B',
  m: '%m',
  p: '%p',
  r: '%I:%M:%S %p',
  S: '%S',
  s: '%S',
  T: '%H:%M:%S',
  v: '%V',
  W: '%A',
  x: '%G',
  Y: '%Y',
  y: '%y',
  '%': '%%',
}
/** Specifiers that Trino refuses, too. */
const MYSQL_REFUSED = /%[DUuVwX]/

/**
 * Translates a format of dates from MySQL's specifiers, as in Trino's `date_format`, to DuckDB's. An unknown specifier
 * stands for its letter.
 *
 * @param name name of the function that has the format, for the error
 *
 * @throws QueryError NOT_SUPPORTED for a specifier that Trino refuses
 */
export function fromMysql(name: string, format: string): string {
  const [refused] = MYSQL_REFUSED.exec(format) ?? []
  if (refused) throw notHere(`${name} with ${refused}`, 'Athena refuses it as well')
  return format.replace(/%(.)/gs, (_, letter: string) => MYSQL[letter] ?? letter)
}

/**
 * DuckDB's specifiers by Joda's letters.
 * https://www.joda.org/joda-time/apidocs/org/joda/time/format/DateTimeFormat.html
 */
const JODA: Readonly<Record<string, string>> = {
  y: '%Y',
  yy: '%y',
  yyyy: '%Y',
  YYYY: '%Y',
  x: '%G',
  xxxx: '%G',
  M: '%-m',
  MM: '%m',
  MMM: '%b',
  MMMM: '%B',
  d: '%-d',
  dd: '%d',
  D: '%-j',
  DDD: '%j',
  w: '%-V',
  ww: '%V',
  e: '%u',
  E: '%a',
  EE: '%a',
  EEE: '%a',
  EEEE: '%A',
  a: '%p',
  H: '%-H',
  HH: '%H',
  h: '%-I',
  hh: '%I',
  m: '%-M',
  mm: '%M',
  s: '%-S',
  ss: '%S',
  SSS: '%g',
  SSSSSS: '%f',
  Z: '+0000',
  ZZ: '+00:00',
  ZZZ: 'UTC',
  z: 'UTC',
}

/**
 * Translates a format of dates from Joda's letters, as in Trino's `format_datetime`, to DuckDB's specifiers, for times
 * in UTC.
 *
 * @param name name of the function that has the format, for the error
 *
 * @throws QueryError NOT_SUPPORTED for letters that are not translated
 */
export function fromJoda(name: string, pattern: string): string {
  return pattern.replace(/'((?:[^']|'')*)'|([A-Za-z])\2*/g, (part, quoted: string | undefined) => {
    if (part === "''") return "'"
    if (quoted !== undefined) return quoted.replaceAll("''", "'").replaceAll('%', '%%')
    const letters = JODA[part]
    if (letters === undefined) throw notHere(`${name} with ${part}`, `use ${Object.keys(JODA).join(', ')}`)
    return letters
  })
}
