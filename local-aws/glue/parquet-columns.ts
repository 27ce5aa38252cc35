import { asyncBufferFromFile, parquetMetadataAsync, parquetSchema, type SchemaTree } from 'hyparquet'
import type { Column } from './model.ts'

/**
 * Reads the columns of a Parquet file from its footer, in the order of the file and with types in Glue's spelling.
 *
 * @throws Error for a file that is not Parquet; with code ENOENT if there is no file
 */
export async function parquetColumns(path: string): Promise<Column[]> {
  const metadata = await parquetMetadataAsync(await asyncBufferFromFile(path))
  return parquetSchema(metadata).children.map((child) => ({ Name: child.element.name, Type: typeOf(child) }))
}

/** Translates a Parquet type. https://github.com/apache/parquet-format/blob/master/LogicalTypes.md */
function typeOf(node: SchemaTree): string {
  const { type, converted_type: converted } = node.element
  if (type === undefined) return groupType(node)
  if (converted === 'DECIMAL' || node.element.logical_type?.type === 'DECIMAL') {
    return `decimal(${node.element.precision ?? 38},${node.element.scale ?? 0})`
  }
  if (type === 'INT64') return isTimestamp(node) ? 'timestamp' : 'bigint'
  if (type === 'INT32') return smallType(node)
  if (type === 'BYTE_ARRAY') return isText(node) ? 'string' : 'binary'
  return (
    { BOOLEAN: 'boolean', FLOAT: 'float', DOUBLE: 'double', INT96: 'timestamp' }[type as string] ?? 'binary'
  )
}

function groupType(node: SchemaTree): string {
  const { converted_type: converted, logical_type: logical } = node.element
  const [inner] = node.children
  if (inner && (converted === 'LIST' || logical?.type === 'LIST'))
    return `array<${typeOf(inner.children[0] ?? inner)}>`
  if (inner && (converted === 'MAP' || logical?.type === 'MAP')) {
    const [key, value] = inner.children
    return `map<${typeOf(key!)},${typeOf(value!)}>`
  }
  const fields = node.children.map((child) => `${child.element.name}:${typeOf(child)}`)
  return `struct<${fields.join(',')}>`
}

function isTimestamp({ element }: SchemaTree): boolean {
  return (
    Boolean(element.converted_type?.startsWith('TIMESTAMP')) || element.logical_type?.type === 'TIMESTAMP'
  )
}

function isText({ element }: SchemaTree): boolean {
  return (
    ['UTF8', 'ENUM', 'JSON'].includes(element.converted_type ?? '') || element.logical_type?.type === 'STRING'
  )
}

function smallType({ element }: SchemaTree): string {
  if (element.converted_type === 'DATE' || element.logical_type?.type === 'DATE') return 'date'
  if (element.converted_type === 'INT_8') return 'tinyint'
  if (element.converted_type === 'INT_16') return 'smallint'
  return 'int'
}

/** Types that Athena can read as any later type of their list. */
const WIDENINGS = [
  ['tinyint', 'smallint', 'int', 'bigint'],
  ['float', 'double'],
]

/**
 * Returns a message for each column of a file that Athena could not read as the table's column of the same name; none
 * if it could read all. Columns that only one of the two has are no problem.
 */
export function incompatibleColumns(found: readonly Column[], declared: readonly Column[]): string[] {
  const types = new Map(declared.map(({ Name, Type }) => [Name, normal(Type)]))
  return found.flatMap(({ Name, Type }) => {
    const expected = types.get(Name)
    const actual = normal(Type)
    if (expected === undefined || readsAs(actual, expected)) return []
    return [`${Name}: expected ${expected}, found ${actual}`]
  })
}

const normal = (type = '') => type.replaceAll(' ', '').toLowerCase().replaceAll('integer', 'int')

/**
 * Returns true if Athena can read values stored with the type `found` as the type `declared`: the types are equal, or
 * the declared one is a wider integer or floating-point type. Both are in Glue's spelling.
 */
export function readsAs(found: string | undefined, declared: string | undefined): boolean {
  const [actual, expected] = [normal(found), normal(declared)]
  if (actual === expected) return true
  return WIDENINGS.some((types) => types.includes(actual) && types.indexOf(actual) < types.indexOf(expected))
}
