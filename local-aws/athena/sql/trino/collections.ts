import {
  built,
  isInteger,
  isList,
  isMap,
  isNull,
  refused,
  same,
  sql,
  typed,
  wrongTypes,
  type Rule,
  type Rules,
  isNumber,
  isText,
  notHere,
} from './rules.ts'

const HAS_NULL = 'list_count($1) < len($1)'
/** Keeps the order of first appearance, and NULL: DuckDB's function keeps neither. */
const distinct = (list: string) => `list_filter(${list}, lambda _d, _n: list_position(${list}, _d) = _n)`
const found = (list: string, item: string) => `list_position(${list}, ${item}) IS NOT NULL`

/** Results of the lambda for the elements of `$1`. */
const SAID = 'list_transform($1, $2)'
const matching = (none: string, some: string, otherwise: string) =>
  sql(
    `CASE WHEN $1 IS NULL THEN NULL WHEN list_contains(${SAID}, ${none}) THEN ${some}
      WHEN list_count(${SAID}) < len(${SAID}) THEN NULL ELSE ${otherwise} END`,
  )

const ofList = (
  counts: readonly number[],
  template: (count: number, types: readonly string[]) => string,
): Rule =>
  typed(counts, template(counts[0]!, []), (types, call) => {
    if (!isList(types[0]!) && !isNull(types[0]!)) throw wrongTypes(call, types)
    return template(call.args.length, types)
  })

const REDUCED = 'list_transform([list_reduce($1, $3, $2)], $4)[1]'
const ENTRY = "{'k': apply($2, _x.key, _x.value), 'v': _x.value}"

/**
 * Translation rules for functions of arrays and maps. https://trino.io/docs/current/functions/array.html
 * https://trino.io/docs/current/functions/map.html
 */
