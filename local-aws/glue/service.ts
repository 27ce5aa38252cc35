import type { z } from 'zod'
import type { Faults } from '../protocol/faults.ts'
import { parseRequest } from '../protocol/request.ts'
import type { FileUse } from '../iam/access.ts'
import type { Data } from '../stack/on-behalf.ts'
import {
  AwsError,
  jsonService,
  type JsonOperation,
  type JsonServiceOptions,
  type Service,
} from '../protocol/service.ts'
import { partitionAnswer, tableAnswer } from './answers.ts'
import { alreadyExists, noSuchPartition, openCatalog, type Catalog } from './catalog.ts'
import { openCrawlers, type CrawlerDeclaration } from './crawlers.ts'
import { partitionId, type DeclaredTable } from './model.ts'
import * as requests from './requests.ts'

export interface GlueOptions {
  readonly home: string
  readonly database: string
  readonly tables: readonly DeclaredTable[]
  readonly crawlers: readonly CrawlerDeclaration[]
  /** The file, or the folder, that a key or a prefix of a bucket is. */
  readonly filePath: (bucket: string, key: string, use: FileUse) => string
  /**
   * What a crawler works on with its own permissions.
   * @default everything
   */
  readonly dataFor?: ((crawler: CrawlerDeclaration, data: Data) => Data) | undefined
  /**
   * @throws AwsError AccessDeniedException
   * @default everybody may do everything
   */
  readonly authorize?: JsonServiceOptions['authorize']
  /**
   * Awaited by every crawl before it looks at anything.
   * @default nothing
   */
  readonly beforeCrawl?: ((crawler: string) => void | Promise<void>) | undefined
  /** @default the service behaves */
  readonly faults?: Faults | undefined
}

/** The local Glue. `idle` resolves when no crawl is under way. */
export interface GlueService extends Service {
  readonly catalog: Catalog
  idle(): Promise<void>
}

const PAGE = 1000
const WRITES = [
  'UpdateTable',
  'CreatePartition',
  'BatchCreatePartition',
  'UpdatePartition',
  'DeletePartition',
]

/** Glue's catalog of one database and its crawlers. */
export function glueService(options: GlueOptions): GlueService {
  const catalog = openCatalog(options)
  const crawlers = openCrawlers({ ...options, catalog })
  const operations = {
    ...tableOperations(catalog),
    ...partitionReads(catalog),
    ...partitionWrites(catalog),
    StartCrawler: operation(requests.crawlerName, ({ Name }) => crawlers.start(Name)),
    GetCrawler: operation(requests.crawlerName, async ({ Name }) => ({ Crawler: await crawlers.get(Name) })),
  }
  const { faults } = options
  const service = jsonService({
    signingName: 'glue',
    targetPrefix: 'AWSGlue',
    version: '1.1',
    operations,
    writes: WRITES,
    authorize: options.authorize,
    faults,
  })
  return { ...service, catalog, idle: () => crawlers.idle() }
}

function operation<T>(schema: z.ZodType<T>, run: (request: T) => Promise<unknown>): JsonOperation {
  return async (input: unknown) => run(parseRequest(schema, input, 'InvalidInputException'))
}

function checkDatabase(catalog: Catalog, name: string): void {
  if (name === catalog.database) return
  throw new AwsError('EntityNotFoundException', `Database ${name} not found.`)
}

function tableOperations(catalog: Catalog) {
  const { database } = catalog
  return {
    GetDatabase: operation(requests.getDatabase, ({ Name }) => {
      checkDatabase(catalog, Name)
      return Promise.resolve({ Database: { Name } })
    }),
    GetTable: operation(requests.getTable, async ({ DatabaseName, Name }) => {
      checkDatabase(catalog, DatabaseName)
      return { Table: tableAnswer(database, await catalog.table(Name)) }
    }),
    GetTables: operation(requests.getTables, async ({ DatabaseName, NextToken, MaxResults = 100 }) => {
      checkDatabase(catalog, DatabaseName)
      const { items, next } = pageOf(catalog.tableNames, (name) => name, NextToken, MaxResults)
      const tables = await Promise.all(items.map((name) => catalog.table(name)))
      return { TableList: tables.map((table) => tableAnswer(database, table)), NextToken: next }
    }),
    UpdateTable: operation(requests.updateTable, async ({ DatabaseName, TableInput }) => {
      checkDatabase(catalog, DatabaseName)
      await catalog.updateTable(TableInput.Name, TableInput)
    }),
  }
}

