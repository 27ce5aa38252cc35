import type { Bound, ColumnKind, KindParameters, ParquetType } from './kind.ts'

/** Maximum number of digits of a decimal, both in Athena and in the 16 bytes that Parquet may use for one. */
export const MAX_PRECISION = 38

/**
 * Column kind for exact numbers of `precision` digits, `scale` of them after the point. Values are stored as units:
 * multiples of the last digit.
 */
export const DECIMAL: ColumnKind = {
  glue: 'decimal',
  parameters: ['precision', 'scale'],
  athena: ['decimal'],
  athenaParameters: ({ Precision, Scale }) => [Precision!, Scale!],
  parquet: { converted_type: 'DECIMAL' },
  parquetParameters: storage,
  fits,
  misfit: (value, found, spec) => `${expectation(spec)}, found ${found}: ${mistake(value, spec)}`,
  put,
  bounds: 'numbers',
  // hyparquet-writer takes units as a bigint.
  writtenBound: (bound) => BigInt(bound),
  readBound,
  text: decimalText,
}

const numbersOf = ({ parameters }: KindParameters) =>
  parameters as readonly [precision: number, scale: number]

/**
 * Stores up to 18 digits as integers. More digits take the fewest bytes that all values of the precision fit in, on
 * which some readers insist.
 */
function storage(spec: KindParameters): ParquetType {
  const [precision, scale] = numbersOf(spec)
  if (precision <= 9) return { type: 'INT32', precision, scale }
  if (precision <= 18) return { type: 'INT64', precision, scale }
  let type_length = 9
  while (2n ** BigInt(8 * type_length - 1) < 10n ** BigInt(precision)) type_length++
  return { type: 'FIXED_LEN_BYTE_ARRAY', type_length, precision, scale }
}

function fits(value: string, spec: KindParameters): string {
  const [precision, scale] = numbersOf(spec)
  const limit = 10n ** BigInt(precision)
  const whole = precision > scale ? `0*(?:[1-9]\\d{0,${precision - scale - 1}})?` : '0*'
  const fraction = scale > 0 ? `(?:\\.\\d{1,${scale}})?` : ''
  return (
    `typeof ${value} === 'string' ? /^-?(?=\\d)${whole}${fraction}$/.test(${value}) : ` +
    `typeof ${value} === 'bigint' && ${value} > -${limit}n && ${value} < ${limit}n`
  )
}

function expectation(spec: KindParameters): string {
  const [precision, scale] = numbersOf(spec)
  const [text, units] = scale > 0 ? ['0.5', 5n * 10n ** BigInt(scale - 1)] : ['5', 5n]
  return `expected a decimal(${precision},${scale}), as text such as '${text}' or as a bigint of units such as ${units}n`
}

const MISTAKES_IN_TEXT: readonly (readonly [RegExp, string])[] = [
  [/^\s*$/, 'a blank is no number; where there is none, give null'],
  [/\s/, 'there is a blank in it'],
  [/^[-+]?(?:nan|inf(?:inity)?)$/i, 'it is not a number; where there is none, give null'],
  [/^[-+]?[\d.]+e[-+]?\d+$/i, 'exponent notation is not read'],
  [/^(?!-?\d+(?:\.\d+)?$)/, 'it is not digits with at most a point between them'],
]

function mistake(value: unknown, spec: KindParameters): string {
  const [precision, scale] = numbersOf(spec)
  if (typeof value === 'bigint') return `it has more than ${precision} digits`
  if (typeof value === 'string') {
    const [, known] = MISTAKES_IN_TEXT.find(([pattern]) => pattern.test(value)) ?? []
    if (known !== undefined) return known
    if ((value.split('.')[1] ?? '').length > scale) return `it has more than ${scale} digits behind the point`
    return `it has more than ${precision - scale} digits before the point`
  }
  if (!Number.isFinite(value)) return 'it is neither text nor a bigint'
  return `the digits of a number may be rounded; give text, such as its toFixed(${scale})`
}

function put(value: string, spec: KindParameters): string {
  const [, scale] = numbersOf(spec)
  const padded = `${value}.replace(/\\.(.*)/, (_, fraction) => fraction.padEnd(${scale}, '0'))`
  const digits = `${value}.includes('.') ? ${padded} : ${value} + '${'0'.repeat(scale)}'`
  const units = `typeof ${value} === 'bigint' ? ${value} : BigInt(${digits})`
  const { type, type_length } = storage(spec)
  if (type === 'INT32') return `putInt32(Number(${units}))`
  return type === 'INT64' ? `putInt64(${units})` : `putFixed(${units}, ${type_length})`
}

/** Maximum number of units that can be restored from hyparquet's value: a double, divided by a power of ten. */
const MAX_TOLD_UNITS = 2 ** 48

function readBound(bound: unknown, spec: KindParameters): Bound | undefined {
  const [, scale] = numbersOf(spec)
  const units = Math.round((bound as number) * 10 ** scale)
  return Math.abs(units) <= MAX_TOLD_UNITS ? BigInt(units) : undefined
}

/**
 * Formats a stored decimal with all of its digits, as many after the point as its scale.
 *
 * @param stored the units (multiples of the last digit) as a number, a bigint or big-endian bytes
 */
export function decimalText(stored: unknown, { scale, logical_type }: ParquetType): string {
  const places = scale ?? (logical_type?.type === 'DECIMAL' ? logical_type.scale : 0)
  const units = unitsOf(stored)
  const digits = String(units)
    .replace('-', '')
    .padStart(places + 1, '0')
  const point = digits.length - places
  const sign = units < 0n ? '-' : ''
  return sign + digits.slice(0, point) + (places > 0 ? `.${digits.slice(point)}` : '')
}

function unitsOf(stored: unknown): bigint {
  if (!(stored instanceof Uint8Array)) return BigInt(stored as number | bigint)
  return BigInt.asIntN(8 * stored.length, BigInt(`0x0${Buffer.from(stored).toString('hex')}`))
}
