/**
 * What Athena's SQL has and DuckDB's lacks or means otherwise, as macros. Parameters carry an underscore so that
 * they never hide a column.
 * https://docs.aws.amazon.com/athena/latest/ug/functions.html
 */
export const DIALECT = [
  ['approx_distinct(_x)', 'approx_count_distinct(_x)'],
  ['approx_percentile(_x, _p)', 'approx_quantile(_x, _p)'],
  ['array_join(_a, _d)', 'array_to_string(_a, _d)'],
  ['array_max(_a)', 'list_max(_a)'],
  ['array_min(_a)', 'list_min(_a)'],
  ['cardinality(_a)', 'len(_a)'],
  ['codepoint(_s)', 'ord(_s)'],
  ['date_add(_unit, _n, _t)', `_t + _n * ${byUnit()}`],
  ['date_format(_t, _format)', byFormat((format) => `strftime(_t, '${format}')`, 'date_format')],
  ['date_parse(_s, _format)', byFormat((format) => `strptime(_s, '${format}')`, 'date_parse')],
  ['day_of_month(_t)', 'day(_t)'],
  ['day_of_week(_t)', 'isodow(_t)'],
  ['day_of_year(_t)', 'dayofyear(_t)'],
  ['element_at(_x, _i)', '_x[_i]'],
  ['from_iso8601_date(_s)', 'CAST(_s AS DATE)'],
  ['from_iso8601_timestamp(_s)', 'CAST(_s AS TIMESTAMPTZ)'],
  ['from_unixtime(_n)', 'make_timestamp(CAST(CAST(_n AS DOUBLE) * 1000000 AS BIGINT))'],
  ['is_nan(_x)', 'isnan(_x)'],
  [
    'json_extract_scalar(_j, _path)',
    "CASE WHEN json_type(_j, _path) IN ('OBJECT', 'ARRAY') THEN NULL ELSE json_extract_string(_j, _path) END",
  ],
  ['json_format(_j)', 'CAST(_j AS VARCHAR)'],
  ['json_parse(_s)', 'CAST(_s AS JSON)'],
  ['levenshtein_distance(_a, _b)', 'levenshtein(_a, _b)'],
  ['rand()', 'random()'],
  ['regexp_like(_s, _pattern)', 'regexp_matches(_s, _pattern)'],
  // Athena replaces every match, DuckDB only the first unless told.
  ['regexp_replace(_s, _pattern, _by)', "system.main.regexp_replace(_s, _pattern, _by, 'g')"],
  ['sequence(_from, _to)', 'generate_series(_from, _to)'],
  ['slice(_a, _start, _length)', 'list_slice(_a, _start, _start + _length - 1)'],
  ['to_iso8601(_t)', "strftime(_t, '%Y-%m-%dT%H:%M:%S.%g')"],
  ['to_unixtime(_t)', 'epoch(_t)'],
  ['truncate(_x)', 'trunc(_x)'],
  ['url_extract_host(_s)', "regexp_extract(_s, '^[a-z]+://([^/:]+)', 1)"],
]
  .map(([signature, body]) => `CREATE MACRO memory.main.${signature} AS ${body};`)
  .join('\n')

function byUnit(): string {
  const units = ['millisecond', 'second', 'minute', 'hour', 'day', 'week', 'month', 'quarter', 'year']
  const cases = units.map((unit) => `WHEN '${unit}' THEN INTERVAL 1 ${unit}`)
  return `CASE lower(_unit) ${cases.join(' ')} END`
}

/**
 * DuckDB wants its formats as constants, in C's notation; Athena's are MySQL's. So the usual ones are written out.
 * https://trino.io/docs/current/functions/datetime.html#mysql-date-functions
 */
function byFormat(call: (format: string) => string, name: string): string {
  const dates = ['%Y-%m-%d', '%Y/%m/%d', '%Y%m%d', '%d/%m/%Y', '%m/%d/%Y', '%d.%m.%Y', '%Y-%m']
  const times = ['', ' %H:%i', ' %H:%i:%s', 'T%H:%i:%s', 'T%H:%i:%sZ', ' %H:%i:%s.%f', 'T%H:%i:%s.%fZ']
  const formats = dates.flatMap((date) => times.map((time) => `${date}${time}`))
  const cases = formats.map((format) => `WHEN '${format}' THEN ${call(inC(format))}`)
  const unknown = `error('${name}: format not known here: ' || _format)`
  return `CASE _format ${cases.join(' ')} ELSE ${unknown} END`
}

function inC(format: string): string {
  return format.replace('%i', '%M').replace('%s', '%S')
}

/** Settings that make DuckDB's answers those of Athena. */
export const SETTINGS = ["TimeZone = 'UTC'", 'integer_division = true', "default_null_order = 'NULLS LAST'"]
