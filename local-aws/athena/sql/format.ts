import {
  DuckDBArrayType,
  DuckDBListType,
  DuckDBMapType,
  DuckDBStructType,
  DuckDBTypeId,
  type DuckDBArrayValue,
  type DuckDBBlobValue,
  type DuckDBDateValue,
  type DuckDBIntervalValue,
  type DuckDBListValue,
  type DuckDBMapValue,
  type DuckDBStructValue,
  type DuckDBTimestampValue,
  type DuckDBTimeValue,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api'
import { ZONED_MEMBERS } from './trino/tree.ts'
import { isZoned } from './types.ts'

/**
 * Returns the text that Athena writes for a value in results, such as `true`, `1.0`, `2024-01-31 10:00:00.000`, `[a,
 * b]` or `{k=v}`; null for NULL. https://docs.aws.amazon.com/athena/latest/ug/data-types.html
 */
export function formatValue(value: DuckDBValue, type: DuckDBType): string | null {
  if (value === null) return null
  if (type instanceof DuckDBListType || type instanceof DuckDBArrayType) {
    return formatItems((value as DuckDBListValue | DuckDBArrayValue).items, type.valueType)
  }
  if (type instanceof DuckDBMapType) return formatMap(value as DuckDBMapValue, type)
  if (type instanceof DuckDBStructType) return formatStruct(value as DuckDBStructValue, type)
  return formatScalar(value, type.typeId)
}

function formatScalar(value: DuckDBValue, type: DuckDBTypeId): string {
  switch (type) {
    case DuckDBTypeId.DOUBLE:
      return formatDouble(value as number, (digits) => String(digits))
    case DuckDBTypeId.FLOAT:
      return formatDouble(value as number, shortestSingle)
    case DuckDBTypeId.DATE:
      return formatDays((value as DuckDBDateValue).days)
    case DuckDBTypeId.BLOB:
      return Buffer.from((value as DuckDBBlobValue).bytes)
        .toString('hex')
        .replace(/..(?=.)/g, '$& ')
    case DuckDBTypeId.TIME:
      return formatTime((value as DuckDBTimeValue).micros)
    case DuckDBTypeId.INTERVAL:
      return formatInterval(value as DuckDBIntervalValue)
    case DuckDBTypeId.TIMESTAMP:
      return formatMilliseconds((value as DuckDBTimestampValue).micros / 1000n)
    case DuckDBTypeId.TIMESTAMP_TZ:
      return `${formatMilliseconds((value as DuckDBTimestampValue).micros / 1000n)} UTC`
    case DuckDBTypeId.TIMESTAMP_S:
      return formatMilliseconds((value as unknown as { seconds: bigint }).seconds * 1000n)
    case DuckDBTypeId.TIMESTAMP_MS:
      return formatMilliseconds((value as unknown as { millis: bigint }).millis)
    case DuckDBTypeId.TIMESTAMP_NS:
      return formatMilliseconds((value as unknown as { nanos: bigint }).nanos / 1_000_000n)
    default:
      return String(value)
  }
}

function formatItems(items: readonly DuckDBValue[], type: DuckDBType): string {
  return `[${items.map((item) => formatValue(item, type) ?? 'null').join(', ')}]`
}

function formatMap({ entries }: DuckDBMapValue, type: DuckDBMapType): string {
  const pairs = entries.map(
    ({ key, value }) => `${formatValue(key, type.keyType)}=${formatValue(value, type.valueType) ?? 'null'}`,
  )
  return `{${pairs.join(', ')}}`
}

function formatStruct({ entries }: DuckDBStructValue, type: DuckDBStructType): string | null {
  if (isZoned(type)) return formatZoned(entries)
  const fields = type.entryNames.map(
    (name, index) => `${name}=${formatValue(entries[name] ?? null, type.entryTypes[index]!) ?? 'null'}`,
  )
  return `{${fields.join(', ')}}`
}

function formatZoned(entries: DuckDBStructValue['entries']): string | null {
  const [, local, zone] = ZONED_MEMBERS.map((name) => entries[name] ?? null)
  if (local === null || zone === null) return null
  return `${formatMilliseconds((local as DuckDBTimestampValue).micros / 1000n)} ${zone as string}`
}

/** Formats a double as Java does: always with a point, and with an exponent outside 10^-3 to 10^7. */
function formatDouble(value: number, digits: (value: number) => string): string {
  if (!Number.isFinite(value)) return String(value)
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0'
  const size = Math.abs(value)
  const plain = size >= 1e-3 && size < 1e7
  const text = digits(value)
  if (plain) return text.includes('.') ? text : `${text}.0`
  const [mantissa, exponent] = Number(text).toExponential().split('e') as [string, string]
  return `${mantissa.includes('.') ? mantissa : `${mantissa}.0`}E${Number(exponent)}`
}

/** Returns the fewest digits that give the same single-precision number. */
function shortestSingle(value: number): string {
  for (let precision = 1; precision < 9; precision += 1) {
    const text = value.toPrecision(precision)
    if (Math.fround(Number(text)) === value) return String(Number(text))
  }
  return String(Number(value.toPrecision(9)))
}

const DAY_MILLISECONDS = 86_400_000

function formatDays(days: number): string {
  return isoText(days * DAY_MILLISECONDS).slice(0, -14)
}

function formatTime(micros: bigint): string {
  return isoText(Number(micros / 1000n)).slice(11, -1)
}

/** Formats an interval as one of Trino's two types: months as `1-2`, the rest as `3 04:05:06.000`. */
function formatInterval({ months, days, micros }: DuckDBIntervalValue): string {
  if (months !== 0)
    return `${months < 0 ? '-' : ''}${Math.trunc(Math.abs(months) / 12)}-${Math.abs(months) % 12}`
  const milliseconds = BigInt(days) * BigInt(DAY_MILLISECONDS) + micros / 1000n
  const size = milliseconds < 0n ? -milliseconds : milliseconds
  const whole = size / BigInt(DAY_MILLISECONDS)
  const sign = milliseconds < 0n ? '-' : ''
  return `${sign}${whole} ${formatTime((size - whole * BigInt(DAY_MILLISECONDS)) * 1000n)}`
}

function formatMilliseconds(milliseconds: bigint): string {
  return isoText(Number(milliseconds)).replace('T', ' ').slice(0, -1)
}

/** Formats as ISO 8601, without the sign and the six digits that JavaScript gives years after 9999. */
const isoText = (milliseconds: number) => new Date(milliseconds).toISOString().replace(/^\+0*/, '')
