import type { SchemaTree } from 'hyparquet'
import { isListLike } from 'hyparquet/src/schema.js'
import { glueType, type ColumnSpec } from '../../core/columns.ts'
import { kindOfLeaf } from '../../core/parquet-schema.ts'
import { elementOf, type ColumnTrees } from '../parquet-file.ts'

/**
 * Differences between the columns of published files and those that the present code declares. Types are those of
 * Athena's DDL.
 */
export interface ColumnChanges {
  /** Columns that only the present code has. */
  readonly added: readonly { readonly name: string; readonly type: string }[]
  /** Columns that only the published files have. */
  readonly gone: readonly { readonly name: string; readonly type: string }[]
  /** Columns whose type differs, with their published type (`before`) and their present one (`after`). */
  readonly changed: readonly { readonly name: string; readonly before: string; readonly after: string }[]
  /** Names of columns with the same type in both. */
  readonly same: readonly string[]
}

/** Types of columns in Athena's DDL, by name, in the order of the columns. */
export type ColumnTypes = ReadonlyMap<string, string>

/** Compares the columns of published files with those of the present code, by name. */
export function compareColumns(before: ColumnTypes, after: ColumnTypes): ColumnChanges {
  const only = (of: ColumnTypes, other: ColumnTypes) =>
    [...of].filter(([name]) => !other.has(name)).map(([name, type]) => ({ name, type }))
  const both = [...after].flatMap(([name, type]) =>
    before.has(name) ? [{ name, before: before.get(name)!, after: type }] : [],
  )
  return {
    added: only(after, before),
    gone: only(before, after),
    changed: both.filter((column) => column.before !== column.after),
    same: both.filter((column) => column.before === column.after).map(({ name }) => name),
  }
}

/** Returns the types that the columns of a Parquet file have in Athena's DDL. Structs and maps are `struct`. */
export const storedTypes = (trees: ColumnTrees): ColumnTypes =>
  new Map([...trees].map(([name, tree]) => [name, typeOf(tree)]))

/** Returns the types that a dataset's columns have in Athena's DDL. */
export const declaredTypes = (columns: readonly ColumnSpec[]): ColumnTypes =>
  new Map(columns.map((column) => [column.name, glueType(column)]))

function typeOf(tree: SchemaTree): string {
  if (tree.children.length > 0) return isListLike(tree) ? `array<${typeOf(elementOf(tree)!)}>` : 'struct'
  const { type, precision, scale } = tree.element
  const glue = kindOfLeaf(tree.element)?.glue ?? String(type).toLowerCase()
  return precision === undefined ? glue : `${glue}(${precision},${scale ?? 0})`
}
