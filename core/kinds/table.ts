import { DECIMAL } from './decimal.ts'
import type { Bound, ColumnKind, KindParameters } from './kind.ts'

/** Name of a column kind other than a list. */
export type ScalarKind =
  'string' | 'int32' | 'int64' | 'float32' | 'float64' | 'boolean' | 'timestamp' | 'date' | 'decimal'

/** A column kind with its parameters, such as `decimal` with 10 and 2. */
export interface KindSpec extends KindParameters {
  readonly kind: ScalarKind
}

const MILLISECONDS_PER_DAY = 86_400_000

const expected = (what: string) => (_: unknown, found: string) => `expected ${what}, found ${found}`
const expectedNumber = (what: string) => (value: unknown, found: string) =>
  `expected ${what}, found ${found}${typeof value === 'bigint' ? ': Number(value) rounds it to one' : ''}`
/** The first and last millisecond of the years 1 to 9999. Readers in other languages have no dates beyond. */
const [FIRST_INSTANT, LAST_INSTANT] = [-62_135_596_800_000, 253_402_300_799_999]
const [MIDDLE, REACH] = [(LAST_INSTANT + FIRST_INSTANT) / 2, (LAST_INSTANT - FIRST_INSTANT) / 2]
/** Calls `getTime` once per value. An invalid Date gives NaN, which is in no range. */
const isDate = (value: string) =>
  `${value} instanceof Date && Math.abs(${value}.getTime() - ${MIDDLE}) <= ${REACH}`
/** Makes a zero bound of floating point cover both zeros, as the format's documentation asks. */
const withBothZeros = (bound: Bound, end: 'min' | 'max') => (bound !== 0 ? bound : end === 'min' ? -0 : 0)

/** Everything about each kind of column other than a list, by the kind's name. */
export const COLUMN_KINDS: Readonly<Record<ScalarKind, ColumnKind>> = {
  string: {
    glue: 'string',
    athena: ['varchar'],
    parquet: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
    fits: (value) => `typeof ${value} === 'string' && ${value}.isWellFormed()`,
    misfit: (value, found) =>
      typeof value === 'string'
        ? 'found a lone surrogate, which UTF-8 cannot hold'
        : `expected a string, found ${found}${typeof value === 'bigint' ? ': String(value) keeps its digits' : ''}`,
    put: (value) => `putText(${value})`,
    bounds: 'text',
  },
  int32: {
    glue: 'int',
    athena: ['integer', 'smallint', 'tinyint'],
    parquet: { type: 'INT32' },
    // The type is checked first: `>>` would call an object's valueOf, which may throw.
    fits: (value) => `typeof ${value} === 'number' && ${value} >> 0 === ${value}`,
    misfit: expected('a whole number from -2147483648 to 2147483647'),
    put: (value) => `putInt32(${value})`,
    bounds: 'numbers',
  },
  int64: {
    glue: 'bigint',
    athena: ['bigint'],
    parquet: { type: 'INT64' },
    fits: (value) =>
      `Number.isSafeInteger(${value}) || ` +
      `typeof ${value} === 'bigint' && ${value} >= ${-(2n ** 63n)}n && ${value} < ${2n ** 63n}n`,
    misfit: expected('a whole number from -(2^53 - 1) to 2^53 - 1, or a bigint from -2^63 to 2^63 - 1'),
    put: (value) => `putInt64(${value})`,
    bounds: 'numbers',
  },
  float32: {
    glue: 'float',
    athena: ['float', 'real'],
    parquet: { type: 'FLOAT' },
    // Subtracted from itself, only a finite number gives zero.
    fits: (value) => `typeof ${value} === 'number' && Math.fround(${value}) - Math.fround(${value}) === 0`,
    misfit: expectedNumber('a finite number that single precision can hold'),
    put: (value) => `putFloat32(${value})`,
    bounds: 'numbers',
    writtenBound: withBothZeros,
    text: (value) => String(shortestSingle(value as number)),
  },
  float64: {
    glue: 'double',
    athena: ['double'],
    parquet: { type: 'DOUBLE' },
    fits: (value) => `typeof ${value} === 'number' && ${value} - ${value} === 0`,
    misfit: expectedNumber('a finite number'),
    put: (value) => `putFloat64(${value})`,
    bounds: 'numbers',
    writtenBound: withBothZeros,
  },
  boolean: {
    glue: 'boolean',
    athena: ['boolean'],
    parquet: { type: 'BOOLEAN' },
    fits: (value) => `typeof ${value} === 'boolean'`,
    misfit: expected('true or false'),
    put: (value) => `putBoolean(${value})`,
    bounds: 'flags',
  },
  // Only the converted type: with a logical type beside it, readers disagree about the time zone.
  timestamp: {
    glue: 'timestamp',
    athena: ['timestamp'],
    parquet: { type: 'INT64', converted_type: 'TIMESTAMP_MILLIS' },
    fits: isDate,
    misfit: expected('a valid Date in the years 1 to 9999'),
    put: (value) => `putInt64(${value}.getTime())`,
    bounds: 'numbers',
    readBound: (bound) => (bound as Date).getTime(),
  },
  date: {
    glue: 'date',
    athena: ['date'],
    parquet: { type: 'INT32', converted_type: 'DATE' },
    fits: isDate,
    misfit: expected('a valid Date in the years 1 to 9999'),
    put: (value) => `putInt32(Math.floor(${value}.getTime() / ${MILLISECONDS_PER_DAY}))`,
    bounds: 'numbers',
    readBound: (bound) => (bound as Date).getTime() / MILLISECONDS_PER_DAY,
    text: (value) => (value as Date).toISOString().slice(0, 10),
  },
  decimal: DECIMAL,
}

/** Returns the shortest number that rounds to the same single; as a double it would show digits that nobody wrote. */
function shortestSingle(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits))
    if (Math.fround(short) === value) return short
  }
  return value
}
