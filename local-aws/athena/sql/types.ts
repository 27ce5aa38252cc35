import type { ColumnInfo } from '@aws-sdk/client-athena'
import {
  DuckDBArrayType,
  DuckDBDecimalType,
  DuckDBListType,
  DuckDBMapType,
  DuckDBStructType,
  DuckDBTypeId,
  type DuckDBType,
} from '@duckdb/node-api'
import type { Complete } from '../../protocol/shapes.ts'
import { ZONED_MEMBERS } from './trino/tree.ts'

const FROM_GLUE: Readonly<Record<string, string>> = {
  string: 'VARCHAR',
  boolean: 'BOOLEAN',
  tinyint: 'TINYINT',
  smallint: 'SMALLINT',
  int: 'INTEGER',
  integer: 'INTEGER',
  bigint: 'BIGINT',
  float: 'FLOAT',
  double: 'DOUBLE',
  timestamp: 'TIMESTAMP',
  date: 'DATE',
  binary: 'BLOB',
}

/**
 * Translates the name of a column type from the Glue catalog's spelling to DuckDB's.
 * https://docs.aws.amazon.com/athena/latest/ug/data-types.html
 *
 * @throws Error for a type that is not known
 */
export function duckdbType(glueType: string): string {
  const type = glueType.trim().toLowerCase()
  const simple = FROM_GLUE[type]
  if (simple !== undefined) return simple
  if (/^(var)?char\(\d+\)$/.test(type)) return 'VARCHAR'
  if (/^decimal\(\d+, ?\d+\)$/.test(type)) return type.toUpperCase()
  const [, kind, inner] = /^(array|map|struct)<(.*)>$/.exec(type) ?? []
  if (kind === 'array') return `${duckdbType(inner!)}[]`
  if (kind === 'map') return `MAP(${splitTypes(inner!).map(duckdbType).join(', ')})`
  if (kind === 'struct') return `STRUCT(${splitTypes(inner!).map(structField).join(', ')})`
  throw new Error(
    `Type: expected a type of the Glue catalog such as bigint or array<string>, found "${glueType}".`,
  )
}

function structField(field: string): string {
  const colon = field.indexOf(':')
  return `"${field.slice(0, colon).trim()}" ${duckdbType(field.slice(colon + 1))}`
}

/** Splits at commas outside brackets. */
function splitTypes(text: string): string[] {
  const parts = ['']
  let depth = 0
  for (const char of text) {
    if ('<('.includes(char)) depth += 1
    if ('>)'.includes(char)) depth -= 1
    if (char === ',' && depth === 0) parts.push('')
    else parts[parts.length - 1] += char
  }
  return parts
}

/** Athena's names of the types of results; any other type is varchar. */
const NAMES: Readonly<Partial<Record<DuckDBTypeId, string>>> = {
  [DuckDBTypeId.BOOLEAN]: 'boolean',
  [DuckDBTypeId.TINYINT]: 'tinyint',
  [DuckDBTypeId.SMALLINT]: 'smallint',
  [DuckDBTypeId.UTINYINT]: 'smallint',
  [DuckDBTypeId.INTEGER]: 'integer',
  [DuckDBTypeId.USMALLINT]: 'integer',
  [DuckDBTypeId.BIGINT]: 'bigint',
  [DuckDBTypeId.UINTEGER]: 'bigint',
  [DuckDBTypeId.UBIGINT]: 'bigint',
  // DuckDB counts and sums in 128 bits, Athena in 64.
  [DuckDBTypeId.HUGEINT]: 'bigint',
  [DuckDBTypeId.FLOAT]: 'float',
  [DuckDBTypeId.DOUBLE]: 'double',
  [DuckDBTypeId.DECIMAL]: 'decimal',
  [DuckDBTypeId.DATE]: 'date',
  [DuckDBTypeId.TIMESTAMP]: 'timestamp',
  [DuckDBTypeId.TIMESTAMP_S]: 'timestamp',
  [DuckDBTypeId.TIMESTAMP_MS]: 'timestamp',
  [DuckDBTypeId.TIMESTAMP_NS]: 'timestamp',
  [DuckDBTypeId.TIMESTAMP_TZ]: 'timestamp with time zone',
  [DuckDBTypeId.TIME]: 'time',
  [DuckDBTypeId.BLOB]: 'varbinary',
  [DuckDBTypeId.LIST]: 'array',
  [DuckDBTypeId.ARRAY]: 'array',
  [DuckDBTypeId.MAP]: 'map',
  [DuckDBTypeId.STRUCT]: 'row',
}

