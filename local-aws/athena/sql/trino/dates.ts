import { literal } from '../engine.ts'
import { fromJoda, fromMysql } from './formats.ts'
import {
  built,
  isInstant,
  isNull,
  notHere,
  refused,
  same,
  sql,
  typed,
  wrongTypes,
  type Call,
  type Rule,
  type Rules,
} from './rules.ts'
import { constantText, type Node } from './tree.ts'

const UNITS = ['millisecond', 'second', 'minute', 'hour', 'day', 'week', 'month', 'quarter', 'year']
const OF_DATES = ['day', 'week', 'month', 'quarter', 'year']

/** Makes a rule for a function of an instant or a date. */
const ofInstant = (template: string): Rule =>
  typed([1], template, ([type = ''], call) => {
    if (!isInstant(type) && !isNull(type)) throw wrongTypes(call, [type])
    return template
  })

/** Returns the unit that a call names. */
function unitOf({ name, args }: Call, type: string): string {
  const unit = constantText(args[0])?.toLowerCase()
  if (unit === undefined) throw notHere(`${name} with a computed unit`, 'name the unit')
  const units = type === 'DATE' ? OF_DATES : UNITS
  if (units.includes(unit)) return unit
  throw notHere(
    `${name} of a ${type === 'DATE' ? 'date' : 'timestamp'} by '${unit}'`,
    `expected one of ${units.join(', ')}`,
  )
}

function checkInstants(call: Call, types: readonly string[]): void {
  if (!types.every((type) => isInstant(type) || isNull(type))) throw wrongTypes(call, types)
}

/** Casts to DATE if the argument was one: DuckDB returns a timestamp. */
const asDay = (type: string, value: string) => (type === 'DATE' ? `CAST(${value} AS DATE)` : value)

/** Makes the rule of `date_format` or `format_datetime`, whose format must be constant. */
function formatted(translate: (name: string, format: string) => string): Rule {
  return typed([2], `strftime($1, '%Y')`, ([type = ''], call) => {
    checkInstants(call, [type])
    const format = constantText(call.args[1])
    if (format === undefined)
      throw notHere(`${call.name} with a computed format`, 'write the format as a text')
    return `strftime(CAST($1 AS TIMESTAMP), ${literal(translate(call.name, format))})`
  })
}

/** Makes the rule of `date_parse` or `parse_datetime`, whose format must be constant. */
function parsed(translate: (name: string, format: string) => string, value: (read: string) => string): Rule {
  return built(({ name, args }) => {
    const format = constantText(args[1])
    if (args.length !== 2 || format === undefined) {
      throw notHere(`${name} with a computed format`, 'write the format as a text')
    }
    return value(`strptime($1, ${literal(translate(name, format))})`)
  })
}

const stamped = (format: string) => `strftime(CAST($1 AS TIMESTAMP), '${format}')`

