import { isDeepStrictEqual } from 'node:util'
import type { FileUse } from '../iam/access.ts'
import type { StepFault } from '../protocol/steps.ts'
import type { Catalog } from './catalog.ts'
import { findFolders, type FoundFolder } from './crawl-folders.ts'
import type { CrawlPolicy } from './crawl-policy.ts'
import { partitionId, type CatalogTable, type Column, type StorageDescriptor } from './model.ts'

/** Table to crawl, the policy for it, and who hears of each step. */
export interface CrawlOptions {
  readonly catalog: Catalog
  readonly table: string
  readonly policy: CrawlPolicy
  readonly filePath: (bucket: string, key: string, use: FileUse) => string
  /** Awaited when everything is listed and nothing is written yet. */
  readonly beforeWriting: () => Promise<StepFault>
  /** Called after each change, with the values of the partition; empty for a change of the table. */
  readonly wrote: (
    operation: 'CreatePartition' | 'UpdatePartition' | 'UpdateTable',
    values: readonly string[],
  ) => Promise<void>
}

/**
 * Crawls a table that is a crawler's catalog target: first lists the folders under its Location that contain data, then
 * writes: folders without a partition get one, and the policy decides the rest. The catalog may have changed in
 * between. Partitions are written in the order of their values.
 * https://docs.aws.amazon.com/glue/latest/dg/define-crawler.html
 *
 * @throws Error if a file's columns do not fit the table's, or the table is of a kind that is not crawled here
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
