import { AwsError } from '../../protocol/service.ts'

/** A parsed query string: the kind of statement, and its parts. */
export type Statement =
  | { readonly kind: 'select'; readonly sql: string }
  | { readonly kind: 'unload'; readonly sql: string; readonly location: string; readonly compression: string }
  /** EXPLAIN (TYPE IO, FORMAT JSON), which asks which tables a SELECT reads. */
  | { readonly kind: 'explain-io'; readonly sql: string }
  | { readonly kind: 'show-tables' }
  | { readonly kind: 'show-partitions'; readonly table: string }
  | { readonly kind: 'describe'; readonly table: string }

const NAME = String.raw`(?:[\w"\`]+\.)?["\`]?(\w+)["\`]?`
const UNLOAD = /^UNLOAD\s*\((.*)\)\s*TO\s*'((?:[^']|'')*)'(?:\s*WITH\s*\((.*)\))?$/is
const PROPERTY = /\s*(\w+)\s*=\s*'([^']*)'\s*(?:,|$)/gy
const EXPLAIN_IO =
  /^EXPLAIN\s*\(\s*(?:TYPE\s+IO\s*,\s*FORMAT\s+JSON|FORMAT\s+JSON\s*,\s*TYPE\s+IO)\s*\)(.*)$/is
const SHOW_TABLES = /^SHOW\s+TABLES(?:\s+IN\s+\w+)?$/i
const SHOW_PARTITIONS = new RegExp(`^SHOW\\s+PARTITIONS\\s+${NAME}$`, 'i')
const DESCRIBE = new RegExp(`^(?:DESCRIBE|DESC|SHOW\\s+COLUMNS\\s+(?:IN|FROM))\\s+${NAME}$`, 'i')

/** DuckDB's names of Parquet compressions by Athena's. */
const COMPRESSIONS: Readonly<Record<string, string>> = {
  SNAPPY: 'snappy',
  GZIP: 'gzip',
  ZSTD: 'zstd',
  LZ4: 'lz4',
  NONE: 'uncompressed',
}

/**
 * Parses a query string. Any statement of an unknown kind is returned as a SELECT, so that DuckDB's parser accepts or
 * refuses it.
 *
 * @throws AwsError InvalidRequestException for an UNLOAD with bad or unimplemented properties
 */
export function parseStatement(query: string): Statement {
  const sql = query.trim().replace(/;\s*$/, '').trim()
  const unload = UNLOAD.exec(sql)
  if (unload) return parseUnload(unload[1]!, unload[2]!.replaceAll("''", "'"), unload[3] ?? '')
  if (/^UNLOAD\b/i.test(sql)) {
    throw invalid(`UNLOAD: expected UNLOAD (SELECT …) TO 's3://…/' WITH (format = 'PARQUET'), found ${sql}`)
  }
  const explain = EXPLAIN_IO.exec(sql)
  if (explain) return { kind: 'explain-io', sql: explain[1]! }
  if (SHOW_TABLES.test(sql)) return { kind: 'show-tables' }
  const partitions = SHOW_PARTITIONS.exec(sql)
  if (partitions) return { kind: 'show-partitions', table: partitions[1]!.toLowerCase() }
  const describe = DESCRIBE.exec(sql)
  if (describe) return { kind: 'describe', table: describe[1]!.toLowerCase() }
  return { kind: 'select', sql }
}

/** Parses an UNLOAD. https://docs.aws.amazon.com/athena/latest/ug/unload.html */
function parseUnload(sql: string, location: string, properties: string): Statement {
  const given = parseProperties(properties)
  const { format, compression = 'GZIP', ...others } = given
  const unknown = Object.keys(others)
  if (unknown.length > 0) throw invalid(`UNLOAD: ${unknown.join(', ')} is not implemented here`)
  if (format?.toUpperCase() !== 'PARQUET') {
    throw invalid(
      `UNLOAD: expected format = 'PARQUET', found ${format ?? 'none'}: others are not implemented here`,
    )
  }
  const codec = COMPRESSIONS[compression.toUpperCase()]
  if (codec === undefined) {
    throw invalid(
      `UNLOAD: compression: expected one of ${Object.keys(COMPRESSIONS).join(', ')}, found ${compression}`,
    )
  }
  return { kind: 'unload', sql, location, compression: codec }
}

function parseProperties(text: string): Record<string, string> {
  const properties: Record<string, string> = {}
  PROPERTY.lastIndex = 0
  while (PROPERTY.lastIndex < text.trimEnd().length) {
    const match = PROPERTY.exec(text)
    if (!match) throw invalid(`UNLOAD: expected WITH (name = 'value', …), found ${text}`)
    properties[match[1]!.toLowerCase()] = match[2]!
  }
  return properties
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidRequestException', `${message}.`)
}
