import { isDeepStrictEqual } from 'node:util'
import { readJsonFile, writeJsonFile, type DocumentKind } from '../home/json-file.ts'
import {
  partitionId,
  type CatalogPartition,
  type CatalogTable,
  type DeclaredTable,
  type StorageDescriptor,
} from './model.ts'

/**
 * A table on disk: one JSON file with its partitions. Thousands of partitions share a descriptor except for the
 * Location, so it is stored once: 1,000 partitions take about 150 kB, read and written in a few milliseconds.
 */
interface TableFile {
  readonly revision: number
  /** The template's declaration of the table when this file was written. */
  readonly declared: DeclaredTable
  readonly input: DeclaredTable
  readonly createdAt: number
  readonly updatedAt: number
  readonly descriptors: readonly StorageDescriptor[]
  readonly partitions: readonly StoredPartition[]
}

interface StoredPartition extends Omit<CatalogPartition, 'descriptor'> {
  readonly location: string | null
  /** Index into `descriptors`. */
  readonly descriptor: number
}

const KIND: DocumentKind = {
  what: 'a table of the catalog with its partitions',
  members: ['revision', 'declared', 'input', 'descriptors', 'partitions'],
  remedy:
    'Put a copy of it there that is whole, or delete it: the table is then as it was declared, without a partition, ' +
    'until its partitions are registered or crawled again.',
}

/**
 * Reads a table and its partitions from its file. Without a file, returns the declared table without partitions. If the
 * declaration has changed since the file was written, the table is described as declared now and keeps its partitions.
 *
 * @param now time of creation for a table without a file, in milliseconds since 1970
 *
 * @throws LocalAwsError CorruptState if the file cannot be read
 */
export async function readTable(path: string, declared: DeclaredTable, now: number): Promise<CatalogTable> {
  const file = await readJsonFile<TableFile>(path, KIND)
  const name = declared.Name
  if (!file)
    return { name, input: declared, revision: 0, createdAt: now, updatedAt: now, partitions: new Map() }
  const input = isDeepStrictEqual(file.declared, declared) ? file.input : declared
  const { revision, createdAt, updatedAt } = file
  return { name, input, revision, createdAt, updatedAt, partitions: expand(file) }
}

function expand(file: TableFile): Map<string, CatalogPartition> {
  const partitions = new Map<string, CatalogPartition>()
  for (const { location, descriptor, ...rest } of file.partitions) {
    const shared = file.descriptors[descriptor]
    const own = location === null ? { ...shared } : { ...shared, Location: location }
    partitions.set(partitionId(rest.values), { ...rest, descriptor: own })
  }
  return partitions
}

/**
 * Writes a table and its partitions to its file, atomically: a reader sees either all of it or the previous state.
 *
 * @param declared the template's declaration, by which a later read notices a changed one
 */
export async function writeTable(path: string, table: CatalogTable, declared: DeclaredTable): Promise<void> {
  const indices = new Map<string, number>()
  const descriptors: StorageDescriptor[] = []
  const ids = [...table.partitions.keys()].sort()
  const partitions = ids.map((id): StoredPartition => {
    const { descriptor, ...rest } = table.partitions.get(id)!
    const { Location, ...shared } = descriptor
    const text = JSON.stringify(shared)
    let index = indices.get(text)
    if (index === undefined) {
      index = descriptors.push(shared) - 1
      indices.set(text, index)
    }
    return { ...rest, location: Location ?? null, descriptor: index }
  })
  const { input, revision, createdAt, updatedAt } = table
  const file: TableFile = { revision, declared, input, createdAt, updatedAt, descriptors, partitions }
  await writeJsonFile(path, file)
}
