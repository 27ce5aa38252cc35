import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { parseS3Uri } from '../s3/s3-uri.ts'
import type { FileUse } from '../iam/access.ts'
import type { Catalog } from './catalog.ts'
import { partitionId, type CatalogTable, type PartitionChange } from './model.ts'
import { incompatibleColumns, parquetColumns } from './parquet-columns.ts'

export interface CrawlOptions {
  readonly catalog: Catalog
  readonly table: string
  readonly filePath: (bucket: string, key: string, use: FileUse) => string
  /** Called after each partition that was added. */
  readonly added: (values: readonly string[]) => Promise<void>
}

const PARQUET_SERDE = 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe'

/**
 * What a crawler does with a table that is its catalog target: folders under the table's Location that hold data and
 * have no partition get one; nothing else changes. Partitions are added in the order of their values.
 * https://docs.aws.amazon.com/glue/latest/dg/define-crawler.html
 *
 * @throws Error when a file's columns do not fit the table's, or the table is of a kind that is not crawled here
 */
export async function crawlTable({ catalog, table, filePath, added }: CrawlOptions): Promise<void> {
  const state = await catalog.table(table)
  const { location, folder, key } = targetOf(state, filePath)
  for (const value of await partitionValues(folder, key)) {
    if (state.partitions.has(partitionId([value]))) continue
    const name = `${key}=${encodeURIComponent(value)}`
    const fileName = await firstDataFile(join(folder, name))
    if (fileName === undefined) continue
    const { bucket, key: objectKey } = parseS3Uri(`${location}${name}/${fileName}`)!
    if (!(await fits(filePath(bucket, objectKey, 'read'), state))) continue
    const partition = { ...state.input.StorageDescriptor, Location: `${location}${name}/` }
    if (await add(catalog, table, { Values: [value], StorageDescriptor: partition })) await added([value])
  }
}

function targetOf(table: CatalogTable, filePath: CrawlOptions['filePath']) {
  const { StorageDescriptor: descriptor, PartitionKeys: keys = [] } = table.input
  const location = `${descriptor?.Location?.replace(/\/$/, '') ?? ''}/`
  const uri = parseS3Uri(location)
  const library = descriptor?.SerdeInfo?.SerializationLibrary
  if (!uri || keys.length !== 1 || library !== PARQUET_SERDE) {
    throw new Error(
      `Table ${table.name}: only Parquet tables in S3 with one partition key can be crawled here, ` +
        `found ${library ?? 'no SerDe'}, ${keys.length} keys, location "${location}".`,
    )
  }
  return { location, folder: filePath(uri.bucket, uri.key, 'list'), key: keys[0]!.Name }
}

async function partitionValues(folder: string, key: string): Promise<string[]> {
  const entries = await orNone(readdir(folder, { withFileTypes: true }))
  const names = entries.filter((entry) => entry.isDirectory() && entry.name.startsWith(`${key}=`))
  return names.map(({ name }) => decodeURIComponent(name.slice(key.length + 1))).sort()
}

/** Name of the first file that Athena would read: names that begin with `_` or `.` and empty files are not data. */
async function firstDataFile(folder: string): Promise<string | undefined> {
  const names = (await orNone(readdir(folder))).sort().filter((name) => !/^[_.]/.test(name))
  for (const name of names) {
    const [found] = await orNone(stat(join(folder, name)).then((stats) => [stats]))
    if (found?.isFile() && found.size > 0) return name
  }
  return undefined
}

/** False for a file that is gone by now. */
async function fits(file: string, table: CatalogTable): Promise<boolean> {
  const [columns] = await orNone(parquetColumns(file).then((found) => [found]))
  if (!columns) return false
  const problems = incompatibleColumns(columns, table.input.StorageDescriptor?.Columns ?? [])
  if (problems.length === 0) return true
  throw new Error(`Table ${table.name}: ${file} does not fit its columns. ${problems.join('; ')}.`)
}

/** False where somebody else has made the partition meanwhile. */
async function add(catalog: Catalog, table: string, change: PartitionChange): Promise<boolean> {
  const existing = await catalog.createPartitions(table, [change])
  return existing.length === 0
}

async function orNone<T>(reading: Promise<T[]>): Promise<T[]> {
  try {
    return await reading
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
