import type { Shape } from '../test/support/generated/generate.ts'

/** Makes statements that read the files of a pattern and write one Parquet file: the work of a generated dataset. */
export type Variant = (input: string, output: string) => readonly string[]

const LISTING_COLUMNS = `{id: 'VARCHAR', title: 'VARCHAR', company: 'STRUCT("name" VARCHAR)', description: 'VARCHAR',
  location: 'STRUCT(city VARCHAR, country VARCHAR, lat DOUBLE, lon DOUBLE)', salary: 'STRUCT("min" DOUBLE, "max" DOUBLE)',
  posted_at: 'TIMESTAMP', employment_type: 'VARCHAR', remote: 'BOOLEAN'}`

/** Removes tags with a regular expression. */
const REGEXP = `regexp_replace(description, '<[^>]*>', '', 'g')`
/** Removes tags by keeping the text after each one: the cheapest way that was found. */
const SPLIT = `array_to_string(list_transform(string_split(description, '<'), lambda piece: substr(piece, strpos(piece, '>') + 1)), '')`

const listings = (source: string, stripped: string) => `
  SELECT id, lower(title) AS title, company.name AS company, stripped AS description,
    length(stripped)::INT AS characters,
    (strlen(stripped) - strlen(replace(stripped, ' ', '')))::INT AS words,
    location.city AS city, location.country AS country, location.lat AS latitude, location.lon AS longitude,
    salary.min AS salary_min, salary.max AS salary_max, posted_at, employment_type, remote
  FROM (SELECT *, ${stripped} AS stripped FROM ${source})`

const explicit = (input: string, columns: string) =>
  `read_json('${input}', format = 'newline_delimited', columns = ${columns})`
const inferred = (input: string) => `read_json('${input}', format = 'newline_delimited')`

const copy = (query: string, output: string) =>
  `COPY (${query}) TO '${output}' (FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE 65536)`

const UNORDERED = 'SET preserve_insertion_order = false'

const EVENT_COLUMNS = `{id: 'BIGINT', "user": 'VARCHAR', "at": 'BIGINT', "position": 'INTEGER', price: 'DOUBLE',
  score: 'FLOAT', clicked: 'BOOLEAN', features: 'FLOAT[]', items: 'BIGINT[]', device: 'VARCHAR', width: 'INTEGER',
  height: 'INTEGER'}`

const events = (source: string) => `
  SELECT id, "user", epoch_ms("at") AS "at", "position", price, score, clicked, features, items, device,
    (width * height)::INT AS area
  FROM ${source}`

/** The same work in several statements; the bench compares with the fastest. */
export const STATEMENTS: Readonly<Record<Shape, Readonly<Record<string, Variant>>>> = {
  listings: {
    'explicit columns': (input, output) => [copy(listings(explicit(input, LISTING_COLUMNS), REGEXP), output)],
    'explicit columns, unordered': (input, output) => [
      UNORDERED,
      copy(listings(explicit(input, LISTING_COLUMNS), REGEXP), output),
    ],
    'explicit columns, unordered, tags by splitting': (input, output) => [
      UNORDERED,
      copy(listings(explicit(input, LISTING_COLUMNS), SPLIT), output),
    ],
    'inferred columns, unordered, tags by splitting': (input, output) => [
      UNORDERED,
      copy(listings(inferred(input), SPLIT), output),
    ],
  },
  events: {
    'explicit columns': (input, output) => [copy(events(explicit(input, EVENT_COLUMNS)), output)],
    'explicit columns, unordered': (input, output) => [
      UNORDERED,
      copy(events(explicit(input, EVENT_COLUMNS)), output),
    ],
    'inferred columns, unordered': (input, output) => [UNORDERED, copy(events(inferred(input)), output)],
  },
}