/**
 * Returns true for the type of the struct that stands for a timestamp with a time zone other than UTC, which DuckDB
 * lacks.
 */
export const isZoned = (type: DuckDBType): boolean =>
  type instanceof DuckDBStructType && type.entryNames.includes(ZONED_MEMBERS[2])

const nameOf = (type: DuckDBType) =>
  NAMES[isZoned(type) ? DuckDBTypeId.TIMESTAMP_TZ : type.typeId] ?? 'varchar'

/** Returns the description of a result column in the form in which GetQueryResults returns it. */
export function columnInfo(name: string, type: DuckDBType): Complete<ColumnInfo> {
  const decimal = type instanceof DuckDBDecimalType
  return {
    CatalogName: 'hive',
    SchemaName: '',
    TableName: '',
    Name: name,
    Label: name,
    Type: nameOf(type),
    Precision: decimal ? type.width : 0,
    Scale: decimal ? type.scale : 0,
    Nullable: 'UNKNOWN',
    CaseSensitive: nameOf(type) === 'varchar',
  }
}

/** Types of Athena that Hive, and so the files of an UNLOAD, cannot have. */
const NOT_IN_HIVE: Readonly<Partial<Record<DuckDBTypeId, string>>> = {
  [DuckDBTypeId.TIMESTAMP_TZ]: 'timestamp(3) with time zone',
  [DuckDBTypeId.TIME]: 'time(3)',
  [DuckDBTypeId.TIME_TZ]: 'time(3) with time zone',
  [DuckDBTypeId.INTERVAL]: 'interval day to second',
  [DuckDBTypeId.UUID]: 'uuid',
}

/**
 * Returns Athena's message for a column that UNLOAD cannot write because Hive lacks its type; undefined if it can.
 * https://github.com/trinodb/trino/blob/440/plugin/trino-hive/src/main/java/io/trino/plugin/hive/util/HiveTypeTranslator.java
 *
 * @param name result of DuckDB's `typeof` for the column, the only way to recognize a column of nothing but NULL
 */
export function unloadRefusal(type: DuckDBType, name: string): string | undefined {
  if (/"NULL"/.test(name)) return 'Unsupported Hive type: unknown'
  for (const part of partsOf(type)) {
    const missing =
      part.alias === 'JSON' ? 'json' : NOT_IN_HIVE[isZoned(part) ? DuckDBTypeId.TIMESTAMP_TZ : part.typeId]
    if (missing !== undefined) return `Unsupported Hive type: ${missing}`
    if (
      part instanceof DuckDBStructType &&
      part.entryNames.some((entry) => entry === '' || entry === 'field0')
    ) {
      return 'Anonymous row type is not supported in Hive. Please give each field a name'
    }
  }
  return undefined
}

/** Returns true if a type is, or contains at any depth, a floating-point type. */
export const holdsFloats = (type: DuckDBType): boolean =>
  [...partsOf(type)].some(({ typeId }) => [DuckDBTypeId.FLOAT, DuckDBTypeId.DOUBLE].includes(typeId))

/** Yields a type and all types inside it. */
function* partsOf(type: DuckDBType): Generator<DuckDBType> {
  yield type
  if (type instanceof DuckDBListType || type instanceof DuckDBArrayType) yield* partsOf(type.valueType)
  if (type instanceof DuckDBMapType) {
    yield* partsOf(type.keyType)
    yield* partsOf(type.valueType)
  }
  if (type instanceof DuckDBStructType) for (const entry of type.entryTypes) yield* partsOf(entry)
}

/**
 * Returns the type to which a column must be cast before it is written to Parquet, because Athena lacks DuckDB's type;
 * undefined if no cast is needed.
 */
export function exportType(type: DuckDBType): string | undefined {
  if (type instanceof DuckDBListType || type instanceof DuckDBArrayType) {
    const inner = exportType(type.valueType)
    return inner === undefined ? undefined : `${inner}[]`
  }
  if (type instanceof DuckDBStructType || type instanceof DuckDBMapType) return undefined
  if ([DuckDBTypeId.HUGEINT, DuckDBTypeId.UBIGINT, DuckDBTypeId.UINTEGER].includes(type.typeId))
    return 'BIGINT'
  return undefined
}
