const WHOLE = `split_part(ltrim(split_part(_t, 'e', 1), '-'), '.', 1)`
const FRACTION = `split_part(split_part(_t, 'e', 1), '.', 2)`
const DIGITS = `ltrim(${WHOLE} || ${FRACTION}, '0')`
const EXPONENT = `CASE WHEN ${WHOLE} <> '0' THEN length(${WHOLE}) - 1 ELSE length(ltrim(${FRACTION}, '0')) - length(${FRACTION}) - 1 END
  + coalesce(CAST(nullif(split_part(_t, 'e', 2), '') AS BIGINT), 0)`

/**
 * SQL that defines the DuckDB macro `athena_float_text`, which writes a floating-point number as Trino's CAST to
 * varchar does, such as `1.5E0`. Its argument `_t` is DuckDB's text of the number, which has the same digits.
 * https://github.com/trinodb/trino/blob/440/core/trino-main/src/main/java/io/trino/type/DoubleOperators.java
 */
export const DIALECT = `CREATE MACRO memory.main.athena_float_text(_t) AS CASE
  WHEN _t IS NULL THEN NULL WHEN _t = 'nan' THEN 'NaN' WHEN _t = 'inf' THEN 'Infinity' WHEN _t = '-inf' THEN '-Infinity'
  WHEN ${DIGITS} = '' THEN CASE WHEN starts_with(_t, '-') THEN '-0.0E0' ELSE '0.0E0' END
  ELSE CASE WHEN starts_with(_t, '-') THEN '-' ELSE '' END || left(${DIGITS}, 1) || '.'
    || coalesce(nullif(rtrim(substring(${DIGITS}, 2), '0'), ''), '0') || 'E' || (${EXPONENT}) END;`

/**
 * DuckDB settings for results like Athena's: time zone UTC, NULLs last in an ORDER BY, IEEE floating-point arithmetic.
 * Each is the end of a SET statement.
 */
export const SETTINGS = [
  "TimeZone = 'UTC'",
  "default_null_order = 'NULLS LAST'",
  'ieee_floating_point_ops = true',
]