/** Translation rules for functions of dates and times. https://trino.io/docs/current/functions/datetime.html */
export const DATES: Rules = {
  current_timezone: sql(`'UTC'`),
  date: built(() => ({ sql: 'athena_cast_date($1)', args: [] })),
  date_add: typed([3], `$3 + to_days(CAST($2 AS INTEGER))`, ([, , type = ''], call) => {
    checkInstants(call, [type])
    return asDay(type, `($3 + CAST($2 AS INTEGER) * INTERVAL 1 ${unitOf(call, type)})`)
  }),
  // Counts whole units that have passed; DuckDB's date_diff counts boundaries.
  date_diff: typed([3], 'date_sub($1, $2, $3)', ([, one = '', other = ''], call) => {
    checkInstants(call, [one, other])
    const unit = unitOf(call, one === 'DATE' && other === 'DATE' ? 'DATE' : 'TIMESTAMP')
    return WHOLE_MONTHS[unit] === undefined
      ? `date_sub('${unit}', $2, $3)`
      : `CAST(trunc(${MONTHS} / ${WHOLE_MONTHS[unit]}) AS BIGINT)`
  }),
  date_format: formatted(fromMysql),
  date_parse: parsed(fromMysql, (read) => read),
  date_trunc: typed([2], 'date_trunc($1, $2)', ([, type = ''], call) => {
    checkInstants(call, [type])
    return asDay(type, `date_trunc('${unitOf(call, type)}', $2)`)
  }),
  day: ofInstant('day($1)'),
  day_of_month: ofInstant('day($1)'),
  day_of_week: ofInstant('isodow($1)'),
  day_of_year: ofInstant('dayofyear($1)'),
  dow: ofInstant('isodow($1)'),
  doy: ofInstant('dayofyear($1)'),
  format_datetime: formatted(fromJoda),
  from_iso8601_date: sql(
    `CASE WHEN regexp_full_match($1, '\\d{4}-\\d{2}-\\d{2}') THEN CAST($1 AS DATE)
      ELSE fail('INVALID_FUNCTION_ARGUMENT: Invalid format: "' || $1 || '"', DATE '2000-01-01') END`,
  ),
  // Another zone would have to be kept with each value.
  from_iso8601_timestamp: sql(
    `CASE WHEN regexp_matches($1, 'T.*[+-]\\d{2}:?\\d{2}$') AND NOT regexp_matches($1, '[+-]00:?00$')
      THEN fail('NOT_SUPPORTED: from_iso8601_timestamp of another zone than UTC is not implemented here: ' || $1, CAST($1 AS TIMESTAMPTZ))
      ELSE CAST($1 AS TIMESTAMPTZ) END`,
  ),
  from_unixtime: sql('make_timestamptz(CAST(round(CAST($1 AS DOUBLE) * 1000) * 1000 AS BIGINT))'),
  hour: ofInstant('hour($1)'),
  human_readable_seconds: refused('divide by 3600'),
  last_day_of_month: ofInstant('last_day($1)'),
  millisecond: ofInstant('millisecond($1) % 1000'),
  minute: ofInstant('minute($1)'),
  month: ofInstant('month($1)'),
  now: same(0),
  parse_datetime: parsed(fromJoda, (read) => `timezone('UTC', ${read})`),
  parse_duration: refused('multiply the number'),
  quarter: ofInstant('quarter($1)'),
  second: ofInstant('second($1)'),
  timezone_hour: sql('CASE WHEN $1 IS NOT NULL THEN 0::BIGINT END'),
  timezone_minute: sql('CASE WHEN $1 IS NOT NULL THEN 0::BIGINT END'),
  to_iso8601: typed([1], stamped('%Y'), ([type = ''], call) => {
    checkInstants(call, [type])
    if (type === 'DATE') return stamped('%Y-%m-%d')
    return stamped(type === 'TIMESTAMP WITH TIME ZONE' ? '%Y-%m-%dT%H:%M:%S.%gZ' : '%Y-%m-%dT%H:%M:%S.%g')
  }),
  to_milliseconds: refused('use to_unixtime'),
  to_unixtime: ofInstant('epoch($1)'),
  week: ofInstant('week($1)'),
  week_of_year: ofInstant('week($1)'),
  year: ofInstant('year($1)'),
  year_of_week: ofInstant('isoyear($1)'),
  yow: ofInstant('isoyear($1)'),
}

/** Number of months in the longer units. */
const WHOLE_MONTHS: Readonly<Record<string, number>> = { month: 1, quarter: 3, year: 12 }

/**
 * Months between two instants: as in Joda, a month is whole if adding it, cut to the month's end, does not overshoot.
 */
const APART = '(year($3) - year($2)) * 12 + month($3) - month($2)'
const MONTHS = `(CASE
  WHEN $3 >= $2 THEN ${APART} - CASE WHEN $2 + (${APART}) * INTERVAL 1 MONTH > $3 THEN 1 ELSE 0 END
  ELSE ${APART} + CASE WHEN $2 + (${APART}) * INTERVAL 1 MONTH < $3 THEN 1 ELSE 0 END END)`

/**
 * Parts of a date or time that EXTRACT accepts in Trino, with DuckDB's name of each; empty for a part that is refused.
 */
export const EXTRACTED: Readonly<Record<string, string>> = {
  year: 'year',
  quarter: 'quarter',
  month: 'month',
  week: 'week',
  day: 'day',
  day_of_month: 'day',
  day_of_week: 'isodow',
  dow: 'isodow',
  isodow: '',
  day_of_year: 'doy',
  doy: 'doy',
  year_of_week: 'isoyear',
  yow: 'isoyear',
  hour: 'hour',
  minute: 'minute',
  second: 'second',
}

/**
 * Names of functions that, given a timestamp with a time zone other than UTC, use its local time and not its instant.
 */
export const READ_ON_CLOCKS: ReadonlySet<string> = new Set([
  'date',
  'date_format',
  'day',
  'day_of_month',
  'day_of_week',
  'day_of_year',
  'dow',
  'doy',
  'format_datetime',
  'hour',
  'last_day_of_month',
  'millisecond',
  'minute',
  'month',
  'quarter',
  'second',
  'week',
  'week_of_year',
  'year',
  'year_of_week',
  'yow',
])

/**
 * Functions that return a timestamp with a time zone other than UTC, by name. Each returns the SQL of the instant and
 * of the local time; undefined if the arguments make it return something else.
 */
export const ZONED: Readonly<
  Record<string, (args: readonly Node[]) => { instant: string; local: string } | undefined>
> = {
  at_timezone: () => ({ instant: 'CAST($1 AS TIMESTAMPTZ)', local: 'timezone($2, CAST($1 AS TIMESTAMPTZ))' }),
  with_timezone: () => ({ instant: 'timezone($2, CAST($1 AS TIMESTAMP))', local: 'CAST($1 AS TIMESTAMP)' }),
  from_unixtime: (args) =>
    args.length === 2
      ? {
          instant: 'to_timestamp(CAST($1 AS DOUBLE))',
          local: 'timezone($2, to_timestamp(CAST($1 AS DOUBLE)))',
        }
      : undefined,
}
