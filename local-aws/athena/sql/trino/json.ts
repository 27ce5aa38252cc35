import { literal } from '../engine.ts'
import { built, notHere, refused, sql, type Call, type Rules } from './rules.ts'
import { constantText } from './tree.ts'

/** Translates a path of Trino, JSONPath such as `$.a["b c"][0]`, to DuckDB's. */
function pathOf({ name, args }: Call): string {
  const given = constantText(args[1])
  if (given === undefined) throw notHere(`${name} with a computed path`, 'write the path as a text')
  const path = given.replace(/^\s*lax\s+/, '').trim()
  if (!/^\$(?:\.[\w-]+|\[\d+\]|\["(?:[^"\\])*"\])*$/.test(path)) {
    throw notHere(`${name} with the path ${given}`, `use members and indices, such as $.a["b c"][0]`)
  }
  return literal(path.replace(/\["([^"]*)"\]/g, '."$1"').replace(/\.([\w-]*-[\w-]*)/g, '."$1"'))
}

const SCALAR = (value: string, path: string) =>
  `CASE WHEN json_type(${value}, ${path}) IN ('OBJECT', 'ARRAY', 'NULL') THEN NULL ELSE json_extract_string(${value}, ${path}) END`
/** NULL for invalid JSON. */
const VALID = 'CASE WHEN json_valid($1) THEN $1 END'
const scalar = built((call) => SCALAR(VALID, pathOf(call)))
const asArray = `CAST(from_json(CASE WHEN json_valid($1) AND json_type($1) = 'ARRAY' THEN $1 END, '["JSON"]') AS JSON[])`

/** Translation rules for functions of JSON. https://trino.io/docs/current/functions/json.html */
export const JSONS: Rules = {
  is_json_scalar: sql(`json_type($1) NOT IN ('OBJECT', 'ARRAY')`),
  json_array: refused('use CAST(ARRAY[…] AS JSON)'),
  json_array_contains: sql(`list_contains(${asArray}, CAST(to_json($2) AS JSON))`),
  json_array_get: sql(
    `CASE WHEN json_valid($1) AND json_type($1) = 'ARRAY' THEN json_extract($1, '$[' || CASE WHEN $2 < 0 THEN '#' || $2 ELSE CAST($2 AS VARCHAR) END || ']') END`,
  ),
  json_array_length: sql(
    `CASE WHEN json_valid($1) AND json_type($1) = 'ARRAY' THEN CAST(json_array_length($1) AS BIGINT) END`,
  ),
  json_exists: built((call) => `json_exists(${VALID}, ${pathOf(call)})`),
  json_extract: built((call) => `json_extract(${VALID}, ${pathOf(call)})`),
  json_extract_scalar: scalar,
  json_format: sql('CAST(json($1) AS VARCHAR)'),
  json_object: refused('use CAST(MAP(…) AS JSON)'),
  json_parse: sql('json($1)'),
  json_query: built((call) => `CAST(json_extract(${VALID}, ${pathOf(call)}) AS VARCHAR)`),
  json_size: built((call) => {
    const path = pathOf(call)
    return `CASE json_type(${VALID}, ${path}) WHEN 'ARRAY' THEN CAST(json_array_length($1, ${path}) AS BIGINT)
      WHEN 'OBJECT' THEN len(json_keys($1, ${path})) ELSE CASE WHEN json_exists($1, ${path}) THEN 0 END END`
  }),
  json_value: scalar,
}
