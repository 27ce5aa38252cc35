import {
  built,
  decimalOf,
  isDecimal,
  isFloat,
  isInteger,
  named,
  refused,
  same,
  sql,
  typed,
  wrongTypes,
  type Rules,
} from './rules.ts'

/** Returns NULL if any argument is NULL; DuckDB skips those. */
const extreme = (name: string) =>
  built(({ args }) => {
    const all = args.map((_, index) => `$${index + 1}`)
    return `CASE WHEN ${all.map((arg) => `${arg} IS NOT NULL`).join(' AND ')} THEN ${name}(${all.join(', ')}) END`
  })

const LOGARITHM = (name: string) =>
  sql(
    `CASE WHEN $1 = 0 THEN '-Infinity'::DOUBLE WHEN $1 < 0 THEN 'NaN'::DOUBLE ELSE ${name}(CAST($1 AS DOUBLE)) END`,
  )

const DIGIT = `CAST(strpos('0123456789abcdefghijklmnopqrstuvwxyz', _x) - 1 AS BIGINT)`
const FROM_BASE = `list_reduce(list_transform(string_split(lower(ltrim($1, '+-')), ''), lambda _x: ${DIGIT}), lambda _s, _x: _s * $2 + _x)`

/** Casts a floating-point result to the argument's type. */
const kept = (type: string, value: string) => (isFloat(type) ? `CAST(${value} AS ${type})` : value)

/** Rounds half away from zero; a decimal keeps its scale. */
function rounding(name: 'round' | 'trunc') {
  return typed([1, 2], `${name}($1)`, ([type = '', places], call) => {
    if (places === undefined) {
      if (isInteger(type)) return '$1'
      if (!isDecimal(type)) return kept(type, `${name}($1)`)
      const [precision, scale] = decimalOf(type)
      const width = Math.min(38, Math.max(1, precision - scale + (name === 'round' && scale > 0 ? 1 : 0)))
      return `CAST(${name}($1) AS DECIMAL(${width},0))`
    }
    if (!isInteger(places)) throw wrongTypes(call, [type, places])
    if (!isDecimal(type)) {
      const scaled = `${name}(CAST($1 AS DOUBLE) * pow(10, $2)) / pow(10, $2)`
      if (isInteger(type)) return `CAST(${scaled} AS ${type === 'INTEGER_LITERAL' ? 'INTEGER' : type})`
      return kept(type, name === 'round' ? 'round($1, $2)' : scaled)
    }
    const [precision, scale] = decimalOf(type)
    const width = Math.min(38, precision + (name === 'round' ? 1 : 0))
    const value =
      name === 'round'
        ? 'round($1, $2)'
        : `$1 - sign($1) * (abs($1) % CAST(pow(10, -$2) AS DECIMAL(38,${scale})))`
    return `CAST(${value} AS DECIMAL(${width},${scale}))`
  })
}

