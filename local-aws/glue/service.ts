import {
  BatchCreatePartitionCommand,
  BatchGetPartitionCommand,
  CreatePartitionCommand,
  DeletePartitionCommand,
  GetCrawlerCommand,
  GetDatabaseCommand,
  GetPartitionCommand,
  GetPartitionsCommand,
  GetTableCommand,
  GetTablesCommand,
  StartCrawlerCommand,
  UpdatePartitionCommand,
  UpdateTableCommand,
  type PartitionInput,
} from '@aws-sdk/client-glue'
import { SYSTEM_CLOCK, type Clock } from '../clock.ts'
import { authorizeBy, type Authorize, type FileUse } from '../iam/access.ts'
import { jsonService, operation } from '../protocol/aws-json.ts'
import type { Faults } from '../protocol/faults.ts'
import { DEFAULT_PLACE, type Place } from '../protocol/place.ts'
import { AwsError, type Service } from '../protocol/service.ts'
import type { Complete } from '../protocol/shapes.ts'
import { glueAccesses } from './accesses.ts'
import { partitionAnswer, tableAnswer } from './answers.ts'
import { alreadyExists, noSuchPartition, openCatalog, type Catalog } from './catalog.ts'
import { openCrawlers, type CrawlData, type CrawlerDeclaration } from './crawlers.ts'
import { partitionId, type DeclaredTable, type PartitionChange } from './model.ts'
import { NAME, OF_TABLE, PAGE, PARTITION_INPUT, TABLE_INPUT } from './served.ts'

export { glueAccesses } from './accesses.ts'

/** Options of {@link glueService}. */
export interface GlueOptions {
  /** Folder of all state, in which tables and outcomes of crawls are stored. */
  readonly home: string
  /** Region and account in ARNs. @default us-east-1, account 000000000000 */
  readonly place?: Place
  /** Name of the only database. */
  readonly database: string
  /** Tables that exist; there is no operation that creates others. */
  readonly tables: readonly DeclaredTable[]
  /** Crawlers that can be started. */
  readonly crawlers: readonly CrawlerDeclaration[]
  /**
   * Returns the path of an object's file, or of a prefix's folder, such as `S3Service.filePath`. Crawlers read data
   * with it.
   */
  readonly filePath: (bucket: string, key: string, use: FileUse) => string
  /**
   * Called before each crawl. Returns the catalog and files to use, restricted to the permissions of the crawler's
   * role.
   * @default no restriction
   */
  readonly dataFor?: ((crawler: CrawlerDeclaration, data: CrawlData) => CrawlData) | undefined
  /**
   * Checks that the sender of a request has the permissions that it needs.
   * @throws AwsError AccessDeniedException
   * @default no check: every caller may do everything
   */
  readonly authorize?: Authorize | undefined
  /**
   * Awaited at the beginning of every crawl, before it reads anything.
   * @default no wait
   */
  readonly beforeCrawl?: ((crawler: string) => void | Promise<void>) | undefined
  /**
   * Clock for the times of tables, partitions and crawls, and for waits that faults put into crawls.
   * @default this machine's clock
   */
  readonly clock?: Clock | undefined
  /** Faults to inject into calls, and into the steps of crawls. @default none */
  readonly faults?: Faults | undefined
}

/** The local Glue: a catalog of one database, and crawlers. */
export interface GlueService extends Service {
  /** The catalog itself, for the local Athena and for updates of the stack. */
  readonly catalog: Catalog
  /** Replaces the declared crawlers; crawls in progress continue. */
  deployCrawlers(crawlers: readonly CrawlerDeclaration[]): void
  /** Resolves when no crawl is in progress. */
  idle(): Promise<void>
  /** Ends the waits that faults have put into crawls, and resolves when no crawl is in progress. */
  close(): Promise<void>
}

/**
 * Creates the local Glue: a Data Catalog with a single database, and the crawlers that add partitions to its tables.
 * Pass the result to `startEndpoint`. Calls for another database fail with EntityNotFoundException.
 */
export function glueService(options: GlueOptions): GlueService {
  const { clock = SYSTEM_CLOCK } = options
  const catalog = openCatalog({ ...options, clock })
  const crawlers = openCrawlers({ ...options, clock, catalog })
  const service = jsonService({
    signingName: 'glue',
    targetPrefix: 'AWSGlue',
    version: '1.1',
    badRequest: 'InvalidInputException',
    operations: {
      ...tableOperations(catalog),
      ...partitionReads(catalog),
      ...partitionWrites(catalog),
      StartCrawler: operation(StartCrawlerCommand, { Name: NAME }, async ({ Name }) => {
        await crawlers.start(Name)
        return {}
      }),
      GetCrawler: operation(GetCrawlerCommand, { Name: NAME }, async ({ Name }) => ({
        Crawler: await crawlers.get(Name),
      })),
    },
    writes: ['UpdateTable', 'CreatePartition', 'BatchCreatePartition', 'UpdatePartition', 'DeletePartition'],
    authorize: authorizeBy(options.authorize, glueAccesses(options.place ?? DEFAULT_PLACE)),
    faults: options.faults,
  })
  return {
    ...service,
    catalog,
    deployCrawlers: (changed) => crawlers.deploy(changed),
    idle: () => crawlers.idle(),
    close: () => crawlers.close(),
  }
}

function checkDatabase(catalog: Catalog, name: string): void {
  if (name === catalog.database) return
  throw new AwsError('EntityNotFoundException', `Database ${name} not found.`)
}

