import { built, notHere, isDecimal, named, refused, same, sql, typed, type Rules } from './rules.ts'

const PAIRS = `agg_list({'k': $1, 'v': $2})`
const KEYED = `list_filter(${PAIRS}, lambda _x: _x.k IS NOT NULL)`
/** The first value of each key. */
const FIRSTS = `list_filter(${KEYED}, lambda _x, _n: list_position(list_transform(${KEYED}, lambda _y: _y.k), _x.k) = _n)`

/**
 * Translation rules for aggregate and window functions. https://trino.io/docs/current/functions/aggregate.html
 * https://trino.io/docs/current/functions/window.html
 */
export const AGGREGATES: Rules = {
  any_value: same(1),
  approx_distinct: built(({ args }) => {
    if (args.length > 2) throw notHere('approx_distinct of several', 'use a row of them')
    return 'agg_approx_count_distinct($1)'
  }),
  approx_most_frequent: refused('count and order'),
  approx_percentile: named('quantile_disc', 2),
  approx_set: refused('use approx_distinct'),
  arbitrary: named('any_value', 1),
  array_agg: same(1),
  // The result keeps the scale of a decimal.
  avg: typed([1], 'agg_avg($1)', ([type = '']) =>
    isDecimal(type)
      ? `CAST(agg_avg($1) AS ${type})`
      : type === 'FLOAT'
        ? 'CAST(agg_avg($1) AS FLOAT)'
        : 'agg_avg($1)',
  ),
  bitwise_and_agg: named('bit_and', 1),
  bitwise_or_agg: named('bit_or', 1),
  bool_and: same(1),
  bool_or: same(1),
  checksum: refused('use count and sum'),
  corr: same(2),
  count: same(0, 1),
  count_star: same(0),
  count_if: same(1),
  covar_pop: same(2),
  covar_samp: same(2),
  every: named('bool_and', 1),
  geometric_mean: named('geomean', 1),
  histogram: same(1),
  kurtosis: same(1),
  listagg: refused('use array_join(array_agg(x ORDER BY y), …)'),
  map_agg: sql(
    `CASE WHEN len(list_distinct(list_transform(${KEYED}, lambda _x: _x.k))) = len(${KEYED})
      THEN map_from_entries(${KEYED}) ELSE map_from_entries(${FIRSTS}) END`,
  ),
  map_union: refused('group UNNEST of the maps and use map_agg'),
  max: same(1, 2),
  max_by: sql('agg_arg_max_null($1, $2)', 'agg_arg_max($1, $2, $3)'),
  merge: refused('use approx_distinct'),
  min: same(1, 2),
  min_by: sql('agg_arg_min_null($1, $2)', 'agg_arg_min($1, $2, $3)'),
  multimap_agg: refused('group by the key, use array_agg, then map_agg'),
  numeric_histogram: refused('use width_bucket'),
  qdigest_agg: refused('use approx_percentile'),
  reduce_agg: refused('use reduce(array_agg(x), …)'),
  regr_intercept: same(2),
  regr_slope: same(2),
  skewness: refused('compute it from avg of powers'),
  stddev: same(1),
  stddev_pop: same(1),
  stddev_samp: same(1),
  sum: typed([1], 'agg_sum($1)', ([type = '']) =>
    type === 'FLOAT' ? 'CAST(agg_sum($1) AS FLOAT)' : 'agg_sum($1)',
  ),
  tdigest_agg: refused('use approx_percentile'),
  var_pop: same(1),
  var_samp: same(1),
  variance: same(1),
  cume_dist: same(0),
  dense_rank: same(0),
  first_value: same(1),
  lag: same(1, 2, 3),
  last_value: same(1),
  lead: same(1, 2, 3),
  nth_value: same(2),
  ntile: same(1),
  percent_rank: same(0),
  rank: same(0),
  row_number: same(0),
}