/** Translation rules for functions of numbers. https://trino.io/docs/current/functions/math.html */
export const NUMBERS: Rules = {
  abs: same(1),
  acos: same(1),
  asin: same(1),
  atan: same(1),
  atan2: same(2),
  beta_cdf: refused('compute it in Python'),
  cbrt: sql('CASE WHEN pow(round(cbrt($1)), 3) = $1 THEN round(cbrt($1)) ELSE cbrt(CAST($1 AS DOUBLE)) END'),
  ceil: same(1),
  ceiling: named('ceil', 1),
  cos: same(1),
  cosh: same(1),
  cosine_similarity: refused('sum the products over zip_with'),
  degrees: same(1),
  e: sql('exp(1.0::DOUBLE)'),
  exp: same(1),
  floor: same(1),
  from_base: sql(`${FROM_BASE} * CASE WHEN starts_with($1, '-') THEN -1 ELSE 1 END`),
  greatest: extreme('greatest'),
  infinity: sql(`'Infinity'::DOUBLE`),
  inverse_normal_cdf: refused('compute it in Python'),
  is_finite: named('isfinite', 1),
  is_infinite: named('isinf', 1),
  is_nan: named('isnan', 1),
  least: extreme('least'),
  ln: LOGARITHM('ln'),
  log: sql('ln(CAST($2 AS DOUBLE)) / ln(CAST($1 AS DOUBLE))'),
  log10: LOGARITHM('log10'),
  log2: LOGARITHM('log2'),
  mod: typed([2], '$1 % $2', (types) =>
    types.some(isFloat)
      ? '$1 % $2'
      : `CASE WHEN $2 = 0 THEN fail('DIVISION_BY_ZERO: Division by zero', $1 % $2) ELSE $1 % $2 END`,
  ),
  nan: sql(`'NaN'::DOUBLE`),
  normal_cdf: refused('compute it in Python'),
  pi: same(0),
  pow: sql('pow(CAST($1 AS DOUBLE), CAST($2 AS DOUBLE))'),
  power: sql('pow(CAST($1 AS DOUBLE), CAST($2 AS DOUBLE))'),
  radians: same(1),
  rand: sql(
    'random()',
    'CAST(floor(random() * $1) AS BIGINT)',
    '$1 + CAST(floor(random() * ($2 - $1)) AS BIGINT)',
  ),
  random: sql(
    'random()',
    'CAST(floor(random() * $1) AS BIGINT)',
    '$1 + CAST(floor(random() * ($2 - $1)) AS BIGINT)',
  ),
  round: rounding('round'),
  sign: typed(
    [1],
    'sign($1)',
    ([type = '']) =>
      `CAST(sign($1) AS ${isDecimal(type) ? 'DECIMAL(1,0)' : type === 'INTEGER_LITERAL' ? 'INTEGER' : type})`,
  ),
  sin: same(1),
  sinh: same(1),
  sqrt: sql(`CASE WHEN $1 < 0 THEN 'NaN'::DOUBLE ELSE sqrt(CAST($1 AS DOUBLE)) END`),
  tan: same(1),
  tanh: same(1),
  to_base: sql(`CASE WHEN $1 < 0 THEN '-' ELSE '' END || lower(to_base(abs($1), $2))`),
  truncate: rounding('trunc'),
  width_bucket: sql(
    'CAST(len(list_filter($2, lambda _x: _x <= $1)) AS BIGINT)',
    `CAST(CASE WHEN $2 < $3 THEN CASE WHEN $1 < $2 THEN 0 WHEN $1 >= $3 THEN $4 + 1 ELSE floor(CAST($1 - $2 AS DOUBLE) * $4 / ($3 - $2)) + 1 END
      WHEN $1 > $2 THEN 0 WHEN $1 <= $3 THEN $4 + 1 ELSE floor(CAST($2 - $1 AS DOUBLE) * $4 / ($2 - $3)) + 1 END AS BIGINT)`,
  ),
  wilson_interval_lower: refused('compute it with sqrt'),
  wilson_interval_upper: refused('compute it with sqrt'),
  // Bits: https://trino.io/docs/current/functions/bitwise.html
  bit_count: sql(
    `CAST(bit_count(CASE WHEN $2 = 64 THEN CAST($1 AS BIGINT) ELSE CAST($1 AS BIGINT) & ((1::BIGINT << $2) - 1) END) AS BIGINT)`,
  ),
  bitwise_and: sql('CAST($1 AS BIGINT) & CAST($2 AS BIGINT)'),
  bitwise_left_shift: sql('CAST($1 AS BIGINT) << CAST($2 AS BIGINT)'),
  bitwise_not: sql('~CAST($1 AS BIGINT)'),
  bitwise_or: sql('CAST($1 AS BIGINT) | CAST($2 AS BIGINT)'),
  bitwise_right_shift: sql(
    `CASE WHEN $1 < 0 THEN fail('NOT_SUPPORTED: bitwise_right_shift of a negative number is not implemented here', 0::BIGINT)
      ELSE CAST($1 AS BIGINT) >> CAST($2 AS BIGINT) END`,
  ),
  bitwise_right_shift_arithmetic: sql('CAST($1 AS BIGINT) >> CAST($2 AS BIGINT)'),
  bitwise_xor: sql('xor(CAST($1 AS BIGINT), CAST($2 AS BIGINT))'),
}
