import { constants } from 'node:fs'
import { copyFile, link, mkdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Catalog } from '../../glue/catalog.ts'
import type { CatalogTable } from '../../glue/model.ts'
import { QueryError } from '../sql/query-error.ts'
import { samePartitions, tableFiles, type ObjectStore, type TableFile } from './table-files.ts'

/** A table as a query sees it: files that nobody replaces any more. */
export interface Snapshot {
  readonly table: CatalogTable
  /** `<folder>/<key>=<value>/…/<n>.<ending>`; without files it is empty. */
  readonly folder: string
  readonly files: readonly FixedFile[]
  readonly bytes: number
  /**
   * Says that every object is still the one that was fixed. Athena reads objects while it runs and fails when one
   * was replaced or deleted meanwhile: https://docs.aws.amazon.com/athena/latest/ug/troubleshooting-athena.html
   *
   * @throws QueryError HIVE_FILESYSTEM_ERROR
   */
  check(): Promise<void>
}

/** An object of a table, fixed. */
export interface FixedFile extends TableFile {
  readonly path: string
}

export interface SnapshotOptions {
  readonly catalog: Catalog
  readonly store: ObjectStore
  readonly table: string
  /** A folder of the query's own, on the file system of the objects. */
  readonly folder: string
}

const MAX_RESOLUTIONS = 5
const FILES_AT_ONCE = 16

/**
 * Fixes the files of a table by hard links. When partitions change while they are listed, it begins again: listing
 * one partition's Location before it is switched and another file set after would show rows twice.
 *
 * @throws QueryError HIVE_FILESYSTEM_ERROR when objects vanish while they are fixed, or partitions keep changing
 */
export async function takeSnapshot(options: SnapshotOptions): Promise<Snapshot> {
  const { catalog, store, table: name } = options
  for (let attempt = 0; attempt < MAX_RESOLUTIONS; attempt += 1) {
    const table = await catalog.table(name)
    const files = await tableFiles(store, table)
    if (samePartitions(table, await catalog.table(name))) return fix(options, table, files)
  }
  throw new QueryError(
    'HIVE_FILESYSTEM_ERROR',
    `Table ${name}: its partitions changed while they were listed.`,
  )
}

async function fix(
  { store, folder }: SnapshotOptions,
  table: CatalogTable,
  files: readonly TableFile[],
): Promise<Snapshot> {
  const made = new Set<string>()
  const fixed = await inBatches([...files.entries()], async ([index, file]) => {
    const source = store.filePath(file.bucket, file.key, 'read')
    const target = join(folder, ...partitionFolders(table, file.values), `${index}${ending(file.key)}`)
    if (!made.has(dirname(target))) {
      await mkdir(dirname(target), { recursive: true })
      made.add(dirname(target))
    }
    return { ...file, path: target, source, identity: await fixFile(file.key, source, target) }
  })
  return {
    table,
    folder,
    files: fixed,
    bytes: files.reduce((sum, { size }) => sum + size, 0),
    async check() {
      await inBatches(fixed, async ({ key, source, identity }) => {
        if ((await identityOf(source)) !== identity) throw vanished(key)
      })
    },
  }
}

/** Folders for a partition, as Hive names them: whatever a key is called, it names no other folder. */
export function partitionFolders(table: CatalogTable, values: readonly string[]): string[] {
  const keys = table.input.PartitionKeys ?? []
  return values.map((value, index) => {
    const name = keys[index]!.Name.replaceAll('/', '%2F')
    return `${name}=${encodeURIComponent(value)}`
  })
}

/** DuckDB tells gzip by the ending. */
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
    // No hard links here: a copy is as fixed. Identity is compared after it all the same.
    await copyFile(source, target, constants.COPYFILE_FICLONE)
  }
  return identity
}

/** What tells an object's file from one that has taken its place; undefined where there is none. */
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