function tableOperations(catalog: Catalog) {
  const { database } = catalog
  return {
    GetDatabase: operation(GetDatabaseCommand, { Name: NAME }, ({ Name }) => {
      checkDatabase(catalog, Name)
      return { Database: { Name } }
    }),
    GetTable: operation(GetTableCommand, { DatabaseName: NAME, Name: NAME }, async (request) => {
      checkDatabase(catalog, request.DatabaseName)
      return { Table: tableAnswer(database, await catalog.table(request.Name)) }
    }),
    GetTables: operation(GetTablesCommand, { DatabaseName: NAME, ...PAGE }, async (request) => {
      const { DatabaseName, NextToken, MaxResults = 100 } = request
      checkDatabase(catalog, DatabaseName)
      const { items, next } = pageOf(catalog.tableNames, (name) => name, NextToken, MaxResults)
      const tables = await Promise.all(items.map((name) => catalog.table(name)))
      return { TableList: tables.map((table) => tableAnswer(database, table)), NextToken: next }
    }),
    UpdateTable: operation(
      UpdateTableCommand,
      { DatabaseName: NAME, TableInput: TABLE_INPUT },
      async ({ DatabaseName, TableInput }) => {
        checkDatabase(catalog, DatabaseName)
        if (!TableInput)
          throw new AwsError('InvalidInputException', 'TableInput: expected a table, found none.')
        await catalog.updateTable(TableInput.Name, TableInput)
        return {}
      },
    ),
  }
}

function partitionReads(catalog: Catalog) {
  const { database } = catalog
  return {
    GetPartition: operation(
      GetPartitionCommand,
      { ...OF_TABLE, PartitionValues: true },
      async ({ DatabaseName, TableName, PartitionValues }) => {
        checkDatabase(catalog, DatabaseName)
        const found = (await catalog.table(TableName)).partitions.get(partitionId(PartitionValues))
        if (!found) throw noSuchPartition(TableName, PartitionValues)
        return { Partition: partitionAnswer(database, TableName, found) }
      },
    ),
    GetPartitions: operation(
      GetPartitionsCommand,
      { ...OF_TABLE, ...PAGE, ExcludeColumnSchema: true },
      async (request) => {
        const { DatabaseName, TableName, NextToken, MaxResults = 1000, ExcludeColumnSchema } = request
        checkDatabase(catalog, DatabaseName)
        const all = [...(await catalog.table(TableName)).partitions.values()]
        const { items, next } = pageOf(all, ({ values }) => partitionId(values), NextToken, MaxResults)
        const answer = items.map((item) => partitionAnswer(database, TableName, item, ExcludeColumnSchema))
        return { Partitions: answer, NextToken: next }
      },
    ),
    BatchGetPartition: operation(
      BatchGetPartitionCommand,
      { ...OF_TABLE, PartitionsToGet: { each: true, count: [0, 1000] } },
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
      CreatePartitionCommand,
      { ...OF_TABLE, PartitionInput: PARTITION_INPUT },
      async ({ DatabaseName, TableName, PartitionInput }) => {
        checkDatabase(catalog, DatabaseName)
        await catalog.createPartition(TableName, changeOf(PartitionInput))
        return {}
      },
    ),
    BatchCreatePartition: operation(
      BatchCreatePartitionCommand,
      { ...OF_TABLE, PartitionInputList: { each: PARTITION_INPUT, count: [0, 100] } },
      async ({ DatabaseName, TableName, PartitionInputList }) => {
        checkDatabase(catalog, DatabaseName)
        const existing = await catalog.createPartitions(TableName, PartitionInputList.map(changeOf))
        const errors = existing.map((values) => {
          const { code, message } = alreadyExists(TableName, values)
          return { PartitionValues: [...values], ErrorDetail: { ErrorCode: code, ErrorMessage: message } }
        })
        return { Errors: errors }
      },
    ),
    UpdatePartition: operation(
      UpdatePartitionCommand,
      { ...OF_TABLE, PartitionValueList: { each: true, count: [0, 100] }, PartitionInput: PARTITION_INPUT },
      async ({ DatabaseName, TableName, PartitionValueList, PartitionInput }) => {
        checkDatabase(catalog, DatabaseName)
        const change = changeOf(PartitionInput)
        if (partitionId(PartitionValueList) !== partitionId(change.Values)) {
          throw new AwsError('InvalidInputException', 'UpdatePartition: new values are not implemented here.')
        }
        await catalog.updatePartition(TableName, change)
        return {}
      },
    ),
    DeletePartition: operation(
      DeletePartitionCommand,
      { ...OF_TABLE, PartitionValues: true },
      async ({ DatabaseName, TableName, PartitionValues }) => {
        checkDatabase(catalog, DatabaseName)
        await catalog.deletePartition(TableName, PartitionValues)
        return {}
      },
    ),
  }
}

/** Fills in absent values, which the schema allows; the catalog checks their number against the table. */
const changeOf = ({ Values = [], ...rest }: Complete<PartitionInput>): PartitionChange => ({
  Values,
  ...rest,
})

/** Returns the page of items after the one that `token` names. Items must be sorted by id. */
function pageOf<T>(items: readonly T[], id: (item: T) => string, token: string | undefined, size: number) {
  const after = token === undefined ? undefined : Buffer.from(token, 'base64url').toString()
  const rest = after === undefined ? items : items.filter((item) => id(item) > after)
  const page = rest.slice(0, size)
  const next = rest.length > size ? Buffer.from(id(page[page.length - 1]!)).toString('base64url') : undefined
  return { items: page, next }
}
