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

/** A table as a query sees it: files that can no longer be replaced. */
export interface Snapshot {
  readonly table: CatalogTable
  /** Root of `<folder>/<key>=<value>/…/<n>.<extension>`; empty if there are no files. */
  readonly folder: string
  readonly files: readonly FixedFile[]
  readonly bytes: number
  /**
   * Checks that every object is still the one that was fixed. Athena reads objects while it runs and fails if one is
   * replaced or deleted meanwhile: https://docs.aws.amazon.com/athena/latest/ug/troubleshooting-athena.html
   *
   * @throws QueryError HIVE_FILESYSTEM_ERROR
   */
  check(): Promise<void>
}

/** An object of a table whose file is fixed by a hard link at `path`. */
export interface FixedFile extends TableFile {
  readonly path: string
}

/** One listing of a place of a table by a query. Times are milliseconds since 1970. */
export interface Listing {
  /** QueryExecutionId. */
  readonly query: string
  readonly table: string
  /** Values of the partition; empty if the table is a single place. */
  readonly values: readonly string[]
  readonly location: string
  /** Time at which the catalog returned the location. */
  readonly resolvedAt: number
  readonly listedAt: number
  /** Keys of the objects that the query reads. */
  readonly keys: readonly string[]
}

/** Hooks into the progress of a query, and its clock. */
export interface Pace {
  readonly clock: Clock
  /** Awaited before a step. */
  readonly before: (step: Step) => Promise<void>
  /** Called for every place that has been listed. */
  readonly listed: (listing: Omit<Listing, 'query'>) => void
}

/** A table to fix, and where its files go. */
export interface SnapshotOptions {
  readonly catalog: Catalog
  readonly store: ObjectStore
  readonly pace: Pace
  readonly table: string
  /** A folder of the query's own, on the file system of the objects. */
  readonly folder: string
}

const FILES_AT_ONCE = 16

/**
 * Fixes the files of a table by hard links, place by place: each is listed in turn, by the Location that the catalog
 * returned when asked, whatever it would return by then. Athena does the same (Trino's BackgroundHiveSplitLoader): as
 * much as the length of a query can pass between Location and listing.
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

/** Returns the folders of a partition, named as in Hive but encoded so that no value leads elsewhere. */
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
