import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { parseS3Uri } from '../s3/s3-uri.ts'
import type { FileUse } from '../iam/access.ts'
import { partitionId, type CatalogTable, type Column } from './model.ts'
import { incompatibleColumns, parquetColumns } from './parquet-columns.ts'

type FilePath = (bucket: string, key: string, use: FileUse) => string

/** A folder below a table's Location that a crawl has found and that contains data: a partition, known or new. */
export interface FoundFolder {
  /** Value of the partition key in the folder's name, URL-decoded. */
  readonly value: string
  /** `s3://` URI of the folder, with a slash at its end. */
  readonly location: string
  /** Columns of the folder's first file; absent for a known partition whose file was not read. */
  readonly columns?: readonly Column[]
  /**
   * Message about columns that do not fit the table's; a new folder with such columns fails the crawl. Undefined if
   * they fit.
   */
  readonly problem?: string | undefined
}

const PARQUET_SERDE = 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe'

/**
 * Lists the folders below a table's Location that contain data, sorted by partition value. In each new folder, it reads
 * the columns of the first file from the file's footer.
 *
 * @param readsAll true if the columns of folders that have a partition already are read, too
 *
 * @throws Error for a table that is not Parquet in S3 with a single partition key
 */
export async function findFolders(
  table: CatalogTable,
  filePath: FilePath,
  readsAll: boolean,
): Promise<FoundFolder[]> {
  const { location, folder, key } = targetOf(table, filePath)
  const found: FoundFolder[] = []
  for (const value of await partitionValues(folder, key)) {
    const name = `${key}=${encodeURIComponent(value)}`
    const fileName = await firstDataFile(join(folder, name))
    if (fileName === undefined) continue
    const isNew = !table.partitions.has(partitionId([value]))
    const place = { value, location: `${location}${name}/` }
    if (!isNew && !readsAll) {
      found.push(place)
      continue
    }
    const { bucket, key: objectKey } = parseS3Uri(`${place.location}${fileName}`)!
    const file = filePath(bucket, objectKey, 'read')
    const [columns] = await orNone(parquetColumns(file).then((read) => [read]))
    // The file is gone by now.
    if (!columns) continue
    found.push({ ...place, columns, problem: problemOf(table, file, columns) })
  }
  return found
}

function targetOf(table: CatalogTable, filePath: FilePath) {
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

/**
 * Returns the name of the first file that Athena would read: names with `_` or `.` first and empty files are no data.
 */
async function firstDataFile(folder: string): Promise<string | undefined> {
  const names = (await orNone(readdir(folder))).sort().filter((name) => !/^[_.]/.test(name))
  for (const name of names) {
    const [found] = await orNone(stat(join(folder, name)).then((stats) => [stats]))
    if (found?.isFile() && found.size > 0) return name
  }
  return undefined
}

function problemOf(table: CatalogTable, file: string, columns: readonly Column[]): string | undefined {
  const problems = incompatibleColumns(columns, table.input.StorageDescriptor?.Columns ?? [])
  if (problems.length === 0) return undefined
  return `Table ${table.name}: ${file} does not fit its columns. ${problems.join('; ')}.`
}

async function orNone<T>(reading: Promise<T[]>): Promise<T[]> {
  try {
    return await reading
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