export const COLLECTIONS: Rules = {
  all_match: matching('false', 'false', 'true'),
  any_match: matching('true', 'true', 'false'),
  none_match: matching('true', 'false', 'true'),
  array_distinct: sql(distinct('$1')),
  array_except: sql(distinct(`list_filter($1, lambda _x: NOT (${found('$2', '_x')}))`)),
  array_intersect: sql(distinct(`list_filter($1, lambda _x: ${found('$2', '_x')})`)),
  array_join: sql(
    'array_to_string($1, $2)',
    'array_to_string(list_transform($1, lambda _x: coalesce(CAST(_x AS VARCHAR), $3)), $2)',
  ),
  array_max: sql(`CASE WHEN ${HAS_NULL} THEN NULL ELSE list_max($1) END`),
  array_min: sql(`CASE WHEN ${HAS_NULL} THEN NULL ELSE list_min($1) END`),
  array_position: sql(
    `CASE WHEN $1 IS NOT NULL AND $2 IS NOT NULL THEN CAST(coalesce(list_position($1, $2), 0) AS BIGINT) END`,
  ),
  array_remove: sql(`CASE WHEN $2 IS NOT NULL THEN list_filter($1, lambda _x: _x IS DISTINCT FROM $2) END`),
  array_sort: typed([1, 2], `list_sort($1, 'ASC', 'NULLS LAST')`, (types, call) => {
    if (call.args.length === 2)
      throw wrongTypes(
        {
          ...call,
          name: 'array_sort with a comparator, which is not implemented here: sort rows of the key and the value',
        },
        types,
      )
    return `list_sort($1, 'ASC', 'NULLS LAST')`
  }),
  array_union: sql(distinct('list_concat($1, $2)')),
  arrays_overlap: sql(
    `CASE WHEN $1 IS NULL OR $2 IS NULL THEN NULL WHEN list_has_any($1, $2) THEN true
      WHEN (${HAS_NULL} OR list_count($2) < len($2)) AND len($1) > 0 AND len($2) > 0 THEN NULL ELSE false END`,
  ),
  cardinality: typed([1], 'len($1)', ([type = ''], call) => {
    if (isMap(type)) return 'CAST(cardinality($1) AS BIGINT)'
    if (!isList(type)) throw wrongTypes(call, [type])
    return 'len($1)'
  }),
  combinations: refused('cross join UNNEST with itself'),
  contains: ofList(
    [2],
    () =>
      `CASE WHEN list_contains($1, $2) THEN true WHEN $2 IS NULL OR ${HAS_NULL} THEN NULL ELSE list_contains($1, $2) END`,
  ),
  element_at: typed([2], '$1[$2]', (types, call) => {
    if (isMap(types[0]!)) return '$1[$2]'
    if (!isList(types[0]!) || !isInteger(types[1]!)) throw wrongTypes(call, types)
    return `CASE WHEN $2 = 0 THEN fail('INVALID_FUNCTION_ARGUMENT: SQL array indices start at 1', $1[$2]) ELSE $1[$2] END`
  }),
  filter: ofList([2], () => 'list_filter($1, $2)'),
  flatten: ofList([1], () => 'flatten($1)'),
  ngrams: sql(
    'list_transform(generate_series(1, greatest(len($1) - $2 + 1, 1)), lambda _i: $1[_i:_i + $2 - 1])',
  ),
  reduce: typed([4], REDUCED, ([list = '', state = '']) => {
    const element = list.replace(/\[\]$/, '')
    const isAlike = [isNumber, isText].some((is) => is(element) && is(state)) || element === state
    if (isAlike || isNull(state) || isNull(element)) return REDUCED
    throw notHere(
      'reduce with a state of another type than the elements',
      'sum over UNNEST, or make the elements of that type with transform',
    )
  }),
  repeat: sql('list_transform(generate_series(1, $2), lambda _i: $1)'),
  // Descends if the end is lower than the start; without a step, dates advance by days.
  sequence: typed([2, 3], 'generate_series($1, $2)', (types, call) => {
    if (isInteger(types[0]!)) {
      return call.args.length === 3
        ? 'generate_series(CAST($1 AS BIGINT), CAST($2 AS BIGINT), CAST($3 AS BIGINT))'
        : 'generate_series(CAST($1 AS BIGINT), CAST($2 AS BIGINT), CASE WHEN $2 >= $1 THEN 1::BIGINT ELSE -1::BIGINT END)'
    }
    if (types[0] !== 'DATE' && types[0] !== 'TIMESTAMP') throw wrongTypes(call, types)
    const step =
      call.args.length === 3 ? '$3' : 'CASE WHEN $2 >= $1 THEN INTERVAL 1 DAY ELSE INTERVAL (-1) DAY END'
    const series = `generate_series(CAST($1 AS TIMESTAMP), CAST($2 AS TIMESTAMP), ${step})`
    return types[0] === 'DATE' ? `CAST(${series} AS DATE[])` : series
  }),
  shuffle: refused('order by rand()'),
  slice: sql(
    `CASE WHEN $2 = 0 THEN fail('INVALID_FUNCTION_ARGUMENT: SQL array indices start at 1', $1)
      WHEN $2 > 0 THEN $1[$2:$2 + $3 - 1] WHEN -$2 > len($1) THEN $1[2:1] ELSE $1[len($1) + $2 + 1:len($1) + $2 + $3] END`,
  ),
  transform: ofList([2], () => 'list_transform($1, $2)'),
  trim_array: sql('$1[1:len($1) - $2]'),
  zip: built(({ args }) => {
    const all = args.map((_, index) => `$${index + 1}`)
    const fields = all.map((arg, index) => `'field${index}': ${arg}[_i]`)
    return `list_transform(generate_series(1, greatest(${all.map((arg) => `len(${arg})`).join(', ')})), lambda _i: {${fields.join(', ')}})`
  }),
  zip_with: sql(
    'list_transform(generate_series(1, greatest(len($1), len($2))), lambda _i: apply($3, $1[_i], $2[_i]))',
  ),
  map: sql('map([], [])', 'map($1, $2)'),
  map_concat: same(2, 3, 4, 5),
  map_entries: sql(`list_transform(map_entries($1), lambda _x: {'field0': _x.key, 'field1': _x.value})`),
  map_filter: sql('map_from_entries(list_filter(map_entries($1), lambda _x: apply($2, _x.key, _x.value)))'),
  map_from_entries: same(1),
  map_keys: same(1),
  map_values: same(1),
  map_zip_with: refused('join the UNNESTs of both'),
  multimap_from_entries: refused('group UNNEST of it'),
  transform_keys: sql(`map_from_entries(list_transform(map_entries($1), lambda _x: ${ENTRY}))`),
  transform_values: sql(
    'map(map_keys($1), list_transform(map_entries($1), lambda _x: apply($2, _x.key, _x.value)))',
  ),
}