function partitionReads(catalog: Catalog) {
  const { database } = catalog
  return {
    GetPartition: operation(requests.getPartition, async ({ DatabaseName, TableName, PartitionValues }) => {
      checkDatabase(catalog, DatabaseName)
      const found = (await catalog.table(TableName)).partitions.get(partitionId(PartitionValues))
      if (!found) throw noSuchPartition(TableName, PartitionValues)
      return { Partition: partitionAnswer(database, TableName, found) }
    }),
    GetPartitions: operation(requests.getPartitions, async (request) => {
      const { DatabaseName, TableName, NextToken, MaxResults = PAGE, ExcludeColumnSchema } = request
      checkDatabase(catalog, DatabaseName)
      const all = [...(await catalog.table(TableName)).partitions.values()]
      const { items, next } = pageOf(all, ({ values }) => partitionId(values), NextToken, MaxResults)
      const answer = items.map((item) => partitionAnswer(database, TableName, item, ExcludeColumnSchema))
      return { Partitions: answer, NextToken: next }
    }),
    BatchGetPartition: operation(
      requests.batchGetPartition,
      async ({ DatabaseName, TableName, PartitionsToGet }) => {
        checkDatabase(catalog, DatabaseName)
        const { partitions } = await catalog.table(TableName)
        const found = PartitionsToGet.flatMap(({ Values }) => partitions.get(partitionId(Values)) ?? [])
        const answer = found.map((item) => partitionAnswer(database, TableName, item))
        return { Partitions: answer, UnprocessedKeys: [] }
      },
    ),
  }
}

function partitionWrites(catalog: Catalog) {
  return {
    CreatePartition: operation(
      requests.createPartition,
      async ({ DatabaseName, TableName, PartitionInput }) => {
        checkDatabase(catalog, DatabaseName)
        await catalog.createPartition(TableName, PartitionInput)
      },
    ),
    BatchCreatePartition: operation(requests.batchCreatePartition, async (request) => {
      checkDatabase(catalog, request.DatabaseName)
      const existing = await catalog.createPartitions(request.TableName, request.PartitionInputList)
      const errors = existing.map((values) => {
        const { code, message } = alreadyExists(request.TableName, values)
        return { PartitionValues: values, ErrorDetail: { ErrorCode: code, ErrorMessage: message } }
      })
      return { Errors: errors }
    }),
    UpdatePartition: operation(requests.updatePartition, async (request) => {
      checkDatabase(catalog, request.DatabaseName)
      if (partitionId(request.PartitionValueList) !== partitionId(request.PartitionInput.Values)) {
        throw new AwsError('InvalidInputException', 'UpdatePartition: new values are not implemented here.')
      }
      await catalog.updatePartition(request.TableName, request.PartitionInput)
    }),
    DeletePartition: operation(
      requests.deletePartition,
      async ({ DatabaseName, TableName, PartitionValues }) => {
        checkDatabase(catalog, DatabaseName)
        await catalog.deletePartition(TableName, PartitionValues)
      },
    ),
  }
}

/** The items after the one that `token` names, which is the last of the page before. Items are sorted by id. */
function pageOf<T>(items: readonly T[], id: (item: T) => string, token: string | undefined, size: number) {
  const after = token === undefined ? undefined : Buffer.from(token, 'base64url').toString()
  const rest = after === undefined ? items : items.filter((item) => id(item) > after)
  const page = rest.slice(0, size)
  const next = rest.length > size ? Buffer.from(id(page[page.length - 1]!)).toString('base64url') : undefined
  return { items: page, next }
}
