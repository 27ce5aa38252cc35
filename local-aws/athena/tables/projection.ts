import type { CatalogTable } from '../../glue/model.ts'
import { QueryError } from '../sql/query-error.ts'

/** Returns true if the projection of a partition key contains a value. Queries do not read files with other values. */
export type Projects = (value: string) => boolean

/** Returns a property of one key by its name without `projection.<key>.`. */
type Property = (name: string) => string | undefined

/**
 * Compiles the partition projection in a table's properties: one test per partition key, in the order of the keys. The
 * types enum, integer and date are known; dates must be days as `yyyy-MM-dd`.
 * https://docs.aws.amazon.com/athena/latest/ug/partition-projection-supported-types.html
 *
 * @param now time that NOW in ranges stands for, in milliseconds since 1970
 * @throws QueryError INVALID_COLUMN_PROPERTY for a bad property, NOT_SUPPORTED for a projection that is not implemented
 */
export function projections({ input }: CatalogTable, now: number): Projects[] {
  return (input.PartitionKeys ?? []).map(({ Name: key }) => {
    const property: Property = (name) => input.Parameters?.[`projection.${key}.${name}`]
    const type = property('type')?.trim().toLowerCase()
    if (type === 'enum') return enumerated(key, property)
    if (type === 'integer') return integers(key, property)
    if (type === 'date') return days(key, property, now)
    throw unsupported(key, 'type', 'enum, integer or date', type)
  })
}

function enumerated(key: string, property: Property): Projects {
  const values = new Set(required(key, property, 'values').split(','))
  return (value) => values.has(value)
}

function integers(key: string, property: Property): Projects {
  const text = required(key, property, 'range')
  const [, from, to] = /^\s*(-?\d+)\s*,\s*(-?\d+)\s*$/.exec(text) ?? []
  if (from === undefined || BigInt(from) > BigInt(to!)) throw invalid(key, 'range', 'two integers', text)
  const interval = BigInt(property('interval') ?? 1)
  const digits = Number(property('digits') ?? 1)
  return (value) => {
    if (!/^-?\d+$/.test(value)) return false
    const number = BigInt(value)
    const sign = number < 0n ? '-' : ''
    const written = sign + String(number).replace('-', '').padStart(digits, '0')
    return (
      value === written &&
      number <= BigInt(to!) &&
      (number - BigInt(from)) % interval === 0n &&
      number >= BigInt(from)
    )
  }
}

const DAY = /^\d{4}-\d{2}-\d{2}$/
const isDay = (text: string) =>
  DAY.test(text) && !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text)

function days(key: string, property: Property, now: number): Projects {
  const format = required(key, property, 'format')
  if (format !== 'yyyy-MM-dd') throw unsupported(key, 'format', 'yyyy-MM-dd', format)
  const step = `${property('interval') ?? 1} ${property('interval.unit') ?? 'DAYS'}`
  if (!/^\s*1\s+DAYS?\s*$/i.test(step)) throw unsupported(key, 'interval', '1 DAYS', step)
  const range = required(key, property, 'range')
  const [from, to, more] = range.split(',').map((bound) => dayOf(bound.trim(), now))
  if (from === undefined || to === undefined || more !== undefined || from > to) {
    throw invalid(key, 'range', `two days as ${format} or NOW with days, hours, minutes or seconds`, range)
  }
  return (value) => isDay(value) && value >= from && value <= to
}

const MILLISECONDS = { WEEK: 604_800_000, DAY: 86_400_000, HOUR: 3_600_000, MINUTE: 60_000, SECOND: 1000 }

/** Returns the day of a bound, in UTC; undefined for a malformed one. */
function dayOf(bound: string, now: number): string | undefined {
  if (isDay(bound)) return bound
  const relative = /^NOW(?:\s*([+-])\s*(\d+)\s*(WEEK|DAY|HOUR|MINUTE|SECOND)S?)?$/.exec(bound)
  if (!relative) return undefined
  const [, sign = '+', count = '0', unit = 'DAY'] = relative
  const away = Number(`${sign}${count}`) * MILLISECONDS[unit as keyof typeof MILLISECONDS]
  return new Date(now + away).toISOString().slice(0, 10)
}

function required(key: string, property: Property, name: string): string {
  const value = property(name)
  if (value !== undefined) return value
  throw invalid(key, name, 'a value', undefined)
}

/** Returns Trino's error, from its Projection.java. */
function invalid(key: string, name: string, expected: string, found: string | undefined): QueryError {
  return new QueryError(
    'INVALID_COLUMN_PROPERTY',
    `Column projection for column '${key}' failed. projection.${key}.${name}: expected ${expected}, found ${found}.`,
  )
}

function unsupported(key: string, name: string, expected: string, found: string | undefined): QueryError {
  const message = `projection.${key}.${name}: expected ${expected}, found ${found}: others are not implemented here.`
  return new QueryError('NOT_SUPPORTED', message)
}
