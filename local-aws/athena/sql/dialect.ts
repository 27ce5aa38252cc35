const WHOLE = `split_part(ltrim(split_part(_t, 'e', 1), '-'), '.', 1)`
const FRACTION = `split_part(split_part(_t, 'e', 1), '.', 2)`
const DIGITS = `ltrim(${WHOLE} || ${FRACTION}, '0')`
const EXPONENT = `CASE WHEN ${WHOLE} <> '0' THEN length(${WHOLE}) - 1 ELSE length(ltrim(${FRACTION}, '0')) - length(${FRACTION}) - 1 END
  + coalesce(CAST(nullif(split_part(_t, 'e', 2), '') AS BIGINT), 0)`

/**
 * Macro that converts a floating-point number to text as Trino's CAST does: `1.5E0`. `_t` is DuckDB's text of the
 * number, which has the fewest digits, too.
 * https://github.com/trinodb/trino/blob/440/core/trino-main/src/main/java/io/trino/type/DoubleOperators.java
 */
export const DIALECT = `CREATE MACRO memory.main.athena_float_text(_t) AS CASE
  WHEN _t IS NULL THEN NULL WHEN _t = 'nan' THEN 'NaN' WHEN _t = 'inf' THEN 'Infinity' WHEN _t = '-inf' THEN '-Infinity'
  WHEN ${DIGITS} = '' THEN CASE WHEN starts_with(_t, '-') THEN '-0.0E0' ELSE '0.0E0' END
  ELSE CASE WHEN starts_with(_t, '-') THEN '-' ELSE '' END || left(${DIGITS}, 1) || '.'
    || coalesce(nullif(rtrim(substring(${DIGITS}, 2), '0'), ''), '0') || 'E' || (${EXPONENT}) END;`

/** Settings with which DuckDB answers as Athena does: UTC, NULLs last, IEEE floating point. */
export const SETTINGS = [
  "TimeZone = 'UTC'",
  "default_null_order = 'NULLS LAST'",
  'ieee_floating_point_ops = true',
]
