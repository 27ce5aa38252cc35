import { constants } from 'node:fs'
import { copyFile, link, mkdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Catalog } from '../../glue/catalog.ts'
import { partitionId, type CatalogPartition, type CatalogTable } from '../../glue/model.ts'
import type { Clock } from '../../clock.ts'
import type { Step } from '../../protocol/steps.ts'
import { QueryError } from '../sql/query-error.ts'
import { placeKey, placesOf, type Place } from './places.ts'
import { listPlace, type ObjectStore, type TableFile } from './table-files.ts'

/** The state of a table that a query reads: files that do not change any more, whatever happens to their objects. */
export interface Snapshot {
  /** The table with those partitions that the query reads, as the catalog returned them. */
  readonly table: CatalogTable
  /** Folder below which the files lie as `<key>=<value>/…/<n><extension>`. */
  readonly folder: string
  readonly files: readonly FixedFile[]
  /** Total size of the files, in bytes. */
  readonly bytes: number
  /**
   * Checks that no object was replaced or deleted since its file was fixed. A query of Athena, which reads objects
   * while it runs, fails in that case: https://docs.aws.amazon.com/athena/latest/ug/troubleshooting-athena.html
   *
   * @throws QueryError HIVE_FILESYSTEM_ERROR
   */
  check(): Promise<void>
}

/**
 * An object of a table and the file that a query reads in its place: a hard link to the object's file or, where links
 * are not possible, a copy.
 */
export interface FixedFile extends TableFile {
  readonly path: string
}

/** Report of a query about a folder that it has listed. Times are milliseconds since 1970. */
export interface Listing {
  /** QueryExecutionId of the query. */
  readonly query: string
  readonly table: string
  /** Values of the partition; empty if the folder belongs to the table as a whole. */
  readonly values: readonly string[]
  /** `s3://` URI of the folder. */
  readonly location: string
  /** Time at which the catalog returned the location. */
  readonly resolvedAt: number
  /** Time at which the folder was listed. */
  readonly listedAt: number
  /** Keys of the objects that the query reads. */
  readonly keys: readonly string[]
}

/** Clock of a query, and hooks by which tests observe and delay its steps. */
export interface Pace {
  readonly clock: Clock
  /** Awaited before each step that the query takes. */
  readonly before: (step: Step) => Promise<void>
  /** Called after a folder has been listed. */
  readonly listed: (listing: Omit<Listing, 'query'>) => void
}

/** Options of {@link takeSnapshot}. */
export interface SnapshotOptions {
  readonly catalog: Catalog
  readonly store: ObjectStore
  readonly pace: Pace
  /** Name of the table. */
  readonly table: string
  /**
   * Folder for the links to the table's files. It belongs to this query alone and is on the file system of the objects.
   */
  readonly folder: string
}

const FILES_AT_ONCE = 16

/**
 * Fixes the files that a query reads of a table, by hard links. It lists one folder after another, each by the Location
 * that the catalog returned earlier, even if the Location has changed since. Athena does the same (Trino's
 * BackgroundHiveSplitLoader): up to the length of a query can pass between the two.
 *
 * @throws QueryError HIVE_FILESYSTEM_ERROR if an object is gone before it is fixed
 */
export async function takeSnapshot(options: SnapshotOptions): Promise<Snapshot> {
  const { catalog, pace, folder } = options
  const table = await catalog.table(options.table)
  const partitions = new Map<string, CatalogPartition>()
  const files: Fixed[] = []
  for await (const place of placesOf(catalog, table, pace.clock)) {
    const { partition } = place
    if (partition) partitions.set(partitionId(partition.values), partition)
    files.push(...(await fixPlace(options, table, place, files.length)))
  }
  return {
    table: { ...table, partitions: new Map([...partitions].reverse()) },
    folder,
    files,
    bytes: files.reduce((sum, { size }) => sum + size, 0),
    async check() {
      await inBatches(files, async ({ key, source, identity }) => {
        if ((await identityOf(source)) !== identity) throw vanished(key)
      })
    },
  }
}

interface Fixed extends FixedFile {
  readonly source: string
  readonly identity: string
}

/**
 * Lists the files of a place and fixes them.
 *
 * @param count number of files fixed before
 */
async function fixPlace(
  { store, pace, folder }: SnapshotOptions,
  table: CatalogTable,
  place: Place,
  count: number,
): Promise<Fixed[]> {
  const key = placeKey(table, place)
  await pace.before({ name: 'list-folder', key })
  const files = await listPlace(store, table, place)
  const { partition, location = '', resolvedAt } = place
  pace.listed({
    table: table.name,
    values: partition?.values ?? [],
    location,
    resolvedAt,
    listedAt: pace.clock.now(),
    keys: files.map(({ key }) => key),
  })
  await pace.before({ name: 'open-files', key })
  const made = new Set<string>()
  return inBatches([...files.entries()], async ([index, file]) => {
    const source = store.filePath(file.bucket, file.key, 'read')
    const name = `${count + index}${ending(file.key)}`
    const target = join(folder, ...partitionFolders(table, file.values), name)
    if (!made.has(dirname(target))) {
      await mkdir(dirname(target), { recursive: true })
      made.add(dirname(target))
    }
    return { ...file, path: target, source, identity: await fixFile(file.key, source, target) }
  })
}

/**
 * Returns the names of the nested folders for a partition, `<key>=<value>` as in Hive. Values are URL-encoded, so that
 * none leads out of its parent folder.
 */
export function partitionFolders(table: CatalogTable, values: readonly string[]): string[] {
  const keys = table.input.PartitionKeys ?? []
  return values.map((value, index) => {
    const name = keys[index]!.Name.replaceAll('/', '%2F')
    return `${name}=${encodeURIComponent(value)}`
  })
}

/** Returns the extension by which DuckDB recognizes gzip. */
const ending = (key: string) => (key.endsWith('.gz') ? '.gz' : '')

async function fixFile(key: string, source: string, target: string): Promise<string> {
  const identity = await identityOf(source)
  if (identity === undefined) throw vanished(key)
  try {
    await link(source, target)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') throw vanished(key)
    if (code !== 'EXDEV' && code !== 'EPERM') throw error
    // No hard links here: a copy is as fixed. Its identity is compared afterwards all the same.
    await copyFile(source, target, constants.COPYFILE_FICLONE)
  }
  return identity
}

/** Returns a text that changes if another file takes the place of an object's; undefined if there is none. */
async function identityOf(path: string): Promise<string | undefined> {
  try {
    const { ino, size, mtimeNs } = await stat(path, { bigint: true })
    return `${ino} ${size} ${mtimeNs}`
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function vanished(key: string): QueryError {
  return new QueryError(
    'HIVE_FILESYSTEM_ERROR',
    `${key} was replaced or deleted while the query ran (NoSuchKey). Run the query again.`,
  )
}

async function inBatches<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  for (let at = 0; at < items.length; at += FILES_AT_ONCE) {
    results.push(...(await Promise.all(items.slice(at, at + FILES_AT_ONCE).map(work))))
  }
  return results
}
