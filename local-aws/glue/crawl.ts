import { isDeepStrictEqual } from 'node:util'
import type { FileUse } from '../iam/access.ts'
import type { StepFault } from '../protocol/steps.ts'
import type { Catalog } from './catalog.ts'
import { findFolders, type FoundFolder } from './crawl-folders.ts'
import type { CrawlPolicy } from './crawl-policy.ts'
import { partitionId, type CatalogTable, type Column, type StorageDescriptor } from './model.ts'

/** Options of {@link crawlTable}. */
export interface CrawlOptions {
  readonly catalog: Catalog
  /** Name of the table to crawl. */
  readonly table: string
  readonly policy: CrawlPolicy
  /**
   * Returns the path of an object's file, or of a prefix's folder; throws if the crawler's role does not allow the use.
   */
  readonly filePath: (bucket: string, key: string, use: FileUse) => string
  /** Awaited after all folders have been listed and before the catalog is changed. Its result is the fault to apply. */
  readonly beforeWriting: () => Promise<StepFault>
  /**
   * Awaited after each change of the catalog. `values` are those of the changed partition; empty for a change of the
   * table.
   */
  readonly wrote: (
    operation: 'CreatePartition' | 'UpdatePartition' | 'UpdateTable',
    values: readonly string[],
  ) => Promise<void>
}

/**
 * Crawls one table. It first lists all folders below the table's Location that contain data, then writes to the
 * catalog: each folder without a partition gets one, and the policy decides whether columns are updated. The catalog
 * may change between listing and writing, as on AWS. Partitions are written in the order of their values.
 * https://docs.aws.amazon.com/glue/latest/dg/define-crawler.html
 *
 * @throws Error if a new folder's columns do not fit the table's, or the table is not Parquet in S3 with a single
 * partition key
 */
export async function crawlTable(options: CrawlOptions): Promise<void> {
  const { catalog, policy, filePath } = options
  const state = await catalog.table(options.table)
  const folders = await findFolders(state, filePath, policy.updates)
  const { setsLocations = false } = await options.beforeWriting()
  const columns = policy.updates ? await updateColumns(options, folders) : columnsOf(state)
  for (const folder of folders) {
    const own = policy.inheritsColumns ? columns : (folder.columns ?? columns)
    if (state.partitions.has(partitionId([folder.value]))) {
      await updateKnown(options, folder, { setsLocations, ...(policy.updates && { columns: own }) })
    } else {
      await addNew(options, state, folder, own)
    }
  }
}

const columnsOf = ({ input }: CatalogTable) => input.StorageDescriptor?.Columns ?? []

/** Gives the table the columns that the policy demands, and returns them. */
async function updateColumns(
  { catalog, table, policy, wrote }: CrawlOptions,
  folders: readonly FoundFolder[],
): Promise<Column[]> {
  const { input, ...state } = await catalog.table(table)
  const known = columnsOf({ input, ...state })
  const columns = withNew(policy.mergesColumns ? known : [], folders)
  if (columns.length === 0 || isDeepStrictEqual(columns, known)) return known
  const StorageDescriptor = { ...input.StorageDescriptor, Columns: columns }
  await catalog.updateTable(table, { ...input, StorageDescriptor })
  await wrote('UpdateTable', [])
  return columns
}

function withNew(known: readonly Column[], folders: readonly FoundFolder[]): Column[] {
  const byName = new Map(known.map((column) => [column.Name, column]))
  for (const { columns = [] } of folders) {
    for (const column of columns) if (!byName.has(column.Name)) byName.set(column.Name, column)
  }
  return [...byName.values()]
}

async function updateKnown(
  { catalog, table, wrote }: CrawlOptions,
  { value, location }: FoundFolder,
  { setsLocations, columns }: { readonly setsLocations: boolean; readonly columns?: readonly Column[] },
): Promise<void> {
  const alter = (descriptor: StorageDescriptor) => ({
    ...descriptor,
    ...(columns && { Columns: [...columns] }),
    ...(setsLocations && { Location: location }),
  })
  if (await catalog.alterPartition(table, [value], alter)) await wrote('UpdatePartition', [value])
}

async function addNew(
  { catalog, table, wrote }: CrawlOptions,
  { input }: CatalogTable,
  { value, location, problem }: FoundFolder,
  columns: readonly Column[],
): Promise<void> {
  if (problem !== undefined) throw new Error(problem)
  const StorageDescriptor = { ...input.StorageDescriptor, Columns: [...columns], Location: location }
  const existing = await catalog.createPartitions(table, [{ Values: [value], StorageDescriptor }])
  // Another writer may have created it meanwhile.
  if (existing.length === 0) await wrote('CreatePartition', [value])
}
